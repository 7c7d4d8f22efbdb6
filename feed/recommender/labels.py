"""What watching says: how much of a clip, against clips as long and against what one usually does.

Likes are rare (about 2% of views), so how long somebody watched is the main signal. It is a place
among watch ratios of clips of similar length (0 to 1), minus the viewer's own running mean: a
patient person's half is a quick one's boredom.
"""

from dataclasses import dataclass, field

import numpy as np

from feed.recommender.arrays import Floats, Ints

# Watch ratios that 0, 25, 50, 75 and 100% of views stay below (KuaiRec), until there are own ones.
USUAL_RATIOS = (0.0, 0.31, 0.72, 1.16, 2.5)
PLACES = np.array((0.0, 0.25, 0.5, 0.75, 1.0))
BUCKET_MS = (7_000, 15_000, 30_000, 60_000)
BUCKETS = len(BUCKET_MS) + 1
LONG_PLACE = 0.67
REWATCHED = 1.5
SKIP_RATIO, SKIP_MS = 0.25, 3_000
USUAL_MEAN = 0.5
MEMORY = 0.9
LEAST_OWN = 200  # views of a bucket before its own quartiles replace the usual ones
# What a mark is worth beside watching: how far above one's usual watching it lies.
MARKS = {
    "like": 0.6,
    "save": 0.6,
    "comment": 0.5,
    "share": 0.8,
    "repost": 0.8,
    "not_interested": -1.5,
}
FOLLOWED = 1.0


@dataclass
class Quartiles:
    """Watch ratios at `PLACES`, for each bucket of duration."""

    ratios: Floats = field(default_factory=lambda: np.tile(USUAL_RATIOS, (BUCKETS, 1)))

    @classmethod
    def of(cls, ratios: Floats, buckets: Ints) -> "Quartiles":
        """Return the quartiles of a log, the usual ones where it says too little."""
        made = cls()
        for bucket in range(BUCKETS):
            own = ratios[buckets == bucket]
            if len(own) >= LEAST_OWN:
                found = np.quantile(own, PLACES)
                made.ratios[bucket] = np.maximum.accumulate(found + np.arange(5) * 1e-6)
        return made

    def places(self, ratios: Floats, buckets: Ints) -> Floats:
        """Return the place of each view among views of its bucket, 0 to 1."""
        found = np.zeros(len(ratios), dtype=np.float64)
        for bucket in np.unique(buckets):
            at = buckets == bucket
            found[at] = np.interp(ratios[at], self.ratios[bucket], PLACES)
        return found


def buckets_of(duration_ms: Ints) -> Ints:
    """Return the bucket of each duration."""
    return np.searchsorted(np.array(BUCKET_MS), duration_ms, side="right")


def ratios_of(watched_ms: Ints, duration_ms: Ints) -> Floats:
    """Return how much of a clip was watched; what has no length counts as eight seconds long."""
    length = np.where(duration_ms > 0, duration_ms, 8_000)
    return watched_ms / length


def skipped(watched_ms: Ints, ratios: Floats) -> Floats:
    """Return 1 where somebody left at once."""
    return ((ratios < SKIP_RATIO) & (watched_ms < SKIP_MS)).astype(np.float64)


def centred(places: Floats) -> Floats:
    """Return one viewer's places minus their running mean, in the order they were watched."""
    values = np.empty(len(places), dtype=np.float64)
    mean = USUAL_MEAN
    for number, place in enumerate(places.tolist()):
        values[number] = place - mean
        mean = MEMORY * mean + (1 - MEMORY) * place
    return values
