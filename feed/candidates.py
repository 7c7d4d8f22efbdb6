"""Batches of candidates: what a list grows by.

Each batch is found by a bounded walk of an index, starting where the last one stopped (the
frontier), and never costs more for a deeper position:

- `for-you`: what the recommender chooses (`feed.recommender`), a few dozen at a time; for strangers
  the hot pool and the newest, ranked together. Then windows of older videos, each ranked in itself,
  down to the first video ever published, and at last what its viewer has watched before.
- `following`, `friends`: newest first.
- `all`: every video has a fixed random place on a ring (`Video.shuffle_key`). The seed names
  where the walk starts; batches of 400 neighbours are shuffled by the seed. Up to 400 videos that
  is a full shuffle; above, two seeds give different videos in different order. O(400) a batch,
  whatever the size of the table, against O(n log n) a page for `ORDER BY random()`.

When the walk is over, what was published after the list began comes last, so that a list ends only
when nothing is left.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from feed import hot, modes, ranking
from feed.modes import Mode
from feed.ranking import Candidate
from feed.recommender import serving, signals
from videos.models import SHUFFLE_RANGE, Video
from videos.policies import Viewer

WINDOW = 300
SHUFFLE_BATCH = 400
MOST_CHOSEN = 400
# A video may be published at a moment and committed a little later: look back that far.
COMMIT_LAG = timedelta(minutes=10)
Frontier: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """Which list is growing: everything that decides its order."""

    viewer: Viewer
    mode: Mode
    seed: int
    born_at: datetime


@dataclass
class Batch:
    """Ids to append (none: nothing is left now) and where the next batch starts."""

    ids: list[UUID] = field(default_factory=list)
    frontier: Frontier = field(default_factory=dict)
    whys: dict[UUID, str] = field(default_factory=dict)


def next_batch(source: Source, *, frontier: Frontier, taken: Collection[UUID]) -> Batch:
    """Return the next batch of a list that holds `taken` already."""
    state = dict(frontier)
    user = modes.signed_in(source.viewer) if source.mode == Mode.FOR_YOU else None
    if user and not state.get("chosen"):
        chosen = _chosen(source, user, state, taken)
        if chosen:
            return Batch(ids=list(chosen), frontier=state, whys=chosen)
    # What was watched comes last: to repeat is better than to end.
    later = signals.seen_by(user.pk) if user and not state.get("rewatched") else frozenset()
    for found in _stages(source, state, later):
        ids = [video_id for video_id in found if video_id not in taken]
        if ids:
            return Batch(ids=ids, frontier=state)
    return Batch(frontier=state)


def _chosen(
    source: Source, user: User, state: Frontier, taken: Collection[UUID]
) -> dict[UUID, str]:
    """Return what the recommender chooses next and why, nothing once it has nothing to offer."""
    turn = state.get("turn", 0)
    chosen = serving.choose(user, seed=source.seed, turn=turn, taken=taken, born_at=source.born_at)
    state["turn"] = turn + 1
    if chosen.done or (turn + 1) * serving.BATCH >= MOST_CHOSEN:
        state["chosen"] = True
    return dict(chosen.videos)


def _stages(source: Source, state: Frontier, later: Collection[UUID]) -> Iterator[list[UUID]]:
    """Yield batches of ids, advancing `state` in place, until nothing is left."""
    if not state and source.mode == Mode.FOR_YOU:
        yield _first_for_strangers(source, state)
    while not state.get("walked"):
        if source.mode == Mode.ALL:
            yield _next_on_ring(source, state)
        else:
            yield [key for key in _next_older(source, state) if key not in later]
    if later:
        state["rewatched"] = True
        yield _watched(source, later)
    yield from _published_since(source, state)


def _watched(source: Source, seen: Collection[UUID]) -> list[UUID]:
    """Return what the viewer watched before, shuffled by the seed."""
    videos = modes.videos_of(viewer=source.viewer, mode=source.mode)
    found = videos.filter(pk__in=seen, published_at__lte=source.born_at)
    return ranking.shuffled(found.values_list("pk", flat=True), seed=source.seed)


def _first_for_strangers(source: Source, state: Frontier) -> list[UUID]:
    videos = modes.videos_of(viewer=source.viewer, mode=source.mode).filter(
        published_at__lte=source.born_at
    )
    newest = _window(videos, state)
    found = {candidate.id: candidate for candidate in newest}
    popular = videos.filter(pk__in=hot.pool())
    found |= {candidate.id: candidate for candidate in _candidates(popular)}
    return _ranked(source, list(found.values()), state)


def _next_older(source: Source, state: Frontier) -> list[UUID]:
    videos = modes.videos_of(viewer=source.viewer, mode=source.mode).filter(
        published_at__lte=source.born_at
    )
    window = _window(videos, state)
    if source.mode == Mode.FOR_YOU:
        return _ranked(source, window, state)
    return [candidate.id for candidate in window]


def _window(videos: QuerySet[Video], state: Frontier) -> list[Candidate]:
    """Return the next newest videos below `state["after"]` and move it."""
    if "after" in state:
        at, last = datetime.fromisoformat(state["after"][0]), UUID(state["after"][1])
        videos = videos.filter(published_at__lte=at).exclude(published_at=at, pk__gte=last)
    window = _candidates(videos.order_by("-published_at", "-id")[:WINDOW])
    if len(window) < WINDOW:
        state["walked"] = True
    if window:
        state["after"] = [window[-1].published_at.isoformat(), str(window[-1].id)]
    return window


def _ranked(source: Source, candidates: list[Candidate], state: Frontier) -> list[UUID]:
    order = ranking.ranked(candidates, seed=source.seed, now=source.born_at)
    before = [UUID(author) for author in state.get("authors", [])]
    spaced = ranking.authors_apart(order, recent=before)
    state["authors"] = [str(candidate.author_id) for candidate in spaced[-ranking.AUTHOR_GAP :]]
    return [candidate.id for candidate in spaced]


def _next_on_ring(source: Source, state: Frontier) -> list[UUID]:
    """Return the next arc of the ring: from the start to the top, then from zero to the start."""
    videos = modes.videos_of(viewer=source.viewer, mode=source.mode).filter(
        published_at__lte=source.born_at
    )
    start = source.seed * 0x9E3779B97F4A7C15 % 2**64 * SHUFFLE_RANGE >> 64
    above = not state.get("wrapped")
    videos = (
        videos.filter(shuffle_key__gte=start) if above else videos.filter(shuffle_key__lt=start)
    )
    if "ring" in state:
        key, last = state["ring"][0], UUID(state["ring"][1])
        videos = videos.filter(shuffle_key__gte=key).exclude(shuffle_key=key, pk__lte=last)
    order = videos.order_by("shuffle_key", "id")
    rows = list(order.values_list("id", "shuffle_key")[:SHUFFLE_BATCH])
    if len(rows) == SHUFFLE_BATCH:
        state["ring"] = [rows[-1][1], str(rows[-1][0])]
    else:
        state.pop("ring", None)
        state["wrapped" if above else "walked"] = True
    return ranking.shuffled((row[0] for row in rows), seed=source.seed)


def _published_since(source: Source, state: Frontier) -> Iterator[list[UUID]]:
    """Yield what appeared since the list began or last looked, oldest first."""
    since = datetime.fromisoformat(state["since"]) if "since" in state else source.born_at
    looked_at = timezone.now()
    videos = modes.videos_of(viewer=source.viewer, mode=source.mode).order_by("published_at", "id")
    rest = videos.filter(published_at__gt=since - COMMIT_LAG)
    while True:
        rows = list(rest.values_list("id", "published_at")[:WINDOW])
        last_id, at = rows[-1] if len(rows) == WINDOW else (None, None)
        state["since"] = (at or looked_at).isoformat()
        yield [row[0] for row in rows]
        if last_id is None:
            return
        rest = videos.filter(published_at__gte=at).exclude(published_at=at, pk__lte=last_id)


def _candidates(videos: QuerySet[Video]) -> list[Candidate]:
    """Return what ranking needs of each video, in one query."""
    interest = Coalesce(hot.INTEREST, 0)
    rows = videos.annotate(interest=interest).values_list(
        "id", "author_id", "published_at", "interest"
    )
    return [
        Candidate(id=row[0], author_id=row[1], published_at=row[2], interest=row[3])
        for row in rows
        if row[2] is not None
    ]
