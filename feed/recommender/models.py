"""What was learned of all videos together, by number: the arrays that every page is ranked from."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from feed.recommender import covisits, factors, labels, trends
from feed.recommender.arrays import Floats, Ints, top
from feed.recommender.covisits import CovisitRules, Neighbours
from feed.recommender.factors import Content
from feed.recommender.labels import Quartiles

# How much a mark says beside watching, about 0.6 / sqrt(its base rate); FEED_SIGNAL_WEIGHTS.
SIGNAL_WEIGHTS = {
    "long": 1.0,
    "rewatch": 1.5,
    "skip": -1.0,
    "like": 4.0,
    "comment": 10.0,
    "share": 15.0,
    "not_interested": -30.0,
}
# Per view, in the logs of a large product (KuaiRand); what a video is believed to do until it is
# seen otherwise. A server of ten people starts from the same beliefs.
BASE_RATES = {
    "long": 0.33,
    "rewatch": 0.12,
    "skip": 0.20,
    "like": 0.0185,
    "comment": 0.00255,
    "share": 0.00096,
    "not_interested": 0.00049,
}
OFFERED = 2000  # of the newest and of the trending, that are looked through for each viewer
BELIEF = 60.0  # views that the beliefs weigh


@dataclass(frozen=True)
class Log:
    """What people did: one row a view or mark, in any order; `values` centred, `at` in seconds."""

    users: Ints
    items: Ints
    at: Floats
    values: Floats


@dataclass(frozen=True)
class Counts:
    """Of each video: how often it was shown, and how often each signal came."""

    shown: Floats
    signals: dict[str, Floats]

    def worth(self, weights: dict[str, float]) -> Floats:
        """Return the value of a view: smoothed rates above their base, weighted."""
        total = np.zeros(len(self.shown))
        for name, happened in self.signals.items():
            base = BASE_RATES[name]
            rate = (happened + BELIEF * base) / (self.shown + BELIEF)
            total += weights[name] * (rate - base)
        return total.astype(np.float32)


@dataclass(frozen=True)
class Learned:
    """The model: everything by the number of a video."""

    content: Content
    published: Floats
    shown: Floats
    hits: Floats
    vectors: Floats
    levels: Floats
    worth: Floats
    trend: Floats
    neighbours: Neighbours
    quartiles: Quartiles = field(default_factory=Quartiles)

    def __len__(self) -> int:
        return len(self.published)

    @cached_property
    def trending(self) -> Ints:
        """What is liked most these days, most first: what everybody is offered alike."""
        return top(self.trend, OFFERED)

    @cached_property
    def newest(self) -> Ints:
        """The latest published, latest first."""
        return top(self.published, OFFERED)


def learn(
    log: Log,
    *,
    content: Content,
    published: Floats,
    counts: Counts,
    now: float,
    quartiles: Quartiles | None = None,
    weights: dict[str, float] | None = None,
    rules: CovisitRules | None = None,
) -> Learned:
    """Return the model of a log: vectors, levels, neighbours and trends."""
    size = len(published)
    liked = log.values > 0
    found = factors.learn(log.users, log.items, log.values, content)
    neighbours = covisits.count(
        log.users[liked], log.items[liked], log.at[liked], size=size, rules=rules
    )
    good = trends.decayed(log.items, log.at, size=size, now=now, values=np.maximum(log.values, 0))
    tried = trends.decayed(log.items, log.at, size=size, now=now)
    return Learned(
        content=content,
        published=published,
        shown=counts.shown,
        hits=counts.signals.get("long", np.zeros(size)),
        vectors=found.vectors,
        levels=found.levels,
        worth=counts.worth(SIGNAL_WEIGHTS | (weights or {})),
        # What is liked per view, and by how many: the root keeps a single fan from being a trend.
        trend=(good / (tried + 10) * np.sqrt(tried)).astype(np.float32),
        neighbours=neighbours,
        quartiles=quartiles or Quartiles(),
    )


def count_signals(
    items: Ints, watched_ms: Ints, duration_ms: Ints, *, size: int, quartiles: Quartiles
) -> Counts:
    """Return the counts that views say themselves; marks are added by whoever knows them."""
    ratios = labels.ratios_of(watched_ms, duration_ms)
    places = quartiles.places(ratios, labels.buckets_of(duration_ms))

    def number(happened: Floats) -> Floats:
        return np.bincount(items, weights=happened.astype(np.float64), minlength=size)

    return Counts(
        shown=np.bincount(items, minlength=size).astype(np.float64),
        signals={
            "long": number(places >= labels.LONG_PLACE),
            "rewatch": number(ratios >= labels.REWATCHED),
            "skip": number(labels.skipped(watched_ms, ratios)),
        },
    )
