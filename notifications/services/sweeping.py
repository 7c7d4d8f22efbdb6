"""Finding again what a lost job message, a dead worker or a pause left, and forgetting the rest."""

from datetime import timedelta

from django.utils import timezone

from core import jobs
from notifications.models import PushDelivery, PushJob

LIMIT = 200
KEPT = timedelta(days=2)


def sweep() -> None:
    """Announce anew whatever is due: jobs, deliveries and receipts."""
    now = timezone.now()
    states = [PushJob.State.WAITING, PushJob.State.SPREADING]
    late = PushJob.objects.filter(state__in=states, due_at__lte=now).order_by("due_at")
    for job_id in late.values_list("pk", flat=True)[:LIMIT]:
        jobs.enqueue("notifications.spread", str(job_id), queue="push")
    open_states = [PushDelivery.State.WAITING, PushDelivery.State.SENDING]
    due = PushDelivery.objects.filter(due_at__lte=now)
    if due.filter(state__in=open_states).exists():
        jobs.enqueue("notifications.deliver", queue="push")
    if due.filter(state=PushDelivery.State.TICKETED).exists():
        jobs.enqueue("notifications.poll_receipts", queue="push")


def forget(*, limit: int = 5000) -> int:
    """Delete jobs of more than two days ago with their deliveries; return how many."""
    old = PushJob.objects.filter(happened_at__lt=timezone.now() - KEPT)
    ids = list(old.values_list("pk", flat=True)[:limit])
    PushJob.objects.filter(pk__in=ids).delete()
    return len(ids)
