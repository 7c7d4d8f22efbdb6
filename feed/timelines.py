"""Timelines: what somebody's followed people posted, kept ready for those who come often.

Hybrid. *Push*: when a video is published a job adds it to the timeline of each follower who has
one, which is whoever opened the following feed within the last hours; the author's request only
queues the job. *Pull*: authors above `PUSH_LIMIT` followers, what appeared in the last minutes (the
job may still run) and readers without a timeline ask the database.

A timeline is 24 bytes an entry (moment of publishing, id), newest first, at most `KEPT`, in one
Redis string. It holds whatever was published, visible or not: who may see it is asked when a page
is read. It is made anew every hour, so that a lost message costs an hour at most.
"""

import logging
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from core.redis_link import Gone, Link, link
from feed import store
from feed.cursors import EPOCH
from social.graph.models import Follow
from videos.models import Video

logger = logging.getLogger(__name__)
KEPT = 48
LIFE_SECONDS = 3600
PUSH_LIMIT = 10_000
RECENT = timedelta(minutes=10)
BATCH = 1000
ENTRY = struct.Struct(">Q16s")
# Adds an entry in its place to every timeline that there is; one that has it stays as it is.
PUSH = """
local pushed, entry, kept = 0, ARGV[1], tonumber(ARGV[2])
for _, key in ipairs(KEYS) do
  local line = redis.call('GET', key)
  if line and not string.find(line, string.sub(entry, 9), 1, true) then
    local at = 1
    while at <= #line and string.sub(line, at, at + 23) > entry do at = at + 24 end
    line = string.sub(line, 1, at - 1) .. entry .. string.sub(line, at)
    redis.call('SET', key, string.sub(line, 1, kept * 24), 'KEEPTTL')
    pushed = pushed + 1
  end
end
return pushed
"""
Entry = tuple[int, UUID]


@dataclass(frozen=True)
class Pushed:
    """What a fan-out did: followers looked at, timelines that got the video, seconds."""

    followers: int
    timelines: int
    seconds: float


def newest(user_id: UUID) -> list[Entry] | None:
    """Return (published, id) of the newest of whom somebody follows, without gaps, newest first.

    Moments are microseconds since 1970. None in the embedded mode and while Redis is away: the
    database is asked for everything then.
    """
    redis = link()
    if redis is None or not redis.is_up:
        return None
    try:
        packed = redis.ask(("GET", key_of(user_id)))[0]
        if packed is None:
            entries = _pull(user_id)  # of everybody, at this moment: nothing stands beside it
            _put(redis, user_id, entries)
            return entries
        entries = [(at, UUID(bytes=name)) for at, name in ENTRY.iter_unpack(packed)]
    except Gone:
        return None
    return sorted({*entries, *_beside(user_id, entries)}, reverse=True)


def push(video_id: UUID) -> Pushed | None:
    """Add a published video to its author's followers' timelines; None where nothing is pushed."""
    redis = link()
    video = Video.objects.filter(pk=video_id, deleted_at__isnull=True).first()
    if redis is None or video is None or video.published_at is None:
        return None
    entry = ENTRY.pack(_micros(video.published_at), video.pk.bytes)
    started, followers, timelines = time.monotonic(), 0, 0
    for batch in _followers(video.author_id):
        followers += len(batch)
        if followers > PUSH_LIMIT:
            break
        keys = [key_of(user_id) for user_id in batch]
        timelines += redis.ask(("EVAL", PUSH, len(keys), *keys, entry, KEPT))[0]
    return Pushed(followers, timelines, time.monotonic() - started)


def rebuild(user_id: UUID) -> int:
    """Make somebody's timeline from the database; return how many entries. Raises Gone."""
    redis = link()
    if redis is None:
        return 0
    entries = _pull(user_id)
    _put(redis, user_id, entries)
    return len(entries)


def forget(user_id: UUID) -> None:
    """Drop a timeline that lacks something: its owner follows somebody new."""
    redis = link()
    if redis is not None and redis.is_up:
        try:
            redis.ask(("DEL", key_of(user_id)))
        except Gone:
            logger.info("a timeline could not be dropped; it ends within the hour")


def _pull(user_id: UUID) -> list[Entry]:
    followed = Follow.objects.filter(follower_id=user_id).values("followed_id")
    return _read(author_id__in=followed)


def _beside(user_id: UUID, entries: list[Entry]) -> list[Entry]:
    """Return what nobody pushes: authors with many followers, and the last minutes of all."""
    floor = EPOCH + timedelta(microseconds=entries[-1][0]) if len(entries) >= KEPT else EPOCH
    mine = Follow.objects.filter(follower_id=user_id)
    many = mine.filter(followed__graph_stats__followers__gt=PUSH_LIMIT).values("followed_id")
    popular = _rows(author_id__in=many, published_at__gte=floor)
    since = timezone.now() - RECENT
    lately = _rows(author_id__in=mine.values("followed_id"), published_at__gt=since)
    return _entries(popular.union(lately, all=True))


def _read(**conditions: object) -> list[Entry]:
    return _entries(_rows(**conditions))


def _rows(**conditions: object) -> "QuerySet[Video]":
    return Video.objects.filter(
        **conditions, deleted_at__isnull=True, published_at__isnull=False
    ).order_by("-published_at", "-id")[:KEPT]


def _entries(rows: "QuerySet[Video]") -> list[Entry]:
    found = rows.values_list("published_at", "id")
    return [(_micros(at), video_id) for at, video_id in found if at is not None]


def _put(redis: Link, user_id: UUID, entries: list[Entry]) -> None:
    packed = b"".join(ENTRY.pack(at, video_id.bytes) for at, video_id in entries)
    redis.ask(("SET", key_of(user_id), packed, "EX", LIFE_SECONDS))


def _followers(author_id: UUID) -> Iterator[list[UUID]]:
    rows = Follow.objects.filter(followed_id=author_id).order_by("id")
    after: UUID | None = None
    while True:
        more = rows.filter(pk__gt=after) if after else rows
        batch = list(more.values_list("pk", "follower_id")[:BATCH])
        if not batch:
            return
        yield [follower_id for _, follower_id in batch]
        after = batch[-1][0]


def _micros(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def key_of(user_id: UUID) -> bytes:
    """Return the key of somebody's timeline."""
    return store.key(b"t", user_id.bytes)
