"""The world: people with latent tastes, videos that keep arriving, and how somebody watches.

Calibrated against KuaiRec and KuaiRand (docs/recommender.md): quartiles of watch ratio, long views
of a random feed, likes per view.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from feed.recommender.arrays import Floats, Ints
from feed.recommender.factors import Content

TOPICS = 16
TAGS = 60
DAY = 86400.0
START = 1_700_000_000.0
FIRST_SHARE = 0.4  # of all videos are there on the first day
RATIO_BASE = -1.15
LONGEST_RATIO = 5.0


@dataclass(frozen=True)
class Size:
    """How big a world is and how long it runs."""

    people: int = 600
    videos: int = 3000
    authors: int = 400
    days: int = 10

    def __str__(self) -> str:
        return (
            f"{self.people:,} people, {self.videos:,} videos of {self.authors:,} authors, "
            f"{self.days} days"
        )


@dataclass(frozen=True)
class Watching:
    """What came of showing one video."""

    ratio: float
    watched_ms: int
    liked: bool


class World:
    """Everything there is, made from a seed; nothing in it depends on what is shown."""

    def __init__(self, size: Size, seed: int) -> None:
        self.size, self.seed = size, seed
        chance = np.random.default_rng(seed)
        topics = _unit(chance.normal(size=(TAGS, TOPICS)))
        fame = 1 / np.arange(1, TAGS + 1) ** 0.7
        fame /= fame.sum()
        favourites = [
            chance.choice(TAGS, size=3, replace=False, p=fame) for _ in range(size.authors)
        ]
        style = chance.normal(size=(size.authors, TOPICS))
        activity = 1 / np.arange(1, size.authors + 1) ** 0.6
        self.authors = chance.choice(size.authors, size=size.videos, p=activity / activity.sum())
        self.tags = np.full((size.videos, 4), -1, dtype=np.int32)
        latent = np.empty((size.videos, TOPICS))
        for video, author in enumerate(self.authors):
            own = chance.choice(favourites[author], size=chance.integers(1, 4), replace=False)
            self.tags[video, : len(own)] = own
            noise = chance.normal(size=TOPICS)
            latent[video] = (
                topics[own].mean(axis=0)
                + 0.35 * style[author] / np.sqrt(TOPICS)
                + 0.5 * noise / np.sqrt(TOPICS)
            )
        self.latent = _unit(latent)
        self.quality = chance.normal(size=size.videos)
        self.duration_ms = np.clip(chance.lognormal(np.log(15_000), 0.6, size.videos), 3e3, 18e4)
        there = chance.random(size.videos) < FIRST_SHARE
        day = np.where(
            there, -30 * chance.random(size.videos), size.days * chance.random(size.videos)
        )
        self.published = START + day * DAY
        wanted = np.array(
            [
                topics[chance.choice(TAGS, size=chance.integers(2, 5), replace=False, p=fame)].sum(
                    0
                )
                for _ in range(size.people)
            ]
        )
        self.people = _unit(
            _unit(wanted) + 0.3 * chance.normal(size=wanted.shape) / np.sqrt(TOPICS)
        )
        self.patience = chance.normal(0, 0.25, size.people)

    @cached_property
    def content(self) -> Content:
        """What anybody can read of the videos."""
        return Content(self.authors, self.tags)

    @cached_property
    def affinity(self) -> Floats:
        """How well each person and video fit: mean about 0, the best about 2."""
        fit = self.people @ self.latent.T
        scaled: Floats = (fit - fit.mean()) / fit.std()
        return scaled

    def expected(self, person: int) -> Floats:
        """Return the logarithm of how much of each video a person would watch."""
        level = RATIO_BASE + 0.6 * self.affinity[person] + 0.35 * self.quality
        expected: Floats = level - 0.25 * np.log(self.duration_ms / 15_000) + self.patience[person]
        return expected

    def watch(self, person: int, video: int, chance: np.random.Generator) -> Watching:
        """Return what a person does with a video."""
        level = float(
            RATIO_BASE
            + 0.6 * self.affinity[person, video]
            + 0.35 * self.quality[video]
            - 0.25 * np.log(self.duration_ms[video] / 15_000)
            + self.patience[person]
        )
        ratio = min(float(np.exp(level + chance.normal(0, 0.75))), LONGEST_RATIO)
        likes = 1 / (1 + np.exp(5.2 - 0.9 * float(self.affinity[person, video]) - ratio))
        return Watching(ratio, int(ratio * self.duration_ms[video]), bool(chance.random() < likes))

    def visible(self, now: float) -> Ints:
        """Return the videos published by now."""
        return np.flatnonzero(self.published <= now)


def _unit(rows: Floats) -> Floats:
    scaled: Floats = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)
    return scaled
