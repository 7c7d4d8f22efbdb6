"""The next videos of one list, with their reasons: three queries, whatever there is.

Called when a list grows, which is after the answer before (`feed.ahead`) as a rule.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import OuterRef
from django.db.models.functions import JSONArray

from accounts.models import User
from core.expressions import JsonRows
from core.statements import Places, Statement, kept, stand_ins, width_for
from feed import modes
from feed.cursors import EPOCH
from feed.modes import Mode
from feed.recommender import memory, ranker, shelves, signals
from feed.recommender.memory import Memory
from feed.recommender.ranker import Before, Pick, Why
from feed.recommender.shelves import NewVideo, Shelf
from feed.recommender.viewers import Person
from videos import policies
from videos.models import VideoTag

BATCH = 40
FIRST = 24  # somebody waits for the first batch; it is enough for a page of twenty
SPARE = 2  # chosen for each one wanted: some of them the viewer may not see
TRIES = 4
NEWEST = 300
SIGNALS = 600
LOOK_BACK = 20
BORN_AT, SINCE = (datetime(1, 1, day, tzinfo=UTC) for day in (2, 3))  # stand-ins
# A video may be published at a moment and committed, or met by the learning, a little later.
COMMIT_LAG = timedelta(minutes=10)


@dataclass(frozen=True)
class Chosen:
    """Videos with what speaks for each; `done` when the model has nothing else to offer."""

    videos: list[tuple[UUID, str]]
    done: bool


def choose(
    user: User, *, seed: int, turn: int, taken: Collection[UUID], born_at: datetime
) -> Chosen:
    """Return the next videos of a person's for-you list, of those published by `born_at`."""
    remembered = memory.of(user.pk)
    shelf = shelves.extended(
        shelves.of_model(remembered.model_id), _newest(user, remembered, born_at)
    )
    if not shelf.videos:
        return Chosen([], done=True)
    person = _person(user, shelf, remembered, taken, born_at)
    size = BATCH if turn else FIRST
    last = [shelf.number_of[key] for key in list(taken)[-LOOK_BACK:] if key in shelf.number_of]
    authors = tuple(int(shelf.learned.content.authors[item]) for item in last)
    for attempt in range(TRIES):
        picks = ranker.recommend(
            shelf.learned,
            person,
            count=size * SPARE,
            now=born_at.timestamp(),
            seed=seed * 1009 + turn * 31 + attempt,
            before=Before(authors, tuple(last)),
        )
        if not picks:
            return Chosen([], done=True)
        seen = _visible(user, shelf, picks, born_at)
        found = [pick for pick in picks if shelf.videos[pick.item] in seen][:size]
        if found:
            chosen = [(shelf.videos[pick.item], _said(shelf, pick)) for pick in found]
            return Chosen(chosen, done=False)
        person.hidden[[pick.item for pick in picks]] = True
    return Chosen([], done=True)


def explain(user: User, video_id: UUID, *, now: datetime) -> list[str]:
    """Return what speaks for one video as lists keep it, the strongest first."""
    remembered = memory.of(user.pk)
    shelf = shelves.extended(shelves.of_model(remembered.model_id), _newest(user, remembered, now))
    item = shelf.number_of.get(video_id)
    if item is None:
        return []
    person = _person(user, shelf, remembered, (), now)
    picks = ranker.explain(shelf.learned, person, item, now=now.timestamp())
    return [_said(shelf, pick) for pick in picks]


def _newest(user: User, remembered: Memory, born_at: datetime) -> list[NewVideo]:
    """Return the newest that the user may see, of those that are too new for the model."""
    like = policies.likeness(user)
    if like is None:
        return []
    made_at = remembered.model_made_at
    since = made_at - COMMIT_LAG if made_at else EPOCH
    rows = _newest_of(like).rows(viewer=user.pk, born_at=born_at, since=since)
    return [
        NewVideo(video_id, author_id, at, [name for (name,) in names])
        for video_id, author_id, at, names in rows
        if at
    ]


@kept
def _newest_of(like: policies.Likeness) -> Statement[Any]:
    nobody = policies.stand_in_for(like)
    places: Places = {"viewer": policies.STAND_IN, "born_at": BORN_AT, "since": SINCE}
    videos = modes.videos_of(viewer=nobody, mode=Mode.FOR_YOU).filter(
        published_at__lte=BORN_AT, published_at__gt=SINCE
    )
    tags = VideoTag.objects.filter(video_id=OuterRef("pk")).order_by("position")
    named = JsonRows(tags, JSONArray("tag__name"))
    rows = videos.order_by("-published_at", "-pk")
    return Statement(rows.values_list("pk", "author_id", "published_at", named)[:NEWEST], places)


def _person(
    user: User, shelf: Shelf, remembered: Memory, taken: Collection[UUID], born_at: datetime
) -> Person:
    learned, numbers = shelf.learned, shelf.number_of
    taste = signals.taste_of(remembered, quartiles=learned.quartiles)
    did = [(numbers[s.video_id], s.value) for s in taste.signals if s.video_id in numbers]
    did = did[-SIGNALS:]
    hidden = learned.published > born_at.timestamp()
    passed = [numbers[key] for key in (*taken, *taste.seen) if key in numbers]
    hidden[passed] = True
    unwanted = [*taste.refused_authors, user.pk]
    refused = [shelf.author_numbers[key] for key in unwanted if key in shelf.author_numbers]
    hidden |= np.isin(learned.content.authors, refused)
    known = shelf.author_numbers
    followed = [known[key] for key in remembered.follows if key in known]
    picked = (shelf.tag_numbers.get(name) for name in remembered.interests)
    interests = [number for number in picked if number is not None]
    return Person(
        items=np.array([item for item, _ in did], dtype=np.int64),
        values=np.array([value for _, value in did], dtype=np.float64),
        hidden=hidden,
        followed=np.isin(learned.content.authors, followed),
        interests=np.array(interests, dtype=np.int64),
    )


def _visible(user: User, shelf: Shelf, picks: list[Pick], born_at: datetime) -> set[UUID]:
    ids = [shelf.videos[pick.item] for pick in picks]
    like = policies.likeness(user)
    if like is None:
        return set()
    asked = _visible_of(like, width_for(len(ids)))
    return set(asked.rows(viewer=user.pk, born_at=born_at, ids=ids))


@kept
def _visible_of(like: policies.Likeness, width: int) -> Statement[UUID]:
    nobody, ids = policies.stand_in_for(like), stand_ins(1, width)
    places: Places = {"viewer": policies.STAND_IN, "born_at": BORN_AT, "ids": ids}
    videos = modes.videos_of(viewer=nobody, mode=Mode.FOR_YOU)
    rows = videos.filter(published_at__lte=BORN_AT, pk__in=ids)
    return Statement(rows.values_list("pk", flat=True), places)


def _said(shelf: Shelf, pick: Pick) -> str:
    """Return what the list keeps of why: a word, and the tag where it is one."""
    if pick.why in (Why.TAG, Why.INTEREST):
        return f"{pick.why}:{shelf.tags[pick.tag]}"
    return "" if pick.why is Why.OTHER else pick.why.value
