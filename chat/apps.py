"""App configuration."""

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Conversations, messages, presence, calls."""

    name = "chat"
    label = "chat"
    default_auto_field = "django.db.models.BigAutoField"
