"""Background duties of the messenger."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from chat import services
from chat.models import ConversationEvent

EVENTS_KEPT = timedelta(days=30)


@shared_task(name="chat.sweep")
def sweep() -> None:
    """Forget events that no client asks for any more, and files that were never sent."""
    before = timezone.now() - EVENTS_KEPT
    old = ConversationEvent.objects.filter(created_at__lt=before)
    ConversationEvent.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:5000])).delete()
    services.forget_unsent()
