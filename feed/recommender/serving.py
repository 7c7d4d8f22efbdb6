"""The next videos of one list, with their reasons: a dozen queries, whatever there is.

Called when a list grows, which is after the answer before (`feed.ahead`) as a rule.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from accounts.models import User
from feed import modes
from feed.modes import Mode
from feed.recommender import ranker, shelves, signals
from feed.recommender.ranker import Before, Pick, Why
from feed.recommender.shelves import NewVideo, Shelf
from feed.recommender.signals import Taste
from feed.recommender.viewers import Person
from social.graph import selectors as graph
from videos.models import VideoTag

BATCH = 40
SPARE = 2  # chosen for each one wanted: some of them the viewer may not see
TRIES = 4
NEWEST = 300
SIGNALS = 600
LOOK_BACK = 20


@dataclass(frozen=True)
class Chosen:
    """Videos with what speaks for each; `done` when the model has nothing else to offer."""

    videos: list[tuple[UUID, str]]
    done: bool


def choose(
    user: User, *, seed: int, turn: int, taken: Collection[UUID], born_at: datetime
) -> Chosen:
    """Return the next videos of a person's for-you list, of those published by `born_at`."""
    shelf = shelves.extended(shelves.current(), _newest(user, born_at))
    if not shelf.videos:
        return Chosen([], done=True)
    taste = signals.taste_of(user.pk, quartiles=shelf.learned.quartiles)
    person = _person(user, shelf, taste, taken, born_at)
    last = [shelf.number_of[key] for key in list(taken)[-LOOK_BACK:] if key in shelf.number_of]
    authors = tuple(int(shelf.learned.content.authors[item]) for item in last)
    for attempt in range(TRIES):
        picks = ranker.recommend(
            shelf.learned,
            person,
            count=BATCH * SPARE,
            now=born_at.timestamp(),
            seed=seed * 1009 + turn * 31 + attempt,
            before=Before(authors, tuple(last)),
        )
        if not picks:
            return Chosen([], done=True)
        seen = _visible(user, shelf, picks, born_at)
        found = [pick for pick in picks if shelf.videos[pick.item] in seen][:BATCH]
        if found:
            chosen = [(shelf.videos[pick.item], _said(shelf, pick)) for pick in found]
            return Chosen(chosen, done=False)
        person.hidden[[pick.item for pick in picks]] = True
    return Chosen([], done=True)


def explain(user: User, video_id: UUID, *, now: datetime) -> list[str]:
    """Return what speaks for one video as lists keep it, the strongest first."""
    shelf = shelves.extended(shelves.current(), _newest(user, now))
    item = shelf.number_of.get(video_id)
    if item is None:
        return []
    taste = signals.taste_of(user.pk, quartiles=shelf.learned.quartiles)
    person = _person(user, shelf, taste, (), now)
    picks = ranker.explain(shelf.learned, person, item, now=now.timestamp())
    return [_said(shelf, pick) for pick in picks]


def _newest(user: User, born_at: datetime) -> list[NewVideo]:
    """Return the newest that the user may see; whatever is too new for the model is among them."""
    videos = modes.videos_of(viewer=user, mode=Mode.FOR_YOU).filter(published_at__lte=born_at)
    rows = videos.order_by("-published_at", "-pk").values_list("pk", "author_id", "published_at")
    found = list(rows[:NEWEST])
    named: dict[UUID, list[str]] = defaultdict(list)
    tags = VideoTag.objects.filter(video_id__in=[row[0] for row in found]).order_by("position")
    for video_id, name in tags.values_list("video_id", "tag__name"):
        named[video_id].append(name)
    return [NewVideo(row[0], row[1], row[2], named[row[0]]) for row in found if row[2]]


def _person(
    user: User, shelf: Shelf, taste: Taste, taken: Collection[UUID], born_at: datetime
) -> Person:
    learned, numbers = shelf.learned, shelf.number_of
    did = [(numbers[s.video_id], s.value) for s in taste.signals if s.video_id in numbers]
    did = did[-SIGNALS:]
    hidden = learned.published > born_at.timestamp()
    passed = [numbers[key] for key in (*taken, *taste.seen) if key in numbers]
    hidden[passed] = True
    unwanted = [*taste.refused_authors, user.pk]
    refused = [shelf.author_numbers[key] for key in unwanted if key in shelf.author_numbers]
    hidden |= np.isin(learned.content.authors, refused)
    follows = set(graph.followed_ids(user.pk))
    followed = [number for key, number in shelf.author_numbers.items() if key in follows]
    picked = signals.followed_tags(user.pk)
    interests = [shelf.tag_numbers[name] for name in picked if name in shelf.tag_numbers]
    return Person(
        items=np.array([item for item, _ in did], dtype=np.int64),
        values=np.array([value for _, value in did], dtype=np.float64),
        hidden=hidden,
        followed=np.isin(learned.content.authors, followed),
        interests=np.array(interests, dtype=np.int64),
    )


def _visible(user: User, shelf: Shelf, picks: list[Pick], born_at: datetime) -> set[UUID]:
    ids = [shelf.videos[pick.item] for pick in picks]
    videos = modes.videos_of(viewer=user, mode=Mode.FOR_YOU).filter(published_at__lte=born_at)
    return set(videos.filter(pk__in=ids).values_list("pk", flat=True))


def _said(shelf: Shelf, pick: Pick) -> str:
    """Return what the list keeps of why: a word, and the tag where it is one."""
    if pick.why in (Why.TAG, Why.INTEREST):
        return f"{pick.why}:{shelf.tags[pick.tag]}"
    return "" if pick.why is Why.OTHER else pick.why.value
