"""The model with its names: which number is which video, author or tag; how it is kept.

One row of the database per model, so that every process and machine has it; the arrays are a few
megabytes. Each process unpacks a model once.
"""

import io
import threading
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np

from feed.models import RankingModel
from feed.recommender import covisits
from feed.recommender.arrays import Ints
from feed.recommender.covisits import Neighbours
from feed.recommender.factors import RANK, Content
from feed.recommender.labels import Quartiles
from feed.recommender.models import Learned

TAGS_EACH = 4
KEPT = 2


@dataclass(frozen=True)
class Shelf:
    """Videos by number."""

    videos: list[UUID]
    authors: list[UUID]
    tags: list[str]
    learned: Learned

    @cached_property
    def number_of(self) -> dict[UUID, int]:
        """Return the numbers of the videos."""
        return {video_id: number for number, video_id in enumerate(self.videos)}

    @cached_property
    def author_numbers(self) -> dict[UUID, int]:
        """Return the numbers of the authors."""
        return {author_id: number for number, author_id in enumerate(self.authors)}

    @cached_property
    def tag_numbers(self) -> dict[str, int]:
        """Return the numbers of the tags."""
        return {name: number for number, name in enumerate(self.tags)}


@dataclass(frozen=True)
class NewVideo:
    """A video that the model has not met."""

    id: UUID
    author_id: UUID
    published_at: datetime
    tags: list[str] = field(default_factory=list)


def empty() -> Shelf:
    """Return the shelf of an instance that has learned nothing."""
    none = np.zeros(0)
    learned = Learned(
        content=Content(np.zeros(0, np.int32), np.zeros((0, TAGS_EACH), np.int32)),
        published=none,
        shown=none,
        hits=none,
        vectors=np.zeros((0, RANK), np.float32),
        levels=np.zeros(0, np.float32),
        worth=np.zeros(0, np.float32),
        trend=np.zeros(0, np.float32),
        neighbours=covisits.nobody(0),
    )
    return Shelf([], [], [], learned)


def extended(shelf: Shelf, new: list[NewVideo]) -> Shelf:
    """Return the shelf with newer videos at its end; they have the vectors of their content."""
    global _latest  # noqa: PLW0603
    unknown = [video for video in new if video.id not in shelf.number_of]
    if not unknown:
        return shelf
    names = tuple(video.id for video in unknown)
    # Whatever is new is new to nearly everybody, and to copy a large shelf takes a while.
    before, known, made = _latest
    if before is not shelf or known != names:
        made = _with_new(shelf, unknown)
        _latest = (shelf, names, made)
    return made


def _with_new(shelf: Shelf, unknown: list[NewVideo]) -> Shelf:
    authors, author_of = _with(shelf.authors, (video.author_id for video in unknown))
    tags, tag_of = _with(shelf.tags, (tag for video in unknown for tag in video.tags))
    more = np.full((len(unknown), TAGS_EACH), -1, dtype=np.int32)
    for row, video in enumerate(unknown):
        named = [tag_of[tag] for tag in video.tags[:TAGS_EACH]]
        more[row, : len(named)] = named
    old = shelf.learned
    count = len(unknown)
    owners = np.array([author_of[video.author_id] for video in unknown], dtype=np.int32)
    content = Content(
        np.concatenate([old.content.authors, owners]), np.concatenate([old.content.tags, more])
    )
    nothing = np.zeros(count)
    shown = np.concatenate([old.shown, nothing])
    size = len(old) + count
    prior = content.prior(_grown(old.vectors, size), shown)
    levels = content.prior(_grown(old.levels, size)[:, None], shown)
    learned = Learned(
        content=content,
        published=np.concatenate(
            [old.published, np.array([video.published_at.timestamp() for video in unknown])]
        ),
        shown=shown,
        hits=np.concatenate([old.hits, nothing]),
        vectors=np.concatenate([old.vectors, prior[len(old) :]]),
        levels=np.concatenate([old.levels, levels[len(old) :, 0]]),
        worth=_grown(old.worth, size),
        trend=_grown(old.trend, size),
        neighbours=Neighbours(
            _grown(old.neighbours.items, size, fill=-1), _grown(old.neighbours.weights, size)
        ),
        quartiles=old.quartiles,
    )
    return Shelf([*shelf.videos, *(video.id for video in unknown)], authors, tags, learned)


