"""Work behind engagement; each is safe to run twice and beside itself."""

from celery import shared_task

from social.engagement import services


@shared_task(name="engagement.roll_up")
def roll_up() -> None:
    """Add what was watched to the counters of videos."""
    services.roll_up_views()


@shared_task(name="engagement.sweep")
def sweep() -> None:
    """Delete what has been kept long enough, and find the names that a crash passed over."""
    services.forget_old_views()
    services.mend_mentions()
