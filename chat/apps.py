"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ChatConfig(AppConfig):
    """Conversations, messages, presence, calls."""

    name = "chat"
    label = "chat"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Wire what the messenger hears of the apps below."""
        from accounts.events import AccountDeactivated, UserSuspended
        from chat import call_operations, consumers, search_index, subscribers
        from core import events, realtime
        from social.graph.events import BlockCreated, FriendshipEnded, FriendshipMade

        events.subscribe(BlockCreated, subscribers.refilter_after_block)
        events.subscribe(BlockCreated, subscribers.end_call_after_block)
        events.subscribe(FriendshipMade, subscribers.refilter_after_meeting)
        events.subscribe(FriendshipEnded, subscribers.refilter_after_parting)
        events.subscribe(UserSuspended, subscribers.end_calls_of_suspended)
        events.subscribe(AccountDeactivated, subscribers.end_calls_of_deactivated)
        realtime.register_guard(subscribers.still_inside)
        consumers.wire()
        call_operations.wire()
        post_migrate.connect(search_index.after_migrate, sender=self, dispatch_uid="chat.search")
