"""App configuration."""

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Conversations, messages, presence, calls."""

    name = "chat"
    label = "chat"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Wire what the messenger hears of the apps below."""
        from chat import consumers, subscribers
        from core import events, realtime
        from social.graph.events import BlockCreated

        events.subscribe(BlockCreated, subscribers.refilter_after_block)
        realtime.register_guard(subscribers.still_inside)
        consumers.wire()
