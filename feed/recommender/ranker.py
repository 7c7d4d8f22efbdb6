"""The next videos for one viewer: several sources, one score, room between alike, room for new.

Bounded by the catalogue: a few products of arrays, then greedy choice among some hundred.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np

from feed.recommender.arrays import Flags, Floats, Ints, standardised, top
from feed.recommender.models import Learned
from feed.recommender.viewers import Person

EXPLORED = 200  # views after which a video competes like any other
FRESH_SECONDS = 72 * 3600.0
FRESH_DRAWN = 1000  # of more than that, some by chance take part in a draw
EXPLORE_EVERY = 10
EXPLORE_FROM = 3  # never among the first three of a page
PRIOR_HITS, PRIOR_MISSES = 1.5, 3.5
AUTHOR_AGAIN = 0.6
AUTHOR_LOOK_BACK = 20
MOST_OF_AUTHOR = 2
TAG_AGAIN = 0.12
TAG_LOOK_BACK = 6
CHOSEN_FROM = 120


class Why(StrEnum):
    """The source that speaks most for a video."""

    FOLLOWED = "followed"
    AUTHOR = "author"
    INTEREST = "interest"
    TAG = "tag"
    ALIKE = "alike"
    TASTE = "taste"
    TREND = "trend"
    NEW = "new"
    OTHER = "other"


@dataclass(frozen=True)
class Weights:
    """How much each source says, in units of its own spread; picked in the simulator."""

    long: float = 1.0
    short: float = 0.6
    level: float = 0.6
    worth: float = 0.15
    alike: float = 0.2
    trend: float = 0.25
    tag: float = 0.8
    author: float = 0.3
    followed: float = 0.4
    fresh: float = 1.5
    noise: float = 0.08
    explore: bool = True


QUOTAS = {"long": 150, "short": 60, "alike": 150, "tag": 60, "followed": 60}
TREND_QUOTA = 100
NEW_QUOTA = 60
SMALL = sum(QUOTAS.values()) + TREND_QUOTA + NEW_QUOTA


@dataclass(frozen=True, slots=True)
class Pick:
    """A chosen video, and why; `tag` is the number of the tag that speaks for it."""

    item: int
    why: Why
    tag: int = -1


@dataclass(frozen=True)
class Before:
    """What the list ends with: authors and tags that should not come again at once."""

    authors: tuple[int, ...] = ()
    items: tuple[int, ...] = ()


def recommend(
    model: Learned,
    person: Person,
    *,
    count: int,
    now: float,
    seed: int,
    before: Before | None = None,
    weights: Weights | None = None,
) -> list[Pick]:
    """Return up to `count` videos that are not hidden from `person`, best first."""
    chosen = weights or Weights()
    chance = np.random.default_rng(seed & 2**64 - 1)
    scene = _Scene(model, person, chosen, now)
    candidates = scene.candidates()
    if not len(candidates):
        return []
    scores = scene.scores(candidates) + chosen.noise * chance.gumbel(size=len(candidates))
    order = top(scores, max(CHOSEN_FROM, 4 * count))
    picker = _Picker(model, before or Before())
    regular = picker.pick(candidates[order], scores[order])
    fresh = scene.fresh(chance) if chosen.explore else np.empty(0, np.int64)
    return list(_mixed(regular, fresh, picker, scene, count, chance))


def explain(
    model: Learned, person: Person, item: int, *, now: float, weights: Weights | None = None
) -> list[Pick]:
    """Return everything that speaks for one video, what lifts it most first."""
    return _Scene(model, person, weights or Weights(), now).speaks_for(item)


class _Scene:
    """Everything about the viewer and all videos that does not depend on what was chosen."""

    def __init__(self, model: Learned, person: Person, weights: Weights, now: float) -> None:
        self.model, self.person, self.weights = model, person, weights
        long, short = person.vectors(model)
        self.tag_weights = person.tag_weights(model)
        self._spreads: dict[str, float] = {}
        self.age = np.maximum(now - model.published, 0)
        self.parts: dict[str, Floats] = {
            "long": model.vectors @ long,
            "short": model.vectors @ short,
            "alike": model.neighbours.scores(person.positives(), len(model)),
            "trend": model.trend,
            "tag": self._of_tags(self.tag_weights),
            "author": person.author_weights(model)[model.content.authors],
            "followed": person.followed.astype(np.float32),
            "level": model.levels,
            "worth": model.worth,
            "fresh": np.exp2(-self.age / (3 * 86400)),
        }

    def candidates(self) -> Ints:
        """Return the best of each source that the viewer may be shown; of a small world, all."""
        free = ~self.person.hidden
        if int(free.sum()) <= SMALL:
            return np.flatnonzero(free)
        found = [
            _first(self.model.trending, free, TREND_QUOTA),
            _first(self.model.newest, free, NEW_QUOTA),
        ]
        for name, quota in QUOTAS.items():
            # Most sources speak for few videos; what one says nothing of is not its to offer.
            spoken_for = np.flatnonzero((self.parts[name] > 0) & free)
            found.append(spoken_for[top(self.parts[name][spoken_for], quota)])
        merged: Ints = np.unique(np.concatenate(found))
        return merged

    def scores(self, candidates: Ints) -> Floats:
        """Return the score of each candidate."""
        total = np.zeros(len(candidates))
        for name, part in self.parts.items():
            total += getattr(self.weights, name) * standardised(part[candidates])
        return total

    def fresh(self, chance: np.random.Generator) -> Ints:
        """Return new videos to try out, the most promising draw first (Thompson sampling)."""
        model = self.model
        free = ~self.person.hidden & (model.shown < EXPLORED) & (self.age < FRESH_SECONDS)
        found = np.flatnonzero(free)
        if not len(found):
            return found
        if len(found) > FRESH_DRAWN:
            found = np.sort(chance.choice(found, FRESH_DRAWN, replace=False))
        hits = model.hits[found]
        misses = np.maximum(model.shown[found] - hits, 0)
        draws = chance.beta(PRIOR_HITS + hits, PRIOR_MISSES + misses)
        fit = standardised(self.parts["long"][found] + self.parts["tag"][found])
        # What has been tried least comes first among equals: every upload gets its chance.
        untried = 1.0 / (1.0 + model.shown[found] / 10)
        order = np.argsort(-(draws + 0.15 * fit + 0.5 * untried), kind="stable")
        promising: Ints = found[order]
        return promising

    def why(self, item: int) -> Pick:
        """Return the pick with the source that lifts the video most."""
        return next(iter(self.speaks_for(item)), Pick(item, Why.OTHER))

    def speaks_for(self, item: int) -> list[Pick]:
        """Return the sources that lift the video, the strongest first."""
        lifts = self._lifts(item)
        found = sorted((why for why in lifts if lifts[why] > 0), key=lambda why: -lifts[why])
        return [self._pick(item, why) for why in found]

    def _pick(self, item: int, why: Why) -> Pick:
        if why is not Why.TAG:
            return Pick(item, why)
        tag = self._best_tag(item)
        picked = tag in self.person.interests
        return Pick(item, Why.INTEREST if picked else Why.TAG, tag)

    def _lifts(self, item: int) -> dict[Why, float]:
        def lift(name: str) -> float:
            if name not in self._spreads:
                spread = float(np.sqrt(np.mean(np.square(self.parts[name]))))
                self._spreads[name] = spread or 1.0
            weight: float = getattr(self.weights, name)
            return weight * float(self.parts[name][item]) / self._spreads[name]

        lifts = {
            Why.AUTHOR: lift("author") if self.parts["author"][item] > 0.1 else 0.0,
            Why.TAG: lift("tag") if self._best_tag(item) >= 0 else 0.0,
            Why.ALIKE: lift("alike") if self.parts["alike"][item] > 0 else 0.0,
            Why.TASTE: lift("long") if self.parts["long"][item] > 0.02 else 0.0,
            Why.TREND: lift("trend") if self.model.shown[item] >= PRIOR_HITS else 0.0,
        }
        if self.person.followed[item]:
            lifts[Why.FOLLOWED] = np.inf
        return lifts

    def _best_tag(self, item: int) -> int:
        tags = self.model.content.tags[item]
        tags = tags[tags >= 0]
        if not len(tags):
            return -1
        best = int(tags[np.argmax(self.tag_weights[tags])])
        return best if self.tag_weights[best] > 0.05 else -1

    def _of_tags(self, by_tag: Floats) -> Floats:
        total, number = np.zeros(len(self.model)), np.zeros(len(self.model))
        for column in self.model.content.tags.T:
            kept = column >= 0
            total[kept] += by_tag[column[kept]]
            number[kept] += 1
        return total / np.maximum(number, 1)


class _Picker:
    """Chooses greedily, and remembers what the list has: authors and tags keep their distance."""

    def __init__(self, model: Learned, before: Before) -> None:
        self._model = model
        self._authors = list(before.authors)
        self._tags = [set(_tags(model, item)) for item in before.items]

    def note(self, item: int) -> None:
        """Remember what was placed."""
        self._authors.append(int(self._model.content.authors[item]))
        self._tags.append(set(_tags(self._model, item)))

    def pick(self, items: Ints, scores: Floats) -> Iterator[int]:
        """Yield the items, each time the best with what came before; all of them in the end."""
        authors = self._model.content.authors[items]
        tags = self._model.content.tags[items]
        left: Flags = np.ones(len(items), dtype=bool)

        # Which of the items have an author or a tag: asked again for every place.
        @cache
        def of_author(author: int) -> Flags:
            return np.asarray(authors == author)

        @cache
        def of_tag(tag: int) -> Flags:
            return np.asarray((tags == tag).any(axis=1))

        while left.any():
            now = scores - self._penalties(len(items), of_author, of_tag)
            now[~left] = -np.inf
            best = int(np.argmax(now))
            left[best] = False
            yield int(items[best])

    def allows(self, item: int) -> bool:
        """Return whether the item's author was not just shown."""
        return int(self._model.content.authors[item]) not in self._authors[-3:]

    def _penalties(
        self, size: int, of_author: Callable[[int], Flags], of_tag: Callable[[int], Flags]
    ) -> Floats:
        total = np.zeros(size)
        recent = self._authors[-AUTHOR_LOOK_BACK:]
        for author, times in Counter(recent).items():
            again = AUTHOR_AGAIN * times + (5.0 if times >= MOST_OF_AUTHOR else 0.0)
            if author in recent[-3:]:
                again += 100.0
            total[of_author(author)] += again
        for shown in self._tags[-TAG_LOOK_BACK:]:
            for tag in shown:
                total[of_tag(tag)] += TAG_AGAIN
        return total


