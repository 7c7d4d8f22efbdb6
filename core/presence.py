"""Who is connected now, and who wants to know: kept by expiry, so that no crash leaves a lie.

Every socket is *held* for a while and holds itself again with each heartbeat; a server that dies
holds nobody any more, and whatever sweeps next (`lapsed`) finds them gone, each person once. Who
*watches* somebody is kept the same way. Redis in the scaled mode; in the embedded one the gateway's
own process, whose end is the end of every socket.

This knows ids only: who may know of whom is decided by whoever asks.
"""

import functools
import os
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from django.conf import settings

from core.redis_link import Command, Link, link

MAX_WATCHERS = 500
_NOW = "local t = redis.call('TIME'); local now = t[1] + t[2] / 1000000\n"
# ARGV: prefix, user, connection, seconds, known only (1/0). Returns 1 for somebody who was away.
HOLD = f"""{_NOW}
local due, mine = ARGV[1] .. 'due', ARGV[1] .. 'on:' .. ARGV[2]
local known = redis.call('ZSCORE', due, ARGV[2])
if ARGV[5] == '1' and not known then return 0 end
redis.call('ZREMRANGEBYSCORE', mine, '-inf', now)
redis.call('ZADD', mine, now + ARGV[4], ARGV[3])
local last = redis.call('ZRANGE', mine, -1, -1, 'WITHSCORES')[2]
redis.call('ZADD', due, last, ARGV[2])
redis.call('EXPIRE', mine, math.ceil(last - now) + 60)
return known and 0 or 1
"""
# ARGV: prefix, at most how many. Returns user ids, which no second asker gets.
LAPSED = f"""{_NOW}
local ids = redis.call('ZRANGEBYSCORE', ARGV[1] .. 'due', '-inf', now, 'LIMIT', 0, ARGV[2])
if #ids > 0 then redis.call('ZREM', ARGV[1] .. 'due', unpack(ids)) end
return ids
"""
# ARGV: prefix, then user ids. Returns 1 or 0 for each.
ONLINE = f"""{_NOW}
local found = {{}}
for i = 2, #ARGV do
  local held = redis.call('ZSCORE', ARGV[1] .. 'due', ARGV[i])
  found[#found + 1] = (held and tonumber(held) > now) and 1 or 0
end
return found
"""
# ARGV: prefix, watcher, seconds, at most how many watchers, then user ids.
WATCH = f"""{_NOW}
for i = 5, #ARGV do
  local key = ARGV[1] .. 'watch:' .. ARGV[i]
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  redis.call('ZADD', key, now + ARGV[3], ARGV[2])
  redis.call('ZREMRANGEBYRANK', key, 0, -1 - ARGV[4])
  redis.call('EXPIRE', key, ARGV[3])
end
"""
# ARGV: prefix, user.
WATCHERS = f"""{_NOW}
return redis.call('ZREVRANGEBYSCORE', ARGV[1] .. 'watch:' .. ARGV[2], '+inf', now)
"""


class Roll(Protocol):
    """Sockets and watchers by person; every method raises Gone when Redis is away."""

    def hold(
        self, user_id: str, connection: str, *, seconds: float, known_only: bool = False
    ) -> bool:
        """Keep a person present by a connection; return whether they had been away.

        `known_only` shortens what is held without bringing back somebody who has lapsed.
        """

    def lapsed(self, limit: int = 200) -> list[str]:
        """Take out and return people whom no connection holds any more, each once."""

    def online(self, user_ids: Sequence[str]) -> set[str]:
        """Return who of these is present."""

    def watch(self, watcher_id: str, user_ids: Sequence[str], *, seconds: int) -> None:
        """Note who wants to hear of these people; the latest MAX_WATCHERS of each count."""

    def watchers(self, user_id: str) -> list[str]:
        """Return who wants to hear of a person."""