# A shelf, what was put at its end the last time, and what came of it.
_latest: tuple[Shelf | None, tuple[UUID, ...], Shelf] = (None, (), empty())


def pack(shelf: Shelf) -> bytes:
    """Return the bytes that the database keeps."""
    learned, kept = shelf.learned, io.BytesIO()
    np.savez_compressed(
        kept,
        videos=_bytes(shelf.videos),
        authors=_bytes(shelf.authors),
        tags=np.array(shelf.tags, dtype=np.str_),
        author_of=learned.content.authors.astype(np.int32),
        tags_of=learned.content.tags.astype(np.int32),
        published=learned.published,
        shown=learned.shown.astype(np.float32),
        hits=learned.hits.astype(np.float32),
        vectors=learned.vectors.astype(np.float16),
        levels=learned.levels.astype(np.float16),
        worth=learned.worth.astype(np.float32),
        trend=learned.trend.astype(np.float32),
        near=learned.neighbours.items.astype(np.int32),
        nearness=learned.neighbours.weights.astype(np.float16),
        quartiles=learned.quartiles.ratios,
    )
    return kept.getvalue()


def unpack(packed: bytes) -> Shelf:
    """Return the shelf of some kept bytes."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as kept:
        learned = Learned(
            content=Content(kept["author_of"], kept["tags_of"]),
            published=kept["published"],
            shown=kept["shown"].astype(np.float64),
            hits=kept["hits"].astype(np.float64),
            vectors=kept["vectors"].astype(np.float32),
            levels=kept["levels"].astype(np.float32),
            worth=kept["worth"],
            trend=kept["trend"],
            neighbours=Neighbours(kept["near"], kept["nearness"].astype(np.float32)),
            quartiles=Quartiles(kept["quartiles"]),
        )
        tags = [str(name) for name in kept["tags"]]
        return Shelf(_uuids(kept["videos"]), _uuids(kept["authors"]), tags, learned)


_current: tuple[UUID | None, Shelf] = (None, empty())
_reading = threading.Lock()


def of_model(newest: UUID | None) -> Shelf:
    """Return the newest model by its id, an empty shelf where nothing was learned yet.

    One query when this process has not met the model, none otherwise.
    """
    global _current  # noqa: PLW0603
    if newest == _current[0]:
        return _current[1]
    with _reading:
        if newest != _current[0]:
            row = RankingModel.objects.filter(pk=newest).first() if newest else None
            _current = (newest, unpack(bytes(row.content))) if row else (None, empty())
        return _current[1]


def keep(shelf: Shelf, *, facts: dict[str, Any]) -> None:
    """Make a model the newest, and drop those that no process reads any more."""
    RankingModel.objects.create(content=pack(shelf), facts=facts)
    kept = RankingModel.objects.order_by("-pk").values_list("pk", flat=True)[:KEPT]
    RankingModel.objects.exclude(pk__in=list(kept)).delete()


def _grown(values: Any, size: int, *, fill: float = 0) -> Any:
    """Return an array with rows of `fill` at its end, `size` in all."""
    shape = (size - len(values), *values.shape[1:])
    return np.concatenate([values, np.full(shape, fill, dtype=values.dtype)])


def _with(known: list[Any], more: Any) -> tuple[list[Any], dict[Any, int]]:
    names = list(dict.fromkeys([*known, *more]))
    return names, {name: number for number, name in enumerate(names)}


def _bytes(keys: list[UUID]) -> Ints:
    joined = b"".join(key.bytes for key in keys)
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(keys), 16)


def _uuids(rows: Ints) -> list[UUID]:
    return [UUID(bytes=row.tobytes()) for row in rows]
