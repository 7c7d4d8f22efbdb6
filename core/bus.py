"""How an event finds the gateway that holds somebody's socket: Redis Pub/Sub, or this machine.

What travels is `<event> <conversation or -> <offset>` and, on the next line, the JSON that is
written to sockets as it stands: serialised once by the publisher, never parsed on the way.
"""

import functools
import logging
import os
import secrets
import socket
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import orjson
from django.conf import settings

from core.redis_link import Command, Gone, Link, link

logger = logging.getLogger(__name__)
RING = 256
RING_SECONDS = 900
COUNTER_SECONDS = 7 * 86400
Listener: TypeAlias = Callable[[str, bytes], None]
# ARGV: prefix, head, body without its brace, ring length, ring seconds, counter seconds,
# numbered (1/0), then user ids.
PUBLISH = """
for i = 8, #ARGV do
  local user = ARGV[i]
  if ARGV[7] == '1' then
    local o = redis.call('INCR', ARGV[1] .. 'o:' .. user)
    redis.call('EXPIRE', ARGV[1] .. 'o:' .. user, ARGV[6])
    local frame = ARGV[2] .. ' ' .. o .. '\\n{"o":' .. o .. ',' .. ARGV[3]
    local ring = ARGV[1] .. 'ring:' .. user
    redis.call('RPUSH', ring, frame)
    redis.call('LTRIM', ring, -ARGV[4], -1)
    redis.call('EXPIRE', ring, ARGV[5])
    redis.call('PUBLISH', ARGV[1] .. 'user:' .. user, frame)
  else
    redis.call('PUBLISH', ARGV[1] .. 'user:' .. user, ARGV[2] .. ' 0\\n{' .. ARGV[3])
  end
end
"""


@dataclass(frozen=True, slots=True)
class Frame:
    """An event on its way; `body` is its JSON object.

    `c` is its conversation, or `@` and the id of the one connection that it is for.
    """

    ev: str
    c: str
    body: bytes

    @property
    def head(self) -> bytes:
        """What a gateway reads of it."""
        return f"{self.ev} {self.c}".encode()


class Bus(Protocol):
    """Between whoever publishes and the gateways."""

    def publish(self, user_ids: Sequence[str], frame: Frame, *, numbered: bool = True) -> None:
        """Send to the sockets of these people; raises Gone when that is not possible now."""

    def epoch(self) -> str:
        """Return the name of the present life of the rings; raises Gone."""

    def top(self, user_id: str) -> int:
        """Return the offset of the person's latest event; raises Gone."""

    def replay(self, user_id: str, after: int) -> list[bytes] | None:
        """Return the frames after an offset, None when some are no longer known; raises Gone."""


class RedisBus:
    """Plain PUBLISH through the process's link; gateways subscribe on their own connection."""

    def __init__(self, redis: Link) -> None:
        self._redis = redis
        self.prefix = f"{settings.CACHE_KEY_PREFIX}:rt:"

    def publish(self, user_ids: Sequence[str], frame: Frame, *, numbered: bool = True) -> None:
        """Send to the sockets of these people; raises Gone."""
        head: Command = ("EVAL", PUBLISH, 0, self.prefix, frame.head, frame.body[1:])
        self._redis.ask((*head, RING, RING_SECONDS, COUNTER_SECONDS, int(numbered), *user_ids))

    def epoch(self) -> str:
        """Return the name of this Redis's present data."""
        key = f"{self.prefix}epoch"
        answers = self._redis.ask(("SET", key, secrets.token_urlsafe(9), "NX"), ("GET", key))
        return bytes(answers[1]).decode()

    def top(self, user_id: str) -> int:
        """Return the offset of the person's latest event."""
        return int(self._redis.ask(("GET", f"{self.prefix}o:{user_id}"))[0] or 0)

    def replay(self, user_id: str, after: int) -> list[bytes] | None:
        """Return the frames after an offset, None when some are no longer known."""
        ring, top = self._redis.ask(
            ("LRANGE", f"{self.prefix}ring:{user_id}", 0, -1), ("GET", f"{self.prefix}o:{user_id}")
        )
        return _after(ring, int(top or 0), after)


class LocalBus:
    """One machine without Redis: rings in the gateway's process, a socket file for the others."""

    def __init__(self) -> None:
        self.listener: Listener | None = None
        self._lock = threading.Lock()
        self._epoch = secrets.token_urlsafe(9)
        self._tops: dict[str, int] = defaultdict(int)
        self._rings: dict[str, deque[bytes]] = {}

    def publish(self, user_ids: Sequence[str], frame: Frame, *, numbered: bool = True) -> None:
        """Hand to the gateway of this process, or to the one that listens on the socket file."""
        if self.listener is None:
            self._hand_over(user_ids, frame, numbered=numbered)
            return
        with self._lock:
            for user_id in user_ids:
                self.listener(user_id, self._number(user_id, frame, numbered=numbered))

    def epoch(self) -> str:
        """Return the name of this process's life."""
        return self._epoch

    def top(self, user_id: str) -> int:
        """Return the offset of the person's latest event."""
        return self._tops.get(user_id, 0)

    def replay(self, user_id: str, after: int) -> list[bytes] | None:
        """Return the frames after an offset, None when some are no longer known."""
        with self._lock:
            ring = list(self._rings.get(user_id, ()))
        return _after(ring, self.top(user_id), after)

    def receive(self, datagram: bytes) -> None:
        """Publish what another process handed over."""
        user_ids, ev, c, body, numbered = orjson.loads(datagram)
        self.publish(user_ids, Frame(ev, c, body.encode()), numbered=numbered)

    def _number(self, user_id: str, frame: Frame, *, numbered: bool) -> bytes:
        if not numbered:
            return b"%b 0\n%b" % (frame.head, frame.body)
        self._tops[user_id] = o = self._tops[user_id] + 1
        made = b'%b %d\n{"o":%d,%b' % (frame.head, o, o, frame.body[1:])
        self._rings.setdefault(user_id, deque(maxlen=RING)).append(made)
        return made

    def _hand_over(self, user_ids: Sequence[str], frame: Frame, *, numbered: bool) -> None:
        packed = orjson.dumps([list(user_ids), frame.ev, frame.c, frame.body.decode(), numbered])
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
            door.settimeout(0.2)
            try:
                door.sendto(packed, str(socket_path()))
            except OSError as error:
                raise Gone from error


def open_socket() -> socket.socket:
    """Return the gateway's end of the socket file; whoever had it before has it no more."""
    path = socket_path()
    with suppress(FileNotFoundError):
        path.unlink()
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024**2)
    door.bind(str(path))
    path.chmod(0o600)
    door.setblocking(False)
    return door


def socket_path() -> Path:
    """Return where the socket file of this instance lies."""
    return Path(settings.DATA_DIR) / "realtime.sock"


def read_offset(frame: bytes) -> int:
    """Return the number of a frame; 0 for one that has none."""
    head, _, _ = frame.partition(b"\n")
    return int(head.rpartition(b" ")[2])


def _after(ring: Sequence[bytes], top: int, after: int) -> list[bytes] | None:
    if after > top:
        return None
    missed = [frame for frame in ring if read_offset(frame) > after]
    return missed if len(missed) == top - after else None


@functools.cache
def _bus(redis_url: str) -> Bus:
    redis = link()
    return RedisBus(redis) if redis is not None else LocalBus()


def bus() -> Bus:
    """Return the process's bus."""
    return _bus(settings.REDIS_URL)


os.register_at_fork(after_in_child=_bus.cache_clear)
