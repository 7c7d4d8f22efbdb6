"""One viewer by numbers: what they liked, lately and for long."""

from dataclasses import dataclass, field

import numpy as np

from feed.recommender import factors
from feed.recommender.arrays import Flags, Floats, Ints
from feed.recommender.models import Learned

LONG_FADE = 0.995
SHORT_FADE = 0.93
SHORT = 40
AFFINITY_FADE = 0.98
SHRINK = 3.0


@dataclass
class Person:
    """What ranking needs to know of a viewer. Arrays of signals have the oldest first."""

    items: Ints
    values: Floats
    hidden: Flags
    followed: Flags
    interests: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def positives(self) -> Ints:
        """Return what was liked, the latest first, each once."""
        latest = self.items[::-1][self.values[::-1] > 0]
        _, first = np.unique(latest, return_index=True)
        return latest[np.sort(first)]

    def vectors(self, model: Learned) -> tuple[Floats, Floats]:
        """Return the long and the short vector; zeros for somebody new."""
        rank = model.vectors.shape[1]
        if not len(self.items):
            return np.zeros(rank, np.float32), np.zeros(rank, np.float32)
        ages = np.arange(len(self.items))[::-1]
        features = model.vectors[self.items]
        rest = (self.values - model.levels[self.items]).astype(np.float32)
        long = factors.ridge(features, rest, (LONG_FADE**ages).astype(np.float32))
        fading = (SHORT_FADE ** ages[-SHORT:]).astype(np.float32)
        short: Floats = (features[-SHORT:] * (rest[-SHORT:] * fading)[:, None]).sum(axis=0)
        length = float(np.linalg.norm(short))
        return long, short / length * float(np.linalg.norm(long)) if length else short

    def tag_weights(self, model: Learned) -> Floats:
        """Return how much each tag is liked, -1 to 1; a picked interest counts as liked."""
        size = int(model.content.tags.max(initial=-1)) + 1
        worn = AFFINITY_FADE ** np.arange(len(self.items))[::-1]
        total, weight = np.zeros(size), np.full(size, SHRINK)
        for column in model.content.tags[self.items].T:
            kept = column >= 0
            np.add.at(total, column[kept], (self.values * worn)[kept])
            np.add.at(weight, column[kept], worn[kept])
        picked = self.interests[self.interests < size]
        total[picked] += 1.0
        weight[picked] += 1.0
        shares: Floats = total / weight
        return shares

    def author_weights(self, model: Learned) -> Floats:
        """Return how much each author is liked, -1 to 1."""
        size = int(model.content.authors.max(initial=-1)) + 1
        worn = AFFINITY_FADE ** np.arange(len(self.items))[::-1]
        owners = model.content.authors[self.items]
        total = np.bincount(owners, weights=self.values * worn, minlength=size)
        return total / (np.bincount(owners, weights=worn, minlength=size) + SHRINK)
