"""Background duties of the ground: deleting condemned bytes and stale rows."""

from celery import shared_task

from core import files, idempotency, limits


@shared_task(name="core.sweep")
def sweep() -> None:
    """Delete condemned bytes, idle rate buckets and old idempotency records."""
    files.sweep()
    limits.forget_idle()
    idempotency.forget_old()
