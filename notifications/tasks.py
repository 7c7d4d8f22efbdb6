"""Background duties: pushes on their way. All on the queue `push`, whose workers may wait."""

from celery import shared_task

from core import jobs
from core.ids import parse_uuid
from notifications import services

BATCHES = 5


@shared_task(name="notifications.spread")
def spread(job_id: str) -> None:
    """Write the deliveries of a job that is due."""
    key = parse_uuid(job_id)
    if key is not None:
        services.spread(key)


@shared_task(name="notifications.deliver")
def deliver() -> None:
    """Send what is due, and leave what is more to the next turn."""
    for _ in range(BATCHES):
        if not services.deliver():
            return
    jobs.enqueue("notifications.deliver", queue="push")


@shared_task(name="notifications.poll_receipts")
def poll_receipts() -> None:
    """Ask Expo what became of pushes."""
    services.poll_receipts()


@shared_task(name="notifications.sweep")
def sweep() -> None:
    """Find again what got lost."""
    services.sweep()


@shared_task(name="notifications.forget")
def forget() -> None:
    """Delete what is over."""
    services.forget()
