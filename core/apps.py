"""App configuration."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Ground everything stands on: errors, events, jobs, limits, files, HTTP bases."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"
