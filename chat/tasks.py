"""Background duties of the messenger."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from chat import services
from chat.models import ConversationEvent
from chat.services import group_calls
from core import jobs
from core.ids import parse_uuid

EVENTS_KEPT = timedelta(days=30)


@shared_task(name="chat.sweep")
def sweep() -> None:
    """Forget old events and files never sent; go on with removed themes whose job got lost."""
    before = timezone.now() - EVENTS_KEPT
    old = ConversationEvent.objects.filter(created_at__lt=before)
    ConversationEvent.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:5000])).delete()
    services.forget_unsent()
    for theme_id in services.removed_ids():
        jobs.enqueue("chat.take_theme_off", str(theme_id))


@shared_task(name="chat.take_theme_off")
def take_theme_off(theme_id: str) -> None:
    """Take a removed theme off its rooms, some at a time."""
    key = parse_uuid(theme_id)
    if key is not None and not services.take_off(key):
        jobs.enqueue("chat.take_theme_off", theme_id)


@shared_task(name="chat.put_out_of_call")
def put_out_of_call(conversation_id: str, user_id: str) -> None:
    """Put somebody who left a group out of its call; what fails is made good by the next look."""
    room, user = parse_uuid(conversation_id), parse_uuid(user_id)
    if room is not None and user is not None:
        group_calls.put_out(conversation_id=room, user_id=user)


@shared_task(name="chat.look_after_group_calls")
def look_after_group_calls() -> None:
    """Put out whoever may not be in a group's call; does nothing without a LiveKit."""
    group_calls.put_out_strangers()
