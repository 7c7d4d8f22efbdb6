"""Learning from the database: the newest videos, and what people did with them lately.

Bounded in every direction, run by the worker (`feed.learn`) and skipped where nothing happened.
"""

import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from feed.models import RankingModel
from feed.recommender import labels, memory, models, shelves
from feed.recommender.arrays import Floats, Ints
from feed.recommender.factors import Content
from feed.recommender.labels import Quartiles
from feed.recommender.models import Counts, Log
from feed.recommender.shelves import TAGS_EACH, Shelf
from social.engagement.models import ViewEvent
from videos.models import Video, VideoTag

POOL = 30_000
VIEWS = 300_000
MARKS = 100_000
AT_ONCE = 5000
COUNTED = frozenset({"like", "comment", "share", "not_interested"})


@dataclass(frozen=True)
class Lesson:
    """What a run of learning did."""

    videos: int
    views: int
    marks: int
    seconds: float


def learn() -> Lesson | None:
    """Make the newest model, unless nothing has happened since the last; return what it saw."""
    started = time.monotonic()
    facts = _happened()
    last = RankingModel.objects.order_by("-pk").values_list("facts", flat=True).first()
    if last == facts:
        return None
    unknown = set(settings.FEED_SIGNAL_WEIGHTS) - set(models.SIGNAL_WEIGHTS)
    if unknown:
        message = f"FEED_SIGNAL_WEIGHTS names what is no signal: {', '.join(sorted(unknown))}."
        raise ImproperlyConfigured(message)
    videos, authors, tags, content, published = _catalogue()
    shelf_numbers = {video_id: number for number, video_id in enumerate(videos)}
    people: dict[str, int] = {}
    viewed, watched, length, quartiles = _views(shelf_numbers, people)
    marked, mark_counts = _marks(shelf_numbers, people)
    log = _joined(viewed, marked)
    counts = models.count_signals(
        viewed.items, watched, length, size=len(videos), quartiles=quartiles
    )
    counts.signals.update(mark_counts)
    learned = models.learn(
        log,
        content=content,
        published=published,
        counts=Counts(np.maximum(counts.shown, mark_counts["like"]), counts.signals),
        now=timezone.now().timestamp(),
        quartiles=quartiles,
        weights=settings.FEED_SIGNAL_WEIGHTS,
    )
    shelves.keep(Shelf(videos, authors, tags, learned), facts=facts)
    return Lesson(len(videos), len(viewed.items), len(marked.items), time.monotonic() - started)


def _happened() -> dict[str, Any]:
    """Return what changes whenever there is something to learn."""
    newest = Video.objects.filter(published_at__lte=timezone.now()).order_by("-published_at")
    marks = [
        model.objects.order_by("-pk").values_list("pk", flat=True) for _, model, _ in memory.SOURCES
    ]
    return {
        "day": timezone.now().date().isoformat(),  # trends fade by themselves
        "video": str(newest.values_list("pk", flat=True).first()),
        "view": ViewEvent.objects.order_by("-pk").values_list("pk", flat=True).first(),
        "marks": [str(rows.first()) for rows in marks],
    }


def _catalogue() -> tuple[list[UUID], list[UUID], list[str], Content, Floats]:
    rows = Video.objects.filter(
        deleted_at__isnull=True,
        moderation_state=Video.Moderation.VISIBLE,
        draft=False,
        published_at__lte=timezone.now(),
    ).order_by("-published_at", "-pk")
    found = list(rows.values_list("pk", "author_id", "published_at")[:POOL])
    videos = [row[0] for row in found]
    authors = list(dict.fromkeys(row[1] for row in found))
    author_of = {author: number for number, author in enumerate(authors)}
    oldest = min((row[2] for row in found if row[2]), default=timezone.now())
    named = _tags_since(oldest)
    tags = list(dict.fromkeys(name for video_id in videos for name in named.get(video_id, ())))
    tag_of = {name: number for number, name in enumerate(tags)}
    table = np.full((len(videos), TAGS_EACH), -1, dtype=np.int32)
    for row_number, video_id in enumerate(videos):
        own = [tag_of[name] for name in named.get(video_id, ())][:TAGS_EACH]
        table[row_number, : len(own)] = own
    owners = np.array([author_of[row[1]] for row in found], dtype=np.int32)
    published = np.array([row[2].timestamp() for row in found if row[2]], dtype=np.float64)
    return videos, authors, tags, Content(owners, table), published


def _tags_since(oldest: Any) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = VideoTag.objects.filter(video__published_at__gte=oldest).order_by("position")
    for video_id, name in rows.values_list("video_id", "tag__name").iterator(AT_ONCE):
        found[video_id].append(name)
    return found


def _views(number_of: dict[UUID, int], people: dict[str, int]) -> tuple[Log, Ints, Ints, Quartiles]:
    """Return the latest views, their times and lengths, and the quartiles of watching."""
    rows = ViewEvent.objects.order_by("-pk").values_list(
        "viewer_key", "video_id", "watched_ms", "duration_ms", "at"
    )[:VIEWS]
    kept = [
        (people.setdefault(row[0], len(people)), number_of[row[1]], row[2], row[3], row[4])
        for row in rows.iterator(AT_ONCE)
        if row[1] in number_of
    ]
    kept.reverse()
    users = np.array([row[0] for row in kept], dtype=np.int64)
    watched = np.array([row[2] for row in kept], dtype=np.int64)
    length = np.array([row[3] for row in kept], dtype=np.int64)
    ratios, buckets = labels.ratios_of(watched, length), labels.buckets_of(length)
    quartiles = Quartiles.of(ratios, buckets)
    places = quartiles.places(ratios, buckets)
    values = np.empty(len(kept))
    order = np.argsort(users, kind="stable")
    for mine in np.split(order, np.flatnonzero(np.diff(users[order])) + 1):
        values[mine] = labels.centred(places[mine])
    log = Log(
        users=users,
        items=np.array([row[1] for row in kept], dtype=np.int64),
        at=np.array([row[4].timestamp() for row in kept], dtype=np.float64),
        values=values,
    )
    return log, watched, length, quartiles


def _marks(number_of: dict[UUID, int], people: dict[str, int]) -> tuple[Log, dict[str, Floats]]:
    """Return likes, comments and the like as a log, and how many of each every video has."""
    rows: list[tuple[int, int, float, float]] = []
    counts = {name: np.zeros(len(number_of)) for name in sorted(COUNTED)}
    for kind, model, owner in memory.SOURCES:
        latest = model.objects.order_by("-pk").values_list(owner, "video_id", "pk")[:MARKS]
        for user_id, video_id, pk in latest.iterator(AT_ONCE):
            number = number_of.get(video_id)
            if number is None:
                continue
            who = people.setdefault(f"u:{user_id}", len(people))
            rows.append((who, number, (pk.int >> 80) / 1000, labels.MARKS[kind]))
            if kind in COUNTED:
                counts[kind][number] += 1
    return _log(rows), counts


def _log(rows: Iterable[tuple[int, int, float, float]]) -> Log:
    table = np.array(list(rows), dtype=np.float64).reshape(-1, 4)
    return Log(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2], table[:, 3])


def _joined(one: Log, other: Log) -> Log:
    return Log(
        np.concatenate([one.users, other.users]),
        np.concatenate([one.items, other.items]),
        np.concatenate([one.at, other.at]),
        np.concatenate([one.values, other.values]),
    )
