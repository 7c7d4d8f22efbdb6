"""Ways of choosing a page: the product's own, what it is compared with, and one that cheats."""

from abc import ABC, abstractmethod
from typing import Protocol

import numpy as np

from feed.recommender import labels, models, ranker
from feed.recommender.arrays import Flags, Floats, Ints, top
from feed.recommender.labels import Quartiles
from feed.recommender.models import Learned, Log
from feed.recommender.ranker import Before, Weights
from feed.recommender.viewers import Person
from feed.simulation.worlds import DAY, START, World

BATCH = 10


class Diary:
    """What was shown and watched so far, by whom."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rows: list[tuple[int, int, float, float, int, bool]] = []
        self.of: list[list[tuple[int, float]]] = [[] for _ in range(world.size.people)]
        self.seen: Flags = np.zeros((world.size.people, world.size.videos), dtype=bool)
        self.shown = np.zeros(world.size.videos)
        self.mean = np.full(world.size.people, labels.USUAL_MEAN)
        self.quartiles = Quartiles()

    def note(self, person: int, video: int, at: float, watched_ms: int, liked: bool) -> None:
        """Write down one view."""
        ratio = watched_ms / self.world.duration_ms[video]
        bucket = labels.buckets_of(np.array([self.world.duration_ms[video]]))
        place = float(self.quartiles.places(np.array([ratio]), bucket)[0])
        value = place - self.mean[person] + (labels.MARKS["like"] if liked else 0.0)
        self.mean[person] = labels.MEMORY * self.mean[person] + (1 - labels.MEMORY) * place
        self.rows.append((person, video, at, value, watched_ms, liked))
        self.of[person].append((video, value))
        self.seen[person, video] = True
        self.shown[video] += 1


class Policy(Protocol):
    """Chooses pages."""

    def learn(self, diary: Diary, now: float) -> None:
        """Learn from everything so far; called four times a day."""

    def page(self, diary: Diary, person: int, free: Flags, now: float, seed: int) -> list[int]:
        """Return the next page for somebody, of what is `free`: published and not seen."""


class Shuffle:
    """The seeded shuffle of everything."""

    def learn(self, diary: Diary, now: float) -> None:
        """Learn nothing."""

    def page(self, diary: Diary, person: int, free: Flags, now: float, seed: int) -> list[int]:
        """Return ten at random."""
        found = np.flatnonzero(free)
        count = min(BATCH, len(found))
        return [int(one) for one in np.random.default_rng(seed).choice(found, count, replace=False)]


class Scored(ABC):
    """The best by one score that is the same for everybody."""

    def __init__(self) -> None:
        self.scores: Floats = np.zeros(0)

    def learn(self, diary: Diary, now: float) -> None:
        """Score everything."""
        self.scores = self.score(diary, now)

    @abstractmethod
    def score(self, diary: Diary, now: float) -> Floats:
        """Return the scores."""

    def page(self, diary: Diary, person: int, free: Flags, now: float, seed: int) -> list[int]:
        """Return the ten best."""
        return _best(self.scores, free)


class Newest(Scored):
    """The newest first: what most self-hosted networks do."""

    def score(self, diary: Diary, now: float) -> Floats:
        """Return when each was published."""
        return diary.world.published


class Popular(Scored):
    """Likes and views, per age: the usual hot formula."""

    def score(self, diary: Diary, now: float) -> Floats:
        """Return the hotness of each."""
        world = diary.world
        liked = [row[1] for row in diary.rows if row[5]]
        likes = np.bincount(np.array(liked, dtype=np.int64), minlength=world.size.videos)
        hours = np.maximum(now - world.published, 0) / 3600
        return (likes * 10 + diary.shown + 1) / (hours + 24) ** 1.2


class RecentlyPopular(Scored):
    """Likes and long views of the last days, newer ones weighing more."""

    def score(self, diary: Diary, now: float) -> Floats:
        """Return the decayed sum of each."""
        if not diary.rows:
            return np.random.default_rng(1).random(diary.world.size.videos)
        log = _log(diary)
        age = (now - log.at) / DAY
        good = np.maximum(log.values, 0) * np.exp2(-age / 3.5)
        return np.bincount(log.items, weights=good, minlength=diary.world.size.videos)


class DailyALS:
    """`implicit`'s ALS on likes and long views, trained once a day; the popular for the new."""

    def __init__(self) -> None:
        self._day = -1
        self._model: object = None
        self._popular = RecentlyPopular()
        self._users: Floats = np.zeros(0)
        self._items: Floats = np.zeros(0)
        self._known: set[int] = set()

    def learn(self, diary: Diary, now: float) -> None:
        """Train where a day has passed."""
        self._popular.learn(diary, now)
        day = int((now - START) // DAY)
        if day == self._day or not diary.rows:
            return
        from implicit.als import AlternatingLeastSquares
        from scipy.sparse import csr_matrix

        self._day = day
        log = _log(diary)
        good = log.values > 0
        shape = (diary.world.size.people, diary.world.size.videos)
        ones = np.ones(int(good.sum()), dtype=np.float32)
        matrix = csr_matrix((ones, (log.users[good], log.items[good])), shape=shape)
        model = AlternatingLeastSquares(factors=32, iterations=10, random_state=1, num_threads=1)
        model.fit(matrix, show_progress=False)
        self._users, self._items = model.user_factors, model.item_factors
        self._known = set(log.users[good].tolist())

    def page(self, diary: Diary, person: int, free: Flags, now: float, seed: int) -> list[int]:
        """Return the ten best for somebody."""
        if person not in self._known:
            return self._popular.page(diary, person, free, now, seed)
        return _best(self._items @ self._users[person], free)


class Ours:
    """The product's ranking, in turns of a page."""

    def __init__(self, weights: Weights | None = None, *, ahead: bool = False) -> None:
        self.weights = weights
        self.ahead = ahead
        self._model: Learned | None = None
        self._ready: dict[int, list[int]] = {}

    def learn(self, diary: Diary, now: float) -> None:
        """Learn everything anew."""
        world = diary.world
        log = _log(diary)
        watched = np.array([row[4] for row in diary.rows], dtype=np.int64)
        length = world.duration_ms[log.items]
        ratios = labels.ratios_of(watched, length)
        diary.quartiles = Quartiles.of(ratios, labels.buckets_of(length))
        counts = models.count_signals(
            log.items, watched, length, size=world.size.videos, quartiles=diary.quartiles
        )
        liked = np.array([row[5] for row in diary.rows], dtype=np.float64)
        counts.signals["like"] = np.bincount(log.items, weights=liked, minlength=world.size.videos)
        self._model = models.learn(
            log,
            content=world.content,
            published=world.published,
            counts=counts,
            now=now,
            quartiles=diary.quartiles,
        )

    def page(self, diary: Diary, person: int, free: Flags, now: float, seed: int) -> list[int]:
        """Return the next page, with `ahead` the one that was made when the last was asked for."""
        if not self.ahead:
            return self._make(diary, person, free, now, seed)
        ready = [one for one in self._ready.pop(person, []) if free[one]]
        page = ready or self._make(diary, person, free, now, seed)
        rest = free.copy()
        rest[page] = False
        self._ready[person] = self._make(diary, person, rest, now, seed + 1)
        return page

    def _make(self, diary: Diary, person: int, free: Flags, now: float, seed: int) -> list[int]:
        if self._model is None:
            return []
        did = diary.of[person][-500:]
        viewer = Person(
            items=np.array([item for item, _ in did], dtype=np.int64),
            values=np.array([value for _, value in did]),
            hidden=~free,
            followed=np.zeros(len(free), dtype=bool),
        )
        last = [item for item, _ in did[-20:]]
        before = Before(tuple(int(diary.world.authors[item]) for item in last), tuple(last))
        picks = ranker.recommend(
            self._model,
            viewer,
            count=BATCH,
            now=now,
            seed=seed,
            before=before,
            weights=self.weights,
        )
        return [pick.item for pick in picks]


class Oracle:
    """Knows everybody's taste: how much there is to gain."""

    def learn(self, diary: Diary, now: float) -> None:
        """Learn nothing."""

    def page(self, diary: Diary, person: int, free: Flags, now: float, seed: int) -> list[int]:
        """Return what will be watched most."""
        return _best(diary.world.expected(person), free)


def _log(diary: Diary) -> Log:
    rows = diary.rows
    return Log(
        users=np.array([row[0] for row in rows], dtype=np.int64),
        items=np.array([row[1] for row in rows], dtype=np.int64),
        at=np.array([row[2] for row in rows], dtype=np.float64),
        values=np.array([row[3] for row in rows], dtype=np.float64),
    )


def _best(scores: Floats, free: Flags) -> list[int]:
    masked = np.where(free, scores, -np.inf)
    best: Ints = top(masked, BATCH)
    return [int(one) for one in best if free[one]]
