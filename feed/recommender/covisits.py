"""Co-visitation: what people liked soon after, or before, they liked something else.

The strongest single source for the next item of a short history, and cheap: one pass over the log.
"""

from dataclasses import dataclass

import numpy as np

from feed.recommender.arrays import Floats, Ints, sum_by_key

KEPT = 50
WINDOW = 20
LAST = 20


@dataclass(frozen=True)
class CovisitRules:
    """How neighbours are counted; picked on the validation part of a log, never on its test."""

    reach: float = 5.0
    backward: float = 0.7
    damping: float = 0.5
    half_life_days: float = 60.0


@dataclass(frozen=True)
class Neighbours:
    """Up to `KEPT` neighbours of each item, the nearest first; -1 where there are fewer."""

    items: Ints
    weights: Floats

    def scores(self, recent: Ints, size: int, *, fade: float = 5.0) -> Floats:
        """Return how near every item is to the latest positives, `recent[0]` the very last."""
        total = np.zeros(size, dtype=np.float32)
        last = recent[:LAST]
        if not len(last) or not len(self.items):
            return total
        fading = np.exp(-np.arange(len(last)) / fade).astype(np.float32)
        near = self.items[last]
        weight = self.weights[last] * fading[:, None]
        kept = near >= 0
        np.add.at(total, near[kept], weight[kept])
        return total


def nobody(size: int) -> Neighbours:
    """Return the neighbours of items that nobody has watched."""
    shape = (size, 0)
    return Neighbours(np.empty(shape, np.int32), np.empty(shape, np.float32))


def count(
    users: Ints, items: Ints, at: Floats, *, size: int, rules: CovisitRules | None = None
) -> Neighbours:
    """Return neighbours from positives in any order; `at` in seconds."""
    chosen = rules or CovisitRules()
    if not len(users):
        return nobody(size)
    order = np.lexsort((at, users))
    users, items, at = users[order], items[order].astype(np.int64), at[order]
    newest = float(at.max())
    keys: Ints = np.empty(0, np.int64)
    weights: Floats = np.empty(0, np.float64)
    for step in range(1, WINDOW + 1):
        same = np.flatnonzero(users[step:] == users[:-step])
        if not len(same):
            break
        earlier, later = items[same], items[same + step]
        apart = earlier != later
        earlier, later, same = earlier[apart], later[apart], same[apart]
        days = (newest - at[same + step]) / 86400
        weight = np.exp(-(step - 1) / chosen.reach) * np.exp2(-days / chosen.half_life_days)
        pairs = np.concatenate([earlier * size + later, later * size + earlier])
        both = np.concatenate([weight, weight * chosen.backward])
        keys, weights = sum_by_key(np.concatenate([keys, pairs]), np.concatenate([weights, both]))
    return _nearest(keys, weights, size, chosen.damping)


def _nearest(keys: Ints, weights: Floats, size: int, damping: float) -> Neighbours:
    """Return the heaviest pairs of each item, lightened for what everybody watches."""
    one, other = keys // size, keys % size
    seen = np.bincount(other, weights=weights, minlength=size)
    light = weights / np.maximum(seen[other], 1.0) ** damping
    light /= np.maximum(np.bincount(one, weights=weights, minlength=size)[one], 1.0) ** damping
    order = np.lexsort((other, -light, one))
    one, other, light = one[order], other[order], light[order]
    starts = np.searchsorted(one, np.arange(size))
    rank = np.arange(len(one)) - starts[one]
    kept = rank < KEPT
    found = np.full((size, KEPT), -1, dtype=np.int32)
    values = np.zeros((size, KEPT), dtype=np.float32)
    found[one[kept], rank[kept]] = other[kept]
    values[one[kept], rank[kept]] = light[kept]
    return Neighbours(found, values)
