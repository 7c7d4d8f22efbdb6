"""All that the database knows of one person's likes, in one statement whatever they did.

Nothing of it is kept a second time: forgetting (a reset, a like taken back, an account deleted)
needs no work, and a list can be made again wherever the database is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Model

from feed.models import NotInterested, RankingModel, TagFollow, TasteReset
from social.engagement.models import Comment, Like, Repost, Save, ShareLink, ViewEvent
from social.graph.models import Follow
from videos.models import Tag, Video

VIEWS = 2000
MARKS = 200
NAMED = 400
SOURCES: tuple[tuple[str, Any, str], ...] = (
    ("like", Like, "user_id"),
    ("save", Save, "user_id"),
    ("repost", Repost, "user_id"),
    ("share", ShareLink, "user_id"),
    ("comment", Comment, "author_id"),
    ("not_interested", NotInterested, "user_id"),
)
# Every branch has these columns; what it has nothing for is a null of the same type.
COLUMNS = {
    "kind": "varchar(20)",
    "one": "uuid",
    "other": "uuid",
    "author": "uuid",
    "x": "bigint",
    "y": "bigint",
    "z": "bigint",
    "at": "timestamptz",
    "word": "varchar(100)",
}


class View(NamedTuple):
    """Somebody watched some of a video; lengths in milliseconds."""

    video_id: UUID
    author_id: UUID
    watched_ms: int
    duration_ms: int
    at: datetime


class Mark(NamedTuple):
    """Somebody did something with a video: one of `SOURCES`, at a second since 1970."""

    kind: str
    video_id: UUID
    author_id: UUID
    at: float


@dataclass
class Memory:
    """What one person did lately; views have the oldest first."""

    views: list[View] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    follows: set[UUID] = field(default_factory=set)
    interests: list[str] = field(default_factory=list)
    reset_at: datetime | None = None
    model_id: UUID | None = None
    model_made_at: datetime | None = None


def of(user_id: UUID) -> Memory:
    """Return what somebody did lately, whom they follow, and which model is the newest."""
    key = Video._meta.get_field("author").get_db_prep_value(user_id, connection)
    sql, times = _statement()
    found, watched = Memory(), []
    with connection.cursor() as cursor:
        cursor.execute(sql, [key] * times)
        rows = cursor.fetchall()
    for kind, one, other, author, x, y, z, at, word in rows:
        match kind:
            case "view":
                watched.append((z, View(_uuid(one), _uuid(author), x, y, _moment(at))))
            case "follows":
                found.follows.add(_uuid(one))
            case "interest":
                found.interests.append(word)
            case "reset":
                found.reset_at = _moment(at)
            case "model":
                found.model_id, found.model_made_at = _uuid(one), _moment(at)
            case _:
                made_at = (_uuid(other).int >> 80) / 1000  # ids are UUIDv7
                found.marks.append(Mark(kind, _uuid(one), _uuid(author), made_at))
    found.views = [view for _, view in sorted(watched)]
    return found


@cache
def _statement() -> tuple[str, int]:
    """Return the SQL and how often the person's key is a parameter of it."""
    # Names of tables and columns only; every value is a parameter.
    branches = [*_branches()]
    return " UNION ALL ".join(branches), sum(branch.count("%s") for branch in branches)


def _branches() -> Iterator[str]:
    yield _branch(
        "view",
        {"one": "seen.video_id", "author": "video.author_id", "at": "seen.at"}
        | {"x": "seen.watched_ms", "y": "seen.duration_ms", "z": "seen.id"},
        _latest(ViewEvent, "viewer_id", VIEWS, "seen") + _join(Video, "video", "seen.video_id"),
    )
    for kind, model, owner in SOURCES:
        yield _branch(
            kind,
            {"one": "mark.video_id", "other": "mark.id", "author": "video.author_id"},
            _latest(model, owner, MARKS, "mark") + _join(Video, "video", "mark.video_id"),
        )
    yield _branch(
        "interest",
        {"word": "tag.name"},
        _latest(TagFollow, "user_id", NAMED, "chosen") + _join(Tag, "tag", "chosen.tag_id"),
    )
    follows, resets = (model._meta.db_table for model in (Follow, TasteReset))
    yield _branch("follows", {"one": "followed_id"}, f"{follows} WHERE follower_id = %s")
    yield _branch("reset", {"at": "at"}, f"{resets} WHERE user_id = %s")
    models = RankingModel._meta.db_table
    newest = f"(SELECT id, made_at FROM {models} ORDER BY id DESC LIMIT 1) newest"  # noqa: S608
    yield _branch("model", {"one": "newest.id", "at": "newest.made_at"}, newest)


def _branch(kind: str, columns: dict[str, str], source: str) -> str:
    given = {"kind": f"'{kind}'"} | columns
    # SQLite keeps no types in columns, and a cast to one of PostgreSQL's would change the value.
    casts = connection.vendor == "postgresql"
    chosen = (
        f"CAST({given.get(name, 'NULL')} AS {kind_of})" if casts else given.get(name, "NULL")
        for name, kind_of in COLUMNS.items()
    )
    return f"SELECT {', '.join(chosen)} FROM {source}"  # noqa: S608


def _latest(model: type[Model], owner: str, count: int, name: str) -> str:
    table = model._meta.db_table
    rows = f"SELECT * FROM {table} WHERE {owner} = %s ORDER BY id DESC LIMIT {count}"  # noqa: S608
    return f"({rows}) {name}"


def _join(model: type[Model], name: str, key: str) -> str:
    return f" JOIN {model._meta.db_table} {name} ON {name}.id = {key}"


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _moment(value: Any) -> datetime:
    """Return a moment as PostgreSQL gives it, or as SQLite keeps it."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
