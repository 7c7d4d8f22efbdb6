"""App configuration."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Tells people who are away of messages and calls."""

    name = "notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Wire what becomes a push."""
        from accounts.events import SessionRevoked
        from chat.events import CallMissed, CallRang, MessageRequested, MessageSent
        from core import events
        from notifications import subscribers

        events.foresee(MessageSent, subscribers.on_message)
        events.foresee(MessageRequested, subscribers.on_request)
        events.foresee(CallMissed, subscribers.on_missed_call)
        events.foresee(CallRang, subscribers.on_ring)
        events.subscribe(SessionRevoked, subscribers.on_signed_out)
