"""What somebody did lately as signals, and what these add up to (`memory` reads them)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import numpy as np

from feed.models import TagFollow
from feed.recommender import labels
from feed.recommender.labels import Quartiles
from feed.recommender.memory import NAMED, VIEWS, Memory, View
from social.engagement.models import ViewEvent
from videos.models import VideoTag

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


def taste_of(memory: Memory, *, quartiles: Quartiles | None = None) -> Taste:
    """Return what somebody likes, by what they did lately."""
    since = memory.reset_at.timestamp() if memory.reset_at else 0.0
    taste = Taste(since=memory.reset_at)
    taste.seen = {view.video_id for view in memory.views}
    counted = [view for view in memory.views if view.at.timestamp() > since]
    taste.views = len(counted)
    marked = (
        Signal(mark.video_id, mark.author_id, mark.kind, mark.at, labels.MARKS[mark.kind])
        for mark in memory.marks
        if mark.at > since
    )
    signals = [*_watched(counted, quartiles or Quartiles()), *marked]
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


def _watched(views: list[View], quartiles: Quartiles) -> list[Signal]:
    if not views:
        return []
    watched = np.array([view.watched_ms for view in views])
    length = np.array([view.duration_ms for view in views])
    ratios = labels.ratios_of(watched, length)
    values = labels.centred(quartiles.places(ratios, labels.buckets_of(length)))
    return [
        Signal(view.video_id, view.author_id, "watch", view.at.timestamp(), float(value))
        for view, value in zip(views, values, strict=True)
    ]
