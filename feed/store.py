"""What the feed keeps in Redis, and how: keys, forms and lifetimes. Nothing here asks the database.

| key | content | lives |
|---|---|---|
| `w:<viewer>:<mode>` | the window of the viewer's latest list (below) | 30 min |
| `v:<viewer>` | 8 random bytes, new when the viewer's relations change; `!` while they do | 1 day |
| `m:<viewer>` | likes, saves, reposts made or unmade since windows were prepared | 1 h |
| `h:<viewer>:<mode>` | a small window, made ahead for the viewer's next visit | 30 min |
| `t:<viewer>` | timeline: the newest of whom they follow (`feed.timelines`) | 1 h |
| `c:<video>` | 8 bytes that stand for who may see it, then the viewer-neutral JSON | 30 min |
| `p:<person>` | the same for a person: 8 bytes, then the JSON beside a video | 1 h |
| `n:<video>` | second of making, then the counters' JSON | 1 h |

An empty `c:` or `p:` is a tombstone: whoever reads it asks the database, and whoever read the
database before must not fill it in. Everything is rebuilt when missing, so Redis may evict at will.

Ids stay 16 bytes. A map to 4-byte numbers would save 0.8 kB of a window (ids and authors) and cost
a table, its index and a second look-up; a window of 32 entries, three pages of ten, is 2.5 kB.
"""

import functools
import secrets
import struct
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

import orjson
from django.conf import settings

from core.redis_link import Command, Link

WINDOW_SECONDS = 1800
TOKEN_SECONDS = 86_400
MARKS_SECONDS = 3600
PUBLIC_CARD_SECONDS = 1800
# URLs of what is not public are good for 15 minutes: handed out, they must last a while yet.
PRIVATE_CARD_SECONDS = 60
PERSON_SECONDS = 3600
COUNTS_SECONDS = 3600
OPEN_SECONDS = 30  # longer than any transaction that changes what is cached
DONE_SECONDS = 6
FILL_SECONDS = 4.0  # a fill must be over before a tombstone is
MOVING = b"!"
STRANGER = b"stranger"
HEAD = 0x80  # in `who`: a window of the next visit, to be grown when that begins
MARK = struct.Struct(">16scB")
MAX_MARKS = 64
ID = 16
TOKEN = 8
# Of a window: its form, its seed, when the list was born (us), its first position, how many ids,
# when it was made, who is looking, the viewer's token.
HEADER = struct.Struct(">BqqIHIB8s")
FORM = 3  # another number with every change of the form: a window of an older program is no window
FACTS = struct.Struct(">16s16s")  # an author, and what the decision rests on
LIKED, SAVED, REPOSTED = 1, 2, 4
# A video hidden from the viewer.
HIDDEN = 0
# The viewer's part of a card: `[marks, reason]` (`marks`: 1 liked, 2 saved, 4 reposted), `HIDDEN`,
# or None where the card itself differs from everybody's: that one sends the page to the database.
Entry: TypeAlias = Any
# Keys, then seconds and values: a tombstone stays.
PUT = """
for i = 1, #KEYS do
  if redis.call('GET', KEYS[i]) ~= '' then
    redis.call('SET', KEYS[i], ARGV[i + 1], 'EX', ARGV[1])
  end
end
"""


@dataclass(slots=True)
class Window:
    """A stretch of one list, from position `start`, with what its viewer sees of some of it.

    Every id has its `facts` (author, stamp) and its entry. `born_us` is in microseconds
    since 1970, `made_at` in seconds.
    """

    seed: int
    born_us: int
    start: int
    ids: list[bytes]
    made_at: int
    who: int
    token: bytes
    language: str
    facts: list[tuple[bytes, bytes]]
    entries: list[Entry]

    def pack(self) -> bytes:
        """Return the bytes that Redis keeps."""
        head = HEADER.pack(
            FORM,
            self.seed,
            self.born_us,
            self.start,
            len(self.ids),
            self.made_at,
            self.who,
            self.token,
        )
        facts = b"".join(FACTS.pack(*fact) for fact in self.facts)
        return head + b"".join(self.ids) + facts + orjson.dumps([self.language, self.entries])


