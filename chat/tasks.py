"""Background duties of the messenger."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from chat import services
from chat.models import ConversationEvent
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
