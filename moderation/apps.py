"""App configuration."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Reports, cases, decisions, appeals."""

    name = "moderation"
    label = "moderation"
    default_auto_field = "django.db.models.BigAutoField"