class PackedWindow:
    """A window as Redis keeps it; ids and facts are read as they are asked for."""

    def __init__(self, packed: bytes) -> None:
        (_, self.seed, self.born_us, self.start, count, self.made_at, self.who, _) = (
            HEADER.unpack_from(packed)
        )
        self._packed = packed
        self._facts_at = HEADER.size + count * ID
        tail = self._facts_at + count * FACTS.size
        self.language, self.entries = orjson.loads(memoryview(packed)[tail:])

    def id_at(self, index: int) -> bytes:
        """Return an id."""
        at = HEADER.size + index * ID
        return self._packed[at : at + ID]

    def facts_at(self, index: int) -> tuple[bytes, bytes]:
        """Return author and stamp of an id."""
        found: tuple[bytes, bytes] = FACTS.unpack_from(
            self._packed, self._facts_at + index * FACTS.size
        )
        return found


def token_in(packed: bytes) -> bytes | None:
    """Return the token that a packed window was prepared under, None for one of another form."""
    return packed[HEADER.size - TOKEN : HEADER.size] if packed[0] == FORM else None


@functools.cache
def _prefix() -> bytes:
    return f"{settings.CACHE_KEY_PREFIX}:feed:".encode()


def key(kind: bytes, name: bytes) -> bytes:
    """Return a key: `kind` of `name` (an id's 16 bytes, or a viewer and mode)."""
    return _prefix() + kind + b":" + name


def viewer_name(user_id: UUID | None) -> bytes:
    """Return whose key it is."""
    return user_id.bytes if user_id else b"anon"


def window_key(user_id: UUID | None, mode: str, seed: int) -> bytes:
    """Return the key of a person's latest list of a mode, or of a stranger's by its seed."""
    name = viewer_name(user_id) + b":" + mode.encode()
    return key(b"w", name if user_id else name + b":%d" % seed)


def head_key(user_id: UUID, mode: str) -> bytes:
    """Return the key of the list begun ahead for a person's next visit."""
    return key(b"h", user_id.bytes + b":" + mode.encode())


def token_of(redis: Link, user_id: UUID | None) -> bytes | None:
    """Return what stands for the viewer's relations now, None while they change.

    Read it before the database: whatever is prepared after it and under it is true as long as it
    stays. Raises Gone.
    """
    if user_id is None:
        return STRANGER
    name = key(b"v", user_id.bytes)
    fresh = secrets.token_bytes(8)
    _, found = redis.ask(("SET", name, fresh, "NX", "EX", TOKEN_SECONDS), ("GET", name))
    return found if found != MOVING else None


def put(redis: Link, kind: bytes, parts: Iterable[tuple[bytes, bytes]], *, seconds: int) -> None:
    """Keep parts under `kind`, except where a tombstone says that they have just changed."""
    rows = list(parts)
    if rows:
        keys = [key(kind, name) for name, _ in rows]
        values = [value for _, value in rows]
        redis.ask(("EVAL", PUT, len(keys), *keys, seconds, *values))


def get_parts(redis: Link, names: Sequence[bytes], authors: Sequence[bytes]) -> list[bytes | None]:
    """Return the cards and the counters of videos and the people's parts, in one command.

    Raises Gone.
    """
    prefix = _prefix()
    cards, counts, people = prefix + b"c:", prefix + b"n:", prefix + b"p:"
    answers: list[bytes | None] = redis.ask(
        (
            "MGET",
            *[cards + name for name in names],
            *[counts + name for name in names],
            *[people + author for author in authors],
        )
    )[0]
    return answers


def put_window(redis: Link, user_id: UUID | None, mode: str, window: Window) -> None:
    """Keep a list's window."""
    name = window_key(user_id, mode, window.seed)
    redis.ask(("SET", name, window.pack(), "EX", WINDOW_SECONDS))


def counts_part(counts: object) -> bytes:
    """Return counters as kept: the second of making and their JSON."""
    return int(time.time()).to_bytes(4, "big") + orjson.dumps(counts)


def tombstones(kind: bytes, names: Iterable[UUID], seconds: int) -> list[Command]:
    """Return the commands that bury parts for a while."""
    return [("SET", key(kind, name.bytes), b"", "EX", seconds) for name in names]


def apply_marks(log: bytes) -> dict[tuple[bytes, bytes], bool]:
    """Return the last word of each (video, kind of mark) in a log."""
    return {(name, kind): bool(on) for name, kind, on in MARK.iter_unpack(log)}
