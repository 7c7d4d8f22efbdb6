"""A network of stated size, made of rows alone: `python -m tiktok.benchmarks.dataset [SIZE]`.

Seeded, so that every run measures the same data, and written in the same order by batches of one
transaction each: a run that was stopped goes on where it was. Straight into the tables of an
instance (COPY on PostgreSQL); through the product's own verbs it would take days.
"""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from tqdm import tqdm

if TYPE_CHECKING:
    from django.db.models import Model

SEED = 20_26
BATCH = 20_000
EDGES = (360, 540, 720)
DAYS = 30
TAGS_EACH = 2


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    users: int
    videos: int
    likes: int
    follows: int
    tags: int = 2000

    def __str__(self) -> str:
        return (
            f"{self.users:,} people, {self.videos:,} videos, {self.likes:,} likes, "
            f"{self.follows:,} follows"
        )


SIZES = {
    "tiny": Size(users=2_000, videos=2_000, likes=20_000, follows=100_000, tags=200),
    "small": Size(users=1_000, videos=10_000, likes=100_000, follows=20_000),
    "large": Size(users=20_000, videos=200_000, likes=2_000_000, follows=1_000_000),
}
Row = dict[str, Any]


class Network:
    """The rows of a size, by number: row `n` is the same in every run."""

    def __init__(self, size: Size) -> None:
        self.size = size
        # The last full hour: the same for a run that goes on soon after.
        self.now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)

    @cached_property
    def ages(self) -> Any:
        """Minutes since each video was published, the oldest first."""
        chance = np.random.default_rng(SEED)
        return np.sort(chance.integers(60, 60 * 24 * DAYS, self.size.videos))[::-1]

    @cached_property
    def authors(self) -> Any:
        """Number of each video's author; some post much more than others."""
        chance = np.random.default_rng(SEED + 1)
        return (self.size.users * chance.random(self.size.videos) ** 1.5).astype(int)

    @cached_property
    def likes(self) -> Any:
        """Different pairs (user, video); a few videos have most of them."""
        chance = np.random.default_rng(SEED + 2)
        return self._pairs(
            self.size.likes,
            lambda count: (self.size.users * chance.random(count)).astype(int),
            lambda count: (self.size.videos * chance.random(count) ** 3).astype(int),
            self.size.videos,
        )

    @cached_property
    def follows(self) -> Any:
        """Different pairs (follower, followed), nobody themselves."""
        chance = np.random.default_rng(SEED + 3)
        pairs = self._pairs(
            self.size.follows + self.size.users,
            lambda count: (self.size.users * chance.random(count)).astype(int),
            lambda count: (self.size.users * chance.random(count) ** 2).astype(int),
            self.size.users,
        )
        return pairs[pairs[:, 0] != pairs[:, 1]][: self.size.follows]

    def _pairs(
        self, count: int, one: Callable[[int], Any], other: Callable[[int], Any], width: int
    ) -> Any:
        found = np.empty(0, dtype=np.int64)
        while len(found) < count:
            more = one(count).astype(np.int64) * width + other(count)
            found = np.unique(np.concatenate([found, more]))
        chosen = np.random.default_rng(SEED + 4).permutation(found)[:count]
        return np.stack([chosen // width, chosen % width], axis=1)

    @cached_property
    def _head(self) -> int:
        """Milliseconds since 1970 when everything began, as in a UUIDv7."""
        return int((self.now - timedelta(days=DAYS)).timestamp() * 1000)

    def key(self, table: int, number: int) -> UUID:
        """Return the id of a row: a UUIDv7 of the beginning, the rest from its number."""
        tail = (table | 0x80) << 56 | number * 0x9E3779B97F4A7C15 % 2**56
        return UUID(int=self._head << 80 | 0x7000 << 64 | tail)

    def user(self, number: int) -> UUID:
        """Return the id of a person."""
        return UUID(int=0x0190_0000_0000_7000_8000_0000_0000_0000 + number)

    def video(self, number: int) -> UUID:
        """Return the id of a video."""
        return UUID(int=0x0190_0000_0000_7000_8001_0000_0000_0000 + number)


def fill(size: Size) -> None:
    """Write what is missing; call with Django set up."""
    from accounts.models import User
    from social.engagement.models import Like, VideoStats
    from social.graph.models import Follow, PersonStats
    from videos.models import Rendition, Tag, Video, VideoTag

    net = Network(size)
    _write(User, size.users, lambda n: _user(net, n))
    _write(Tag, size.tags, lambda n: {"id": n + 1, "name": f"topic{n}", "created_at": net.now})
    _write(Video, size.videos, lambda n: _video(net, n))
    _write(Rendition, size.videos * len(EDGES), lambda n: _rendition(net, n))
    _write(VideoTag, size.videos * TAGS_EACH, lambda n: _tag(net, n))
    stats = np.bincount(net.likes[:, 1], minlength=size.videos)
    _write(
        VideoStats,
        size.videos,
        lambda n: {"video_id": net.video(n), "likes": int(stats[n]), "views": int(stats[n]) * 40},
    )
    _write(Follow, size.follows, lambda n: _follow(net, n))
    followers = np.bincount(net.follows[:, 1], minlength=size.users)
    following = np.bincount(net.follows[:, 0], minlength=size.users)
    _write(
        PersonStats,
        size.users,
        lambda n: {
            "user_id": net.user(n),
            "followers": int(followers[n]),
            "following": int(following[n]),
        },
    )
    _write(Like, size.likes, lambda n: _like(net, n))
    _analyse()


def _user(net: Network, number: int) -> Row:
    name = f"u{number}"
    return {
        "id": net.user(number),
        "username": name,
        "email": f"{name}@bench.invalid",
        "name": f"Person {number}",
        "password": "!",
        "created_at": net.now,
    }


def _video(net: Network, number: int) -> Row:
    published = net.now - timedelta(minutes=int(net.ages[number]))
    names = " ".join(f"#topic{tag}" for tag in _topics(net, number))
    return {
        "id": net.video(number),
        "author_id": net.user(int(net.authors[number])),
        "caption": f"Clip {number} {names}",
        "processing_state": "ready",
        "created_at": published,
        "published_at": published,
        "announced_at": published,
        "cover_key": f"videos/{net.video(number)}/cover.jpg",
        "blurhash": "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
        "duration_ms": 9000,
        "width": 720,
        "height": 1280,
        "shuffle_key": number * 2_654_435_761 % 2**31,
    }


def _topics(net: Network, number: int) -> list[int]:
    first = number * number % net.size.tags
    return [first, (first + 1 + number % 7) % net.size.tags]


def _tag(net: Network, number: int) -> Row:
    video, position = divmod(number, TAGS_EACH)
    tag = _topics(net, video)[position]
    return {
        "id": number + 1,
        "video_id": net.video(video),
        "tag_id": tag + 1,
        "position": position,
    }


def _rendition(net: Network, number: int) -> Row:
    video, which = divmod(number, len(EDGES))
    edge = EDGES[which]
    return {
        "id": number + 1,
        "video_id": net.video(video),
        "short_edge": edge,
        "width": edge,
        "height": edge * 16 // 9,
        "bitrate": edge * 2500,
        "size": edge * 3000,
        "key": f"videos/{net.video(video)}/{edge}.mp4",
    }


def _follow(net: Network, number: int) -> Row:
    follower, followed = (int(one) for one in net.follows[number])
    return {
        "id": net.key(1, number),
        "follower_id": net.user(follower),
        "followed_id": net.user(followed),
        "created_at": net.now,
    }


def _like(net: Network, number: int) -> Row:
    user, video = (int(one) for one in net.likes[number])
    return {
        "id": net.key(2, number),
        "user_id": net.user(user),
        "video_id": net.video(video),
        "created_at": net.now,
    }


def _write(model: "type[Model]", count: int, make: Callable[[int], Row]) -> None:
    """Write the rows from the first that is missing on."""
    done = model._default_manager.count()
    write(model, (make(number) for number in range(done, count)), total=count, initial=done)


def write(model: "type[Model]", rows: Iterable[Row], *, total: int, initial: int = 0) -> None:
    """Write rows, a batch a transaction; columns that a row does not name have their defaults."""
    fields = model._meta.concrete_fields
    blank = model()
    values = {field.attname: getattr(blank, field.attname) for field in fields}
    columns = [field.column or "" for field in fields]
    waiting = iter(rows)
    with tqdm(total=total, initial=min(initial, total), desc=model.__name__, unit=" rows") as bar:
        while batch := [[*(values | row).values()] for row in islice(waiting, BATCH)]:
            _copy(model, columns, batch)
            bar.update(len(batch))


def _copy(model: "type[Model]", columns: Sequence[str], rows: Sequence[list[Any]]) -> None:
    from django.db import connection, transaction

    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # As text: psycopg's write_row spends most of the run on adapting values.
            lines = ["\t".join([_text(value) for value in row]) for row in rows]
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                copy.write("\n".join(lines) + "\n")
        else:
            marks = ", ".join(["%s"] * len(columns))
            insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(insert, [_prepared(model, row) for row in rows])


def _text(value: Any) -> str:
    """Return a value as COPY reads it; ours have no tabulators, backslashes or line ends."""
    if value is None:
        return "\\N"
    return str(value)


def _prepared(model: "type[Model]", row: Sequence[Any]) -> list[Any]:
    from django.db import connection

    fields = model._meta.concrete_fields
    return [
        field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)
    ]


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            # Rows were written with numbers of their own.
            for table in ("videos_rendition", "videos_tag", "videos_videotag"):
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "  # noqa: S608
                    f"(SELECT max(id) FROM {table}))"
                )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiktok.settings")
    import django

    django.setup()
    fill(SIZES[sys.argv[1] if len(sys.argv) > 1 else "small"])
