"""What is liked lately, newer likes weighing more: the honest baseline, and one of the sources."""

import numpy as np

from feed.recommender.arrays import Floats, Ints

HALF_LIFE_DAYS = 3.5


def decayed(
    items: Ints,
    at: Floats,
    *,
    size: int,
    now: float,
    values: Floats | None = None,
    half_life_days: float = HALF_LIFE_DAYS,
) -> Floats:
    """Return the decayed sum of each item's values (1 where none are given); `at` in seconds."""
    weight = np.exp2(-np.maximum(now - at, 0) / (86400 * half_life_days))
    if values is not None:
        weight = weight * values
    return np.bincount(items, weights=weight, minlength=size).astype(np.float32)
