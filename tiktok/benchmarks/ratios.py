"""Interleaved runs of two things, and how one stands to the other."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

Measure = Callable[[], float]


@dataclass(frozen=True)
class Spread:
    """Least, middle and most of some runs."""

    least: float
    middle: float
    most: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        """Return the spread of `values`."""
        return cls(min(values), median(values), max(values))

    def __format__(self, spec: str) -> str:
        return f"{self.middle:{spec}} ({self.least:{spec}} to {self.most:{spec}})"


@dataclass(frozen=True)
class Comparison:
    """A measured thing beside its floor, and the ratios of the pairs run after each other."""

    measured: Spread
    floor: Spread
    ratio: Spread
    runs: int

    @classmethod
    def of(cls, pairs: list[tuple[float, float]]) -> "Comparison":
        """Return what pairs of (measured, floor), run after each other, say."""
        return cls(
            measured=Spread.of([pair[0] for pair in pairs]),
            floor=Spread.of([pair[1] for pair in pairs]),
            ratio=Spread.of([pair[0] / pair[1] for pair in pairs]),
            runs=len(pairs),
        )


def interleave(measured: Measure, floor: Measure, *, runs: int) -> Comparison:
    """Run floor and measured in turns, the order alternating, after one unrecorded round."""
    floor()
    measured()
    pairs = []
    for run in range(runs):
        if run % 2:
            other = measured()
            base = floor()
        else:
            base = floor()
            other = measured()
        pairs.append((other, base))
    return Comparison.of(pairs)
