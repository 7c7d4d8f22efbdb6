"""Watching: events come in batches, are kept as they are, and count once."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from core import limits
from social.engagement.models import VideoStats, ViewEvent
from social.engagement.policies import Viewer
from social.graph import policies as people
from videos import policies as videos
from videos.models import Video

VIEW_MS = 2000
LONGEST_MS = 60 * 60 * 1000
MOST_REPLAYS = 100
OLDEST = dt.timedelta(days=1)
KEPT = dt.timedelta(days=30)
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Watched:
    """What a player says about one card; durations in ms."""

    client_event_id: str
    video_id: UUID
    watched_ms: int
    duration_ms: int = 0
    completed: bool = False
    replays: int = 0
    source: str = ""
    at: dt.datetime | None = None


def record_views(*, actor: Viewer, visitor: str, address: str, events: Sequence[Watched]) -> None:
    """Keep what a player tells; what its viewer may not see is dropped without a word.

    `visitor` and `address` stand for somebody without an account, whose limits are tighter. An
    event that came before, by its viewer and its id, is dropped too. Raises RateLimited.
    """
    user = people.require_active(actor) if isinstance(actor, User) else None
    if user:
        limits.consume(budget="view_events", subject=str(user.pk))
    else:
        limits.consume(budget="view_events_address", subject=address)
        limits.consume(budget="view_events_visitor", subject=visitor)
    try:
        _insert(user, visitor, events)
    except IntegrityError:
        # Foreign keys are checked at the commit: a video, or the viewer, went away meanwhile.
        _insert(user, visitor, events)


def roll_up_views(*, batch: int = BATCH) -> int:
    """Add every view that waits to its video's counter, exactly once; return how many.

    Marking and counting are one transaction per batch, so a killed worker leaves a batch either
    waiting or counted. Two workers take different rows where the database can skip locked ones,
    and turns elsewhere.
    """
    total = 0
    while True:
        counted = _roll_up_batch(batch)
        total += counted
        if counted < batch:
            return total


def forget_old_views(*, batch: int = BATCH) -> int:
    """Delete events older than 30 days, except views that still wait; return how many."""
    waiting = Q(is_view=True, counted_at__isnull=True)
    old = ViewEvent.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(waiting)
    total = 0
    while ids := list(old.order_by("created_at").values_list("pk", flat=True)[:batch]):
        deleted, _ = ViewEvent.objects.filter(pk__in=ids).delete()
        total += deleted
    return total


def _insert(user: User | None, visitor: str, events: Sequence[Watched]) -> None:
    seen = videos.visible_to(user).filter(pk__in={event.video_id for event in events})
    rows = {video.pk: video for video in seen.only("pk", "author_id", "duration_ms")}
    kept = [
        _event(event, rows[event.video_id], user, visitor)
        for event in events
        if event.video_id in rows
    ]
    if user is None:
        _once_each(kept)
    with transaction.atomic():
        ViewEvent.objects.bulk_create(kept, ignore_conflicts=True)


def _event(event: Watched, video: Video, user: User | None, visitor: str) -> ViewEvent:
    duration = min(video.duration_ms or event.duration_ms, LONGEST_MS)
    replays = min(event.replays, MOST_REPLAYS)
    longest = min(duration * (replays + 1), LONGEST_MS) if duration else LONGEST_MS
    watched = min(event.watched_ms, longest)
    now = timezone.now()
    own = user is not None and user.pk == video.author_id
    return ViewEvent(
        viewer_key=f"u:{user.pk}" if user else f"a:{visitor}",
        client_event_id=event.client_event_id,
        viewer=user,
        video=video,
        watched_ms=watched,
        duration_ms=duration,
        completed=event.completed,
        replays=replays,
        source=event.source,
        at=min(max(event.at or now, now - OLDEST), now),
        is_view=not own and is_view(watched_ms=watched, duration_ms=duration),
    )


def is_view(*, watched_ms: int, duration_ms: int) -> bool:
    """Return whether somebody saw enough: two seconds, or half of a shorter clip."""
    return watched_ms >= VIEW_MS or (0 < duration_ms <= 2 * watched_ms)


def _once_each(events: list[ViewEvent]) -> None:
    """Count at most one view per video of a batch that nobody's account answers for."""
    counted: set[UUID] = set()
    for event in events:
        event.is_view = event.is_view and event.video_id not in counted
        if event.is_view:
            counted.add(event.video_id)


def _roll_up_batch(batch: int) -> int:
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        waiting = ViewEvent.objects.filter(is_view=True, counted_at__isnull=True).order_by("pk")
        rows = list(
            waiting.select_for_update(skip_locked=skip).values_list("pk", "video_id")[:batch]
        )
        if rows:
            ids = [pk for pk, _ in rows]
            ViewEvent.objects.filter(pk__in=ids).update(counted_at=timezone.now())
            _add_views(Counter(video_id for _, video_id in rows))
    return len(rows)


def _add_views(views: Counter[UUID]) -> None:
    """Add to the counters, locked in the order of ids; one update per distinct number."""
    VideoStats.objects.bulk_create(
        [VideoStats(video_id=pk) for pk in sorted(views)], ignore_conflicts=True
    )
    stats = VideoStats.objects.filter(video_id__in=views)
    list(stats.order_by("pk").select_for_update().values_list("pk", flat=True))
    by_number: dict[int, list[UUID]] = defaultdict(list)
    for video_id, number in views.items():
        by_number[number].append(video_id)
    for number, ids in by_number.items():
        VideoStats.objects.filter(video_id__in=ids).update(views=F("views") + number)
