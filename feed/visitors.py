"""Who comes often: those whose lists were read lately, the latest first."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from feed.models import FeedSession


def recent(*, since: datetime, limit: int | None = None) -> Iterator[UUID]:
    """Yield the ids of people who read a feed after `since`, the latest first."""
    rows = FeedSession.objects.filter(used_at__gte=since, viewer__is_active=True)
    latest = rows.values_list("viewer_id").annotate(last=Max("used_at")).order_by("-last")
    for user_id, _ in latest[:limit].iterator():
        if user_id is not None:
            yield user_id