class RedisRoll:
    """Sorted sets by the moment of expiry, on Redis's clock."""

    def __init__(self, redis: Link) -> None:
        self._redis = redis
        self._prefix = f"{settings.CACHE_KEY_PREFIX}:presence:"

    def hold(
        self, user_id: str, connection: str, *, seconds: float, known_only: bool = False
    ) -> bool:
        """Keep a person present by a connection; return whether they had been away."""
        given: Command = (user_id, connection, seconds, int(known_only))
        return bool(self._redis.ask(("EVAL", HOLD, 0, self._prefix, *given))[0])

    def lapsed(self, limit: int = 200) -> list[str]:
        """Take out and return people whom no connection holds any more."""
        found = self._redis.ask(("EVAL", LAPSED, 0, self._prefix, limit))[0]
        return [user_id.decode() for user_id in found]

    def online(self, user_ids: Sequence[str]) -> set[str]:
        """Return who of these is present."""
        if not user_ids:
            return set()
        found = self._redis.ask(("EVAL", ONLINE, 0, self._prefix, *user_ids))[0]
        return {user_id for user_id, is_on in zip(user_ids, found, strict=True) if is_on}

    def watch(self, watcher_id: str, user_ids: Sequence[str], *, seconds: int) -> None:
        """Note who wants to hear of these people."""
        if user_ids:
            given: Command = (watcher_id, seconds, MAX_WATCHERS, *user_ids)
            self._redis.ask(("EVAL", WATCH, 0, self._prefix, *given))

    def watchers(self, user_id: str) -> list[str]:
        """Return who wants to hear of a person."""
        found = self._redis.ask(("EVAL", WATCHERS, 0, self._prefix, user_id))[0]
        return [watcher.decode() for watcher in found]


class LocalRoll:
    """The same in the memory of the one process that holds the sockets."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, dict[str, float]] = {}
        self._watch: dict[str, dict[str, float]] = defaultdict(dict)

    def hold(
        self, user_id: str, connection: str, *, seconds: float, known_only: bool = False
    ) -> bool:
        """Keep a person present by a connection; return whether they had been away."""
        with self._lock:
            known = user_id in self._held
            if known_only and not known:
                return False
            mine = _live(self._held.get(user_id, {}))
            self._held[user_id] = mine | {connection: time.monotonic() + seconds}
            return not known

    def lapsed(self, limit: int = 200) -> list[str]:
        """Take out and return people whom no connection holds any more."""
        with self._lock:
            gone = [user_id for user_id, held in self._held.items() if not _live(held)][:limit]
            for user_id in gone:
                del self._held[user_id]
            self._watch = defaultdict(
                dict, {key: live for key, of in self._watch.items() if (live := _live(of))}
            )
            return gone

    def online(self, user_ids: Sequence[str]) -> set[str]:
        """Return who of these is present."""
        with self._lock:
            return {user_id for user_id in user_ids if _live(self._held.get(user_id, {}))}

    def watch(self, watcher_id: str, user_ids: Sequence[str], *, seconds: int) -> None:
        """Note who wants to hear of these people."""
        until = time.monotonic() + seconds
        with self._lock:
            for user_id in user_ids:
                live = _live(self._watch[user_id])
                live.pop(watcher_id, None)
                kept = list(live.items())[-(MAX_WATCHERS - 1) :]
                self._watch[user_id] = dict([*kept, (watcher_id, until)])

    def watchers(self, user_id: str) -> list[str]:
        """Return who wants to hear of a person."""
        with self._lock:
            return [*_live(self._watch.get(user_id, {}))]


def _live(held: dict[str, float]) -> dict[str, float]:
    now = time.monotonic()
    return {key: until for key, until in held.items() if until > now}


@functools.cache
def _roll(redis_url: str) -> Roll:
    redis = link()
    return RedisRoll(redis) if redis is not None else LocalRoll()


def roll() -> Roll:
    """Return the process's roll."""
    return _roll(settings.REDIS_URL)


os.register_at_fork(after_in_child=_roll.cache_clear)
