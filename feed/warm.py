"""A page from memory: prepared entries, neutral cards and counters, joined as bytes without SQL.

Nothing is decided here. The database decided, with the one rule, when the window was prepared
(`feed.ahead`); what it looked at has a stamp (who may see the video, the state of its author) and a
token (the viewer's relations). Where all of them are still the same, so is the decision. Anything
else - a tombstone, another token, an entry that is not there - is None: ask the database.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import orjson
from django.utils import translation

from core.redis_link import Command, Gone, Link, link
from feed import ahead, parts, store
from feed.cards import ViewerPart
from feed.cursors import Place
from feed.modes import signed_in
from feed.store import PackedWindow
from videos.policies import Viewer

MARKS = {b"l": store.LIKED, b"s": store.SAVED, b"r": store.REPOSTED}


def _opening(marks: int) -> bytes:
    part = ViewerPart(
        liked=bool(marks & store.LIKED),
        saved=bool(marks & store.SAVED),
        reposted=bool(marks & store.REPOSTED),
    )
    return orjson.dumps(part).removesuffix(b"null}")


# The viewer's part of the JSON up to its last value, the reason, by marks.
OPENINGS = tuple(_opening(marks) for marks in range(8))
COUNTS_FRESH_SECONDS = 60


class Rider(Protocol):
    """Somebody else's commands on the way to Redis."""

    def commands(self) -> Sequence[Command]:
        """Return them."""

    def answered(self, answers: Sequence[Any]) -> None:
        """Take their answers; may raise what the request is to be answered with."""


@dataclass(frozen=True, slots=True)
class WarmPage:
    """A page that is not the last: JSON objects, and the position of the next page."""

    videos: list[bytes]
    skip: int
    born_us: int


def read(
    *, viewer: Viewer, place: Place, limit: int, rider: Rider | None = None
) -> WarmPage | None:
    """Return the page at `place`, or None when it has to come from the database.

    `rider`'s commands travel along with the first question; it is told their answers.
    """
    redis = link()
    if redis is None or not redis.is_up:
        return None
    user = signed_in(viewer)
    user_id = user.pk if user else None
    try:
        return _read(redis, viewer, user_id, place, limit, rider)
    except Gone:
        return None


def _read(
    redis: Link,
    viewer: Viewer,
    user_id: UUID | None,
    place: Place,
    limit: int,
    rider: Rider | None,
) -> WarmPage | None:
    names = [store.window_key(user_id, place.mode, place.seed.number)]
    if user_id:
        names += [store.key(b"v", user_id.bytes), store.key(b"m", user_id.bytes)]
    riding = rider.commands() if rider else ()
    *answers, (packed, *rest) = redis.ask(*riding, ("MGET", *names))
    if rider:
        rider.answered(answers)
    token, log = rest or (store.STRANGER, None)
    if not packed or token != store.token_in(packed):
        return None
    window = PackedWindow(packed)
    chosen = _choose(window, viewer, place, limit)
    if chosen is None:
        return None
    found = _cards(redis, window, chosen, log)
    if found is None:
        return None
    last = chosen[-1] + 1
    if window.who & store.HEAD:
        ahead.prepare_window(viewer=viewer, place=place, limit=limit)
        ahead.prepare_head(viewer=viewer, mode=place.mode)
    elif len(window.entries) - last <= limit and place.skip > window.start:
        ahead.prepare_window(viewer=viewer, place=place, limit=limit)
    return WarmPage(found, window.start + last, window.born_us)


def _choose(window: PackedWindow, viewer: Viewer, place: Place, limit: int) -> list[int] | None:
    """Return the places in the window of a page that is surely not the last one."""
    if (
        window.seed != place.seed.number
        or window.who & ~store.HEAD != parts.who(viewer)
        or window.language != translation.get_language()
        or time.time() - window.made_at > store.WINDOW_SECONDS
    ):
        return None
    first = place.skip - window.start
    if first < 0:
        return None
    chosen = []
    for index, entry in enumerate(window.entries[first:], first):
        if entry is None:
            return None
        if entry != store.HIDDEN:
            chosen.append(index)
            if len(chosen) > limit:
                return chosen[:limit]
    return None


def _cards(
    redis: Link, window: PackedWindow, chosen: Sequence[int], log: bytes | None
) -> list[bytes] | None:
    facts = [window.facts_at(index) for index in chosen]
    names = [window.id_at(index) for index in chosen]
    authors = list(dict.fromkeys(author for author, _ in facts))
    values = store.get_parts(redis, names, authors)
    size = len(names)
    people = dict(zip(authors, values[2 * size :], strict=True))
    marks = store.apply_marks(log) if log else {}
    now, found, stale = int(time.time()), [], []
    for index, (author, stamp), name, card, counts in zip(
        chosen, facts, names, values[:size], values[size : 2 * size], strict=True
    ):
        person = people[author]
        if not card or not person or not counts or card[:8] + person[:8] != stamp:
            return None
        if now - int.from_bytes(counts[:4], "big") > COUNTS_FRESH_SECONDS:
            stale.append(UUID(bytes=name))
        marked, reason = window.entries[index]
        if marks:
            marked = _marked(marked, name, marks)
        part = b"%b%b}" % (OPENINGS[marked], orjson.dumps(reason))
        found.append(parts.join(card, person, counts, part))
    if stale:
        ahead.refresh_counts(stale)
    return found


def _marked(marked: int, name: bytes, marks: dict[tuple[bytes, bytes], bool]) -> int:
    for kind, bit in MARKS.items():
        if (name, kind) in marks:
            marked = marked | bit if marks[name, kind] else marked & ~bit
    return marked
