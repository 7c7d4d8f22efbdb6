"""Names for arrays, and the few sums that numpy has no word for."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

# For the reader: numpy's own types tell no two lengths of numbers apart without a cast each time.
Ints: TypeAlias = NDArray[Any]
Floats: TypeAlias = NDArray[Any]
Flags: TypeAlias = NDArray[Any]


def sum_by_key(keys: Ints, values: Floats) -> tuple[Ints, Floats]:
    """Return the different keys, sorted, and the sum of the values of each."""
    found, place = np.unique(keys, return_inverse=True)
    sums: Floats = np.bincount(place, weights=values, minlength=len(found)).astype(np.float64)
    return found, sums


def top(scores: Floats, count: int) -> Ints:
    """Return the places of the best scores, best first; of equals the first comes first."""
    if count >= len(scores):
        return np.argsort(-scores, kind="stable")
    best = np.argpartition(-scores, count)[:count]
    return best[np.lexsort((best, -scores[best]))]


def standardised(scores: Floats) -> Floats:
    """Return scores in units of their spread where they are not zero: sources become comparable."""
    spread = float(np.sqrt(np.mean(np.square(scores)))) if len(scores) else 0.0
    return scores / spread if spread > 0 else scores
