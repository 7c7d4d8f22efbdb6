"""Splits and measures.

- `time`: everything before a moment is known; what each known person takes after it is asked for.
- `last`: of each person the last is asked for, at its own moment; the rest of the log is known.

All things that a person did not take before are ranked (never a sample); one answer per person.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from feed.evaluation.contenders import Contender
from feed.evaluation.logs import Log
from feed.recommender.arrays import Floats, top

KNOWN = 0.8
SPLITS = ("time", "last")
DISCOUNT = 1 / np.log2(np.arange(2, 12))


@dataclass(frozen=True)
class Question:
    """One person at one moment; `history` has the latest first."""

    user: int
    history: list[int]
    moment: float
    wanted: frozenset[int]


@dataclass(frozen=True)
class Task:
    """What is known, and what is asked."""

    known: Log
    questions: list[Question]


@dataclass(frozen=True)
class Marks:
    """What one contender reached on one task."""

    ndcg: float
    recall: float
    coverage: float
    novelty: float


def split(log: Log, how: str) -> Task:
    """Return the task of a split."""
    asked = _after(log) if how == "time" else _last(log)
    known, rest = log.where(~asked), log.where(asked)
    histories: dict[int, list[int]] = defaultdict(list)
    for user, item in zip(known.users[::-1].tolist(), known.items[::-1].tolist(), strict=True):
        histories[user].append(item)
    wanted: dict[int, set[int]] = defaultdict(set)
    moments: dict[int, float] = {}
    cut = float(known.at[-1]) if len(known) else 0.0
    for user, item, at in zip(
        rest.users.tolist(), rest.items.tolist(), rest.at.tolist(), strict=True
    ):
        wanted[user].add(item)
        moments[user] = cut if how == "time" else at
    questions = [
        Question(user, histories[user], moments[user], frozenset(new))
        for user, items in sorted(wanted.items())
        if user in histories and (new := items - set(histories[user]))
    ]
    return Task(known, questions)


def examine(contender: Contender, task: Task) -> Marks:
    """Return what a fitted contender reaches."""
    popularity = np.bincount(task.known.items, minlength=task.known.things) + 1
    rarity = -np.log2(popularity / popularity.sum())
    gains, recalls, novel = [], [], []
    shown: set[int] = set()
    for question, best in _answers(contender, task):
        hits = np.array([item in question.wanted for item in best[:10]], dtype=float)
        ideal = DISCOUNT[: min(10, len(question.wanted))].sum()
        gains.append(float(hits @ DISCOUNT[: len(hits)]) / ideal)
        found = sum(item in question.wanted for item in best)
        recalls.append(found / min(20, len(question.wanted)))
        novel.append(float(rarity[best[:10]].mean()))
        shown.update(best[:10])
    return Marks(
        ndcg=float(np.mean(gains)),
        recall=float(np.mean(recalls)),
        coverage=len(shown) / task.known.things,
        novelty=float(np.mean(novel)),
    )


def _answers(contender: Contender, task: Task) -> Iterator[tuple[Question, list[int]]]:
    for question in task.questions:
        scores: Floats = np.array(
            contender.scores(question.user, question.history, question.moment), dtype=np.float64
        )
        scores[question.history] = -np.inf
        yield question, [int(item) for item in top(scores, 20)]


def _after(log: Log) -> np.ndarray:
    after = np.zeros(len(log), dtype=bool)
    after[int(len(log) * KNOWN) :] = True
    return after


def _last(log: Log) -> np.ndarray:
    latest = {user: place for place, user in enumerate(log.users.tolist())}
    last = np.zeros(len(log), dtype=bool)
    last[list(latest.values())] = True
    return last
