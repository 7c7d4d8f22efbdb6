"""Work behind the graph; each is safe to run twice."""

from uuid import UUID

from celery import shared_task

from social.graph import services


@shared_task(name="graph.accept_pending")
def accept_pending(user_id: str) -> None:
    """Accept the requests that waited for an account when it became public."""
    services.accept_pending(user_id=UUID(user_id))


@shared_task(name="graph.sweep")
def sweep() -> None:
    """Do what a lost `accept_pending` left undone."""
    services.accept_stale()
