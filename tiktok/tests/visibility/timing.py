"""Whether two groups of times can be told apart: Mann-Whitney's U, and how far the medians lie."""

from collections.abc import Sequence
from itertools import groupby
from statistics import median

CERTAIN = 5.0  # standard deviations
NOTICEABLE = 0.06  # of the median


def u_score(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the standard score of Mann-Whitney's U: 0 for groups of one distribution."""
    ranks, position = 0.0, 0
    labelled = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    for _, ties in groupby(labelled, key=lambda item: item[0]):
        group = list(ties)
        middle = position + (len(group) + 1) / 2
        ranks += middle * sum(1 for _, label in group if label == 0)
        position += len(group)
    n, m = len(one), len(other)
    u = ranks - n * (n + 1) / 2
    deviation: float = (n * m * (n + m + 1) / 12) ** 0.5
    return (u - n * m / 2) / deviation


def are_apart(one: Sequence[float], other: Sequence[float]) -> bool:
    """Return whether the groups differ surely, noticeably, and by more than each does in itself."""
    gap = abs(median(one) - median(other))
    noise = max(_drift(one), _drift(other))
    sure = abs(u_score(one, other)) > CERTAIN
    return sure and gap > NOTICEABLE * median(other) and gap > 3 * noise


def _drift(group: Sequence[float]) -> float:
    """Return how far the medians of every second half lie apart."""
    return abs(median(group[::2]) - median(group[1::2]))
