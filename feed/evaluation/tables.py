"""The tables: every contender on every split, with the spread over seeds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Any

import numpy as np

from feed.evaluation import protocol
from feed.evaluation.contenders import (
    Contender,
    Implicit,
    Ours,
    Popularity,
    Random,
    Recency,
    RecencyPopularity,
)
from feed.evaluation.logs import Log
from feed.evaluation.protocol import Marks

ALIKE = (0.0, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0)
HALF_LIVES = (1.0, 2.0, 3.5)
ALS: dict[str, Any] = {"regularization": 0.05, "iterations": 15, "alpha": 1.0}
Make = Callable[[], Contender]


@dataclass(frozen=True)
class Row:
    """One line: means over the seeds, and how far NDCG spreads."""

    name: str
    marks: Marks
    spread: float


def rows(log: Log, how: str, *, seeds: int, step: Callable[[str], None]) -> Iterator[Row]:
    """Yield the lines of a split; ours with what validation picked."""
    task = protocol.split(log, how)
    for name, make, random in _contenders():
        step(name)
        yield _row(name, make, task, seeds if random else 1)
    step("validation")
    picked = tuned(task.known, how)
    yield _row(f"ours (co-visits {picked.alike:g}, trend)", lambda: picked, task, 1)


def tuned(known: Log, how: str) -> Ours:
    """Return our blend with the weights that do best on a split of what is known."""
    validation = protocol.split(known, how)
    best, best_marks = Ours(alike=0.1, half_life_days=2.0), -1.0
    for half_life in HALF_LIVES:
        for alike in ALIKE:
            tried = Ours(alike=alike, half_life_days=half_life)
            tried.fit(validation.known, 0)
            marks = protocol.examine(tried, validation).ndcg
            if marks > best_marks:
                best, best_marks = Ours(alike=alike, half_life_days=half_life), marks
    return best


def has_library() -> bool:
    """Return whether `implicit` is installed."""
    return find_spec("implicit") is not None and find_spec("scipy") is not None


def text(lines: list[Row], how: str) -> str:
    """Return a table as Markdown."""
    head = [
        f"| {how} split | NDCG@10 | Recall@20 | coverage | novelty (bits) |",
        "|---|---|---|---|---|",
    ]
    body = [
        f"| {row.name} | {row.marks.ndcg:.4f}{_spread(row)} | {row.marks.recall:.4f} "
        f"| {row.marks.coverage:.2f} | {row.marks.novelty:.1f} |"
        for row in lines
    ]
    return "\n".join([*head, *body])


def ratios(lines: list[Row]) -> str:
    """Return what ours is to popularity and to the best of the library."""
    marks = {row.name: max(row.marks.ndcg, 1e-9) for row in lines}  # nobody may hit anything
    ours = lines[-1].marks.ndcg
    said = [f"ours / popularity {ours / marks['popularity']:.2f}"]
    library = [value for name, value in marks.items() if name.startswith("implicit")]
    if library:
        said.append(f"ours / best of implicit {ours / max(library):.2f}")
    said.append(f"ours / recency-popularity {ours / marks['recency-popularity']:.2f}")
    return ", ".join(said)


def _contenders() -> Iterator[tuple[str, Make, bool]]:
    yield "random", Random, True
    yield "popularity", Popularity, False
    yield "newest", Recency, False
    yield "recency-popularity", RecencyPopularity, False
    if has_library():
        for kind in ("cosine", "tfidf", "bm25"):
            yield f"implicit item-kNN {kind}", partial(Implicit, kind, K=100), False
        for factors in (32, 64):
            made = partial(Implicit, "als", factors=factors, **ALS)
            yield f"implicit ALS {factors}", made, True


def _row(name: str, make: Make, task: protocol.Task, seeds: int) -> Row:
    found = []
    for seed in range(1, seeds + 1):
        contender = make()
        contender.fit(task.known, seed)
        found.append(protocol.examine(contender, task))
    mean = Marks(
        *(float(np.mean([getattr(one, field) for one in found])) for field in Marks.__annotations__)
    )
    return Row(name, mean, float(np.std([one.ndcg for one in found])) if seeds > 1 else 0.0)


def _spread(row: Row) -> str:
    return f" ± {row.spread:.4f}" if row.spread else ""
