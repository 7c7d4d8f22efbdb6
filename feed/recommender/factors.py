"""Vectors of videos, from how long people watched them and, where nobody has, from tags and author.

Ridge regression in turns (people, then videos) on centred watching, observed pairs only. A video
leans on its content prior until some fifteen views say otherwise, so one uploaded a minute ago has
a place among the others: that is what lets the newest be recommended to the right people.
"""

from dataclasses import dataclass

import numpy as np

from feed.recommender.arrays import Floats, Ints

RANK = 32
ROUNDS = 6
RIDGE = 3.0
SHRINK_TO_AUTHOR = 15.0
SHRINK_TO_TAGS = 20.0
AT_ONCE = 4096
SEED = 71


@dataclass(frozen=True)
class Content:
    """What is known of videos before anybody watches: author and tags, by number; -1 for none."""

    authors: Ints
    tags: Ints

    def prior(self, values: Floats, views: Floats) -> Floats:
        """Return what author and tags say about each video, from `values` with so many `views`."""
        heavy = values * views[:, None]
        tag_count = int(self.tags.max(initial=-1)) + 1
        tag_sum, tag_views = np.zeros((tag_count, values.shape[1])), np.zeros(tag_count)
        for column in self.tags.T:
            kept = column >= 0
            np.add.at(tag_sum, column[kept], heavy[kept])
            np.add.at(tag_views, column[kept], views[kept])
        by_tag = tag_sum / (tag_views + SHRINK_TO_TAGS)[:, None]
        of_tags = self._mean_of_tags(by_tag)
        author_count = int(self.authors.max(initial=-1)) + 1
        author_sum = np.zeros((author_count, values.shape[1]))
        np.add.at(author_sum, self.authors, heavy)
        author_views = np.bincount(self.authors, weights=views, minlength=author_count)
        mean = author_sum / np.maximum(author_views, 1)[:, None]
        trust = (author_views / (author_views + SHRINK_TO_TAGS))[self.authors][:, None]
        prior: Floats = trust * (mean[self.authors] + of_tags) / 2 + (1 - trust) * of_tags
        return prior.astype(np.float32)

    def _mean_of_tags(self, by_tag: Floats) -> Floats:
        total = np.zeros((len(self.authors), by_tag.shape[1]))
        number = np.zeros(len(self.authors))
        for column in self.tags.T:
            kept = column >= 0
            total[kept] += by_tag[column[kept]]
            number[kept] += 1
        return total / np.maximum(number, 1)[:, None]


@dataclass(frozen=True)
class Factors:
    """A vector and a level of each video: what somebody neutral thinks of it, above the mean."""

    vectors: Floats
    levels: Floats


def learn(users: Ints, items: Ints, values: Floats, content: Content) -> Factors:
    """Return the factors of all videos of `content` from centred values of (user, item) pairs."""
    size = len(content.authors)
    views = np.bincount(items, minlength=size).astype(np.float64)
    levels = _levels(items, values, views, content)
    rest = values - levels[items]
    chance = np.random.default_rng(SEED)
    vectors = _first_guess(content, chance)
    by_user, by_item = _Groups(users), _Groups(items)
    for _ in range(ROUNDS if len(users) else 0):
        people = by_user.solve(vectors[items], rest, np.zeros((1, RANK), np.float32))
        prior = content.prior(vectors, views)
        found = by_item.solve(people[by_user.place], rest, prior[by_item.names])
        vectors = prior
        vectors[by_item.names] = found
    return Factors(vectors.astype(np.float32), levels.astype(np.float32))


def ridge(features: Floats, values: Floats, weights: Floats, strength: float = RIDGE) -> Floats:
    """Return the vector of one person from what they did."""
    heavy = features * weights[:, None]
    left = heavy.T @ features + strength * np.eye(features.shape[1], dtype=np.float32)
    solved: Floats = np.linalg.solve(left, heavy.T @ values)
    return solved.astype(np.float32)


def _levels(items: Ints, values: Floats, views: Floats, content: Content) -> Floats:
    total = np.bincount(items, weights=values, minlength=len(views))
    mean = total / np.maximum(views, 1)
    prior = content.prior(mean[:, None], views)[:, 0]
    return (total + SHRINK_TO_AUTHOR * prior) / (views + SHRINK_TO_AUTHOR)


def _first_guess(content: Content, chance: np.random.Generator) -> Floats:
    """Return random vectors that those of one tag or author share."""
    tags = chance.normal(0, 0.3, (int(content.tags.max(initial=-1)) + 2, RANK))
    authors = chance.normal(0, 0.2, (int(content.authors.max(initial=-1)) + 1, RANK))
    tags[-1] = 0  # of no tag: -1 is the last row
    found: Floats = tags[content.tags].mean(axis=1) + authors[content.authors]
    return found.astype(np.float32)


class _Groups:
    """Rows by whom they are of; `place` is the number of each row's group in `names`."""

    def __init__(self, owners: Ints) -> None:
        self.names, self.place = np.unique(owners, return_inverse=True)
        self._order = np.argsort(self.place, kind="stable")
        self._ends = np.cumsum(np.bincount(self.place, minlength=len(self.names)))

    def solve(self, features: Floats, values: Floats, prior: Floats) -> Floats:
        """Return the vector of each group that explains its values best, leaning on `prior`."""
        ordered, wanted = features[self._order], values[self._order].astype(np.float32)
        prior = np.broadcast_to(prior, (len(self.names), RANK))
        found = np.empty((len(self.names), RANK), dtype=np.float32)
        eye = RIDGE * np.eye(RANK, dtype=np.float32)
        for start in range(0, len(self.names), AT_ONCE):
            stop = min(start + AT_ONCE, len(self.names))
            left = np.empty((stop - start, RANK, RANK), dtype=np.float32)
            right = np.empty((stop - start, RANK), dtype=np.float32)
            for group in range(start, stop):
                begin = self._ends[group - 1] if group else 0
                mine = ordered[begin : self._ends[group]]
                left[group - start] = mine.T @ mine + eye
                right[group - start] = mine.T @ wanted[begin : self._ends[group]]
            right += RIDGE * prior[start:stop]
            found[start:stop] = np.linalg.solve(left, right[..., None])[..., 0]
        return found
