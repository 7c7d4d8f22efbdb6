"""The hot pool: what most people liked lately, the same for everybody.

Only ids are kept, and no decision of who may see them: `shown_to` and other readers filter.
"""

from datetime import timedelta
from uuid import UUID

from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from feed import ranking
from feed.ranking import Candidate
from videos import policies
from videos.policies import Viewer

POOL = 200
LOOKED_AT = 5000
SPAN = timedelta(days=30)
KEPT_SECONDS = 60
KEY = "feed:hot"
# Rarer reactions say more (start weights of the value model, in small integers).
INTEREST = (
    F("stats__likes") + 3 * F("stats__comments") + 2 * F("stats__saves") + 4 * F("stats__shares")
)


def pool() -> list[UUID]:
    """Return the ids of the hottest public videos of the last 30 days, at most a minute old.

    Ranks the newest 5,000: bounded work, once a minute and process or cache.
    """
    kept: list[UUID] | None = cache.get(KEY)
    if kept is None:
        kept = _rank()
        cache.set(KEY, kept, KEPT_SECONDS)
    return kept


def shown_to(viewer: Viewer, *, limit: int) -> list[UUID]:
    """Return the ids of the hottest videos that feeds may show to `viewer`."""
    ids = pool()
    listed = set(policies.listed_for(viewer).filter(pk__in=ids).values_list("pk", flat=True))
    return [key for key in ids if key in listed][:limit]


def _rank() -> list[UUID]:
    now = timezone.now()
    rows = (
        policies.listed_for(None)
        .filter(published_at__gt=now - SPAN)
        .order_by("-published_at", "-id")
        .annotate(interest=INTEREST)
        .values_list("id", "author_id", "published_at", "interest")[:LOOKED_AT]
    )
    candidates = [
        Candidate(row[0], row[1], row[2], row[3] or 0) for row in rows if row[2] is not None
    ]
    candidates.sort(key=lambda candidate: ranking.score(candidate, now=now), reverse=True)
    return [candidate.id for candidate in candidates[:POOL]]