def _mixed(
    regular: Iterator[int],
    fresh: Ints,
    picker: _Picker,
    scene: _Scene,
    count: int,
    chance: np.random.Generator,
) -> Iterator[Pick]:
    """Yield the regular ones with a new one in a random place of each ten, each once."""
    waiting = [int(item) for item in fresh]
    placed: set[int] = set()
    slot = int(chance.integers(EXPLORE_FROM, EXPLORE_EVERY))
    while len(placed) < count:
        pick = None
        if len(placed) % EXPLORE_EVERY == slot:
            new = next((one for one in waiting if one not in placed and picker.allows(one)), None)
            pick = Pick(new, Why.NEW) if new is not None else None
        if pick is None:
            item = next((one for one in regular if one not in placed), None)
            if item is None:
                return
            pick = scene.why(item)
        placed.add(pick.item)
        picker.note(pick.item)
        yield pick
        if len(placed) % EXPLORE_EVERY == 0:
            slot = int(chance.integers(EXPLORE_FROM, EXPLORE_EVERY))


def _first(order: Ints, free: Flags, count: int) -> Ints:
    """Return the first so many of an order that are free."""
    allowed: Ints = order[free[order]][:count]
    return allowed


def _tags(model: Learned, item: int) -> list[int]:
    return [int(tag) for tag in model.content.tags[item] if tag >= 0]
