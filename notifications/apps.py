"""App configuration."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Turns events into notices, badges and pushes."""

    name = "notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
