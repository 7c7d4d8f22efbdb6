"""Who is compared: simple baselines, the models of `implicit`, and our own sources."""

from typing import Any, Protocol

import numpy as np

from feed.evaluation.logs import Log
from feed.recommender import covisits, trends
from feed.recommender.arrays import Floats, standardised
from feed.recommender.covisits import CovisitRules


class Contender(Protocol):
    """Learns from a log, then scores every thing for a person at a moment."""

    def fit(self, known: Log, seed: int) -> None:
        """Learn."""

    def scores(self, user: int, history: list[int], moment: float) -> Floats:
        """Return a score for each thing; `history` has the latest first."""


class Random:
    """Chance."""

    def fit(self, known: Log, seed: int) -> None:
        """Remember the size."""
        self._chance, self._size = np.random.default_rng(seed), known.things

    def scores(self, user: int, history: list[int], moment: float) -> Floats:
        """Return anything."""
        return self._chance.random(self._size)


class Popularity:
    """How often each was taken, ever."""

    def fit(self, known: Log, seed: int) -> None:
        """Count."""
        self._counts = np.bincount(known.items, minlength=known.things)

    def scores(self, user: int, history: list[int], moment: float) -> Floats:
        """Return the counts."""
        return self._counts


class Recency:
    """The latest first seen."""

    def fit(self, known: Log, seed: int) -> None:
        """Note when each came up."""
        self._born = np.full(known.things, -np.inf)
        first, place = np.unique(known.items, return_index=True)
        self._born[first] = known.at[place]

    def scores(self, user: int, history: list[int], moment: float) -> Floats:
        """Return when each came up, of those that had by then."""
        return np.where(self._born <= moment, self._born, -1e18)


class RecencyPopularity:
    """How often each was taken lately, as seen from the moment of the question."""

    def __init__(self, half_life_days: float = 3.5) -> None:
        self.half_life_days = half_life_days
        self._ready: dict[float, Floats] = {}

    def fit(self, known: Log, seed: int) -> None:
        """Remember the log."""
        self._known = known
        self._ready = {}

    def scores(self, user: int, history: list[int], moment: float) -> Floats:
        """Return the decayed counts of what had happened by then, never of what came later."""
        if moment not in self._ready:
            stop = int(np.searchsorted(self._known.at, moment, side="right"))
            self._ready = {
                moment: trends.decayed(
                    self._known.items[:stop],
                    self._known.at[:stop],
                    size=self._known.things,
                    now=moment,
                    half_life_days=self.half_life_days,
                )
            }
        return self._ready[moment]


class Ours:
    """The ranking's sources that a bare log can feed: co-visits of the last likes, and trends.

    A log without watch times, authors and tags has nothing for the others.
    """

    def __init__(
        self, *, alike: float, half_life_days: float, rules: CovisitRules | None = None
    ) -> None:
        self.alike, self.rules = alike, rules
        self._trend = RecencyPopularity(half_life_days)

    def fit(self, known: Log, seed: int) -> None:
        """Learn neighbours."""
        self._trend.fit(known, seed)
        self._size = known.things
        self._near = covisits.count(
            known.users, known.items, known.at, size=known.things, rules=self.rules
        )

    def scores(self, user: int, history: list[int], moment: float) -> Floats:
        """Return both, each in units of its spread."""
        near = standardised(self._near.scores(np.array(history), self._size))
        return self.alike * near + standardised(self._trend.scores(user, history, moment))


class Implicit:
    """A model of `implicit` (requirements-evaluation.txt)."""

    def __init__(self, name: str, **options: Any) -> None:
        self.name, self.options = name, options

    def fit(self, known: Log, seed: int) -> None:
        """Train it."""
        from implicit import als, nearest_neighbours
        from scipy.sparse import csr_matrix

        ones = np.ones(len(known), dtype=np.float32)
        self._rows = csr_matrix((ones, (known.users, known.items)), (known.people, known.things))
        self._factors = self.name == "als"
        if self._factors:
            self._model = als.AlternatingLeastSquares(
                random_state=seed, num_threads=1, **self.options
            )
        else:
            kinds = {
                "cosine": nearest_neighbours.CosineRecommender,
                "tfidf": nearest_neighbours.TFIDFRecommender,
                "bm25": nearest_neighbours.BM25Recommender,
            }
            self._model = kinds[self.name](num_threads=1, **self.options)
        self._model.fit(self._rows, show_progress=False)

    def scores(self, user: int, history: list[int], moment: float) -> Floats:
        """Return the model's scores."""
        if self._factors:
            scores: Floats = self._model.item_factors @ self._model.user_factors[user]
            return scores
        return np.asarray(self._rows[user].dot(self._model.similarity).todense()).ravel()
