"""Keeping what Redis remembers true: what each change makes stale, and when.

A change that decides who sees what is announced twice. While its transaction is open the parts are
buried and the viewer's token says "moving" (30 s, longer than any transaction), so that readers
ask the database; after the commit they are buried for a few seconds more, which outlasts every
reader that looked before, and the token becomes another. A process that dies between the two has
left the first mark behind. Prepared windows live 30 minutes at most, whatever is lost.

While Redis is away its commands wait in this process, and are sent when it is back.
"""

import logging
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterable
from uuid import UUID

from core.redis_link import REST, Command, Gone, Link, link
from feed import store

logger = logging.getLogger(__name__)
MAX_WAITING = 50_000
_waiting: deque[list[Command]] = deque(maxlen=MAX_WAITING)
_sender = threading.Lock()


def relations_changing(user_ids: Iterable[UUID]) -> None:
    """Say that how these people stand to others is being changed."""
    _send(
        ("SET", store.key(b"v", user_id.bytes), store.MOVING, "EX", store.OPEN_SECONDS)
        for user_id in user_ids
    )


def relations_changed(user_ids: Iterable[UUID]) -> None:
    """Make everything prepared for these people be looked at again."""
    _send(
        ("SET", store.key(b"v", user_id.bytes), secrets.token_bytes(8), "EX", store.TOKEN_SECONDS)
        for user_id in user_ids
    )


def videos_changing(video_ids: Iterable[UUID]) -> None:
    """Say that these videos, or who may see them, are being changed."""
    _send(store.tombstones(b"c", video_ids, store.OPEN_SECONDS))


def videos_changed(video_ids: Iterable[UUID]) -> None:
    """Forget the cards of these videos."""
    _send(store.tombstones(b"c", video_ids, store.DONE_SECONDS))


def people_changing(user_ids: Iterable[UUID]) -> None:
    """Say that what everybody sees of these people is being changed."""
    _send(store.tombstones(b"p", user_ids, store.OPEN_SECONDS))


def people_changed(user_ids: Iterable[UUID]) -> None:
    """Forget what stands beside these people's videos."""
    _send(store.tombstones(b"p", user_ids, store.DONE_SECONDS))


def marked(*, user_id: UUID, video_id: UUID, kind: bytes, on: bool) -> None:
    """Remember a mark that the viewer's prepared windows do not know; `kind` one of `l s r`."""
    redis = link()
    if redis is None:
        return
    name = store.key(b"m", user_id.bytes)
    row = store.MARK.pack(video_id.bytes, kind, on)
    try:
        length, _ = redis.ask(("APPEND", name, row), ("EXPIRE", name, store.MARKS_SECONDS))
    except Gone:
        relations_changed([user_id])
        return
    if length > store.MAX_MARKS * store.MARK.size:
        relations_changed([user_id])
        _send([("DEL", name)])


def forget_everything() -> None:
    """Drop all that the feed keeps in Redis: after a restored backup, or rows changed by hand."""
    redis = link()
    if redis is None:
        return
    cursor = b"0"
    while True:
        cursor, names = redis.ask(("SCAN", cursor, "MATCH", store.key(b"*", b"*"), "COUNT", 1000))[
            0
        ]
        if names:
            redis.ask(("UNLINK", *names))
        if cursor == b"0":
            return


def _send(commands: Iterable[Command]) -> None:
    redis = link()
    wanted = list(commands)
    if redis is None or not wanted:
        return
    try:
        redis.ask(*wanted)
    except Gone:
        _waiting.append(wanted)
        threading.Thread(target=_send_waiting, args=(redis,), daemon=True).start()


def _send_waiting(redis: Link) -> None:
    """Send what waits as soon as Redis answers again; one thread does."""
    if not _sender.acquire(blocking=False):
        return
    try:
        while _waiting:
            time.sleep(REST)
            try:
                while _waiting:
                    redis.ask(*_waiting[0])
                    _waiting.popleft()
            except Gone:
                continue
    finally:
        _sender.release()
