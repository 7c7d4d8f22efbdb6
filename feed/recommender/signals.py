"""What the database knows that one person did lately: a few queries, whatever they did.

Nothing of it is kept a second time: forgetting (a reset, a like taken back, an account deleted)
needs no work, and a list can be made again wherever the database is.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import Model

from feed.models import NotInterested, TagFollow, TasteReset
from feed.recommender import labels
from feed.recommender.labels import Quartiles
from social.engagement.models import Comment, Like, Repost, Save, ShareLink, ViewEvent
from videos.models import Video, VideoTag

VIEWS = 2000
MARKS = 200
NAMED = 400
SOURCES: tuple[tuple[str, type[Model], str], ...] = (
    ("like", Like, "user_id"),
    ("save", Save, "user_id"),
    ("repost", Repost, "user_id"),
    ("share", ShareLink, "user_id"),
    ("comment", Comment, "author_id"),
    ("not_interested", NotInterested, "user_id"),
)
HALF_LIFE = 150  # signals


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing somebody did; `value` is above 0 for what speaks for the video."""

    video_id: UUID
    author_id: UUID
    kind: str
    at: float
    value: float


@dataclass
class Taste:
    """What one person did lately, the oldest first, and what it adds up to.

    `seen` outlives a reset: to forget what somebody likes is not to bore them.
    """

    signals: list[Signal] = field(default_factory=list)
    seen: set[UUID] = field(default_factory=set)
    refused_authors: set[UUID] = field(default_factory=set)
    since: datetime | None = None
    views: int = 0

    def authors(self) -> dict[UUID, float]:
        """Return how much each author is liked."""
        total: dict[UUID, float] = defaultdict(float)
        for signal, weight in self._weighted():
            total[signal.author_id] += weight
        return dict(total)

    def tags(self, tagged: dict[UUID, list[str]]) -> dict[str, float]:
        """Return how much each tag is liked, given the tags of videos."""
        total: dict[str, float] = defaultdict(float)
        for signal, weight in self._weighted():
            for name in tagged.get(signal.video_id, ()):
                total[name] += weight
        return dict(total)

    def positives(self) -> list[UUID]:
        """Return what spoke for a video, the latest first, each video once."""
        latest = (signal.video_id for signal in reversed(self.signals) if signal.value > 0)
        return list(dict.fromkeys(latest))

    def _weighted(self) -> Iterable[tuple[Signal, float]]:
        count = len(self.signals)
        for place, signal in enumerate(self.signals):
            yield signal, signal.value * 0.5 ** ((count - 1 - place) / HALF_LIFE)


def taste_of(user_id: UUID, *, quartiles: Quartiles | None = None) -> Taste:
    """Return what somebody did lately."""
    reset = TasteReset.objects.filter(user_id=user_id).first()
    since = reset.at.timestamp() if reset else 0.0
    views = _views(user_id)
    marks = _marks(user_id)
    taste = Taste(since=reset.at if reset else None)
    taste.seen = {row[0] for row in views}
    counted = [row for row in views if row[4].timestamp() > since]
    taste.views = len(counted)
    signals = [*_watched(counted, quartiles or Quartiles()), *(m for m in marks if m.at > since)]
    taste.signals = sorted(signals, key=lambda signal: signal.at)
    fortnight = datetime.now(UTC).timestamp() - 14 * 86400
    taste.refused_authors = {
        signal.author_id
        for signal in taste.signals
        if signal.kind == "not_interested" and signal.at > fortnight
    }
    return taste


def tags_of(taste: Taste) -> dict[UUID, list[str]]:
    """Return the tags of the videos of the latest signals, in one query."""
    ids = list(dict.fromkeys(s.video_id for s in reversed(taste.signals)))[:NAMED]
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = VideoTag.objects.filter(video_id__in=ids).values_list("video_id", "tag__name")
    for video_id, name in rows if ids else ():
        found[video_id].append(name)
    return found


def followed_tags(user_id: UUID) -> list[str]:
    """Return the tags that somebody follows: their interests as they picked them."""
    rows = TagFollow.objects.filter(user_id=user_id)
    return list(rows.values_list("tag__name", flat=True).order_by("-pk")[:NAMED])


def seen_by(user_id: UUID) -> set[UUID]:
    """Return what somebody watched lately, however little of it."""
    rows = ViewEvent.objects.filter(viewer_id=user_id).order_by("-pk")
    return set(rows.values_list("video_id", flat=True)[:VIEWS])


def _views(user_id: UUID) -> list[tuple[UUID, UUID, int, int, datetime]]:
    rows = ViewEvent.objects.filter(viewer_id=user_id).order_by("-pk")
    fields = ("video_id", "video__author_id", "watched_ms", "duration_ms", "at")
    return list(reversed(rows.values_list(*fields)[:VIEWS]))


def _watched(
    rows: list[tuple[UUID, UUID, int, int, datetime]], quartiles: Quartiles
) -> list[Signal]:
    if not rows:
        return []
    watched = np.array([row[2] for row in rows])
    length = np.array([row[3] for row in rows])
    ratios = labels.ratios_of(watched, length)
    values = labels.centred(quartiles.places(ratios, labels.buckets_of(length)))
    return [
        Signal(row[0], row[1], "watch", row[4].timestamp(), float(value))
        for row, value in zip(rows, values, strict=True)
    ]


def _marks(user_id: UUID) -> list[Signal]:
    """Return the latest marks of every kind, in one query; their ids tell when they were made."""
    videos = Video._meta.db_table
    # Names of tables and fields only; the one value is a parameter.
    latest = [
        f"SELECT * FROM (SELECT '{kind}' AS kind, video_id, id FROM {model._meta.db_table} "  # noqa: S608
        f"WHERE {owner} = %s ORDER BY id DESC LIMIT {MARKS}) AS of_{kind}"
        for kind, model, owner in SOURCES
    ]
    sql = (
        f"SELECT marks.kind, marks.video_id, marks.id, video.author_id FROM "  # noqa: S608
        f"({' UNION ALL '.join(latest)}) AS marks JOIN {videos} video ON video.id = marks.video_id"
    )
    key = Video._meta.get_field("author").get_db_prep_value(user_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, [key] * len(SOURCES))
        rows = cursor.fetchall()
    return [
        Signal(_uuid(video), _uuid(author), kind, _moment(_uuid(pk)), labels.MARKS[kind])
        for kind, video, pk, author in rows
    ]


def _uuid(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _moment(key: UUID) -> float:
    """Return the moment in a UUIDv7."""
    return (key.int >> 80) / 1000
