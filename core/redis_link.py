"""A thin way to Redis for hot reads, and the breaker that takes it out of the way when it fails.

redis-py spends 60 to 150 us of CPU on a command or pipeline; this packs and parses with hiredis
over a plain socket and spends about 20. Only what the feed needs: one round trip of some commands,
all of them safe to send twice.

The breaker: after an error nobody asks for `REST` seconds (`Gone` at once), then the next caller
tries again. Connections are kept per process, never across a fork.
"""

import functools
import logging
import os
import socket
import ssl
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import hiredis
from django.conf import settings
from redis.connection import parse_url

logger = logging.getLogger(__name__)
Command: TypeAlias = tuple[str | int | float | bytes | memoryview, ...]
TIMEOUT = 0.5
REST = 2.0
READ_BYTES = 65536
MAX_IDLE = 64


class Gone(Exception):
    """Redis does not answer now: go to the next level of whatever is being done."""


class Link:
    """Round trips to one Redis; safe to share between threads."""

    def __init__(self, url: str) -> None:
        self._options: dict[str, Any] = _parse(url) | {"tls": url.startswith("rediss")}
        self._idle: deque[_Connection] = deque(maxlen=MAX_IDLE)
        self._shut_until = 0.0

    @property
    def is_up(self) -> bool:
        """Whether it is worth asking."""
        return time.monotonic() >= self._shut_until

    def ask(self, *commands: Command) -> list[Any]:
        """Send the commands in one write and return their answers; raises Gone."""
        if not self.is_up:
            raise Gone
        packed = _pack(commands)
        try:
            return self._exchange(packed, len(commands))
        except (OSError, hiredis.HiredisError) as error:
            self._shut_until = time.monotonic() + REST
            self._let_idle_go()
            logger.warning("redis does not answer; going on without it", exc_info=True)
            raise Gone from error

    def _let_idle_go(self) -> None:
        with suppress(IndexError):
            while True:
                self._idle.pop().close()

    def _exchange(self, packed: bytes, count: int) -> list[Any]:
        # A kept connection may have been closed by a restart: a fresh one then decides.
        try:
            kept = self._idle.pop()
        except IndexError:
            kept = None
        if kept is not None:
            try:
                return self._run(kept, packed, count)
            except OSError:
                kept.close()
        return self._run(_Connection(self._options), packed, count)

    def _run(self, connection: "_Connection", packed: bytes, count: int) -> list[Any]:
        try:
            answers = connection.exchange(packed, count)
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        for answer in answers:
            if isinstance(answer, hiredis.HiredisError):
                raise answer
        return answers


class _Connection:
    """A socket that has signed in and chosen its database."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._socket = _connect(options)
        self._reader = hiredis.Reader()
        greetings: list[Command] = []
        if options.get("password"):
            name = [options["username"]] if options.get("username") else []
            greetings.append(("AUTH", *name, options["password"]))
        if options.get("db"):
            greetings.append(("SELECT", int(options["db"])))
        if greetings:
            for answer in self.exchange(_pack(greetings), len(greetings)):
                if isinstance(answer, hiredis.HiredisError):
                    self.close()
                    raise answer

    def exchange(self, packed: bytes, count: int) -> list[Any]:
        """Return the answers to `count` packed commands; raises OSError or HiredisError."""
        self._socket.sendall(packed)
        answers: list[Any] = []
        while len(answers) < count:
            answer = self._reader.gets()
            if answer is not False:
                answers.append(answer)
                continue
            data = self._socket.recv(READ_BYTES)
            if not data:
                raise ConnectionResetError
            self._reader.feed(data)
        return answers

    def close(self) -> None:
        """Let the socket go."""
        self._socket.close()


def _connect(options: dict[str, Any]) -> socket.socket:
    if path := options.get("path"):
        plain = socket.socket(socket.AF_UNIX)
        plain.settimeout(TIMEOUT)
        plain.connect(path)
        return plain
    host, port = options.get("host", "localhost"), int(options.get("port", 6379))
    plain = socket.create_connection((host, port), TIMEOUT)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not options["tls"]:
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _pack(commands: Sequence[Command]) -> bytes:
    # The stub of hiredis says "a tuple of one".
    return b"".join([hiredis.pack_command(command) for command in commands])  # type: ignore[arg-type]


def _parse(url: str) -> dict[str, Any]:
    found: dict[str, Any] = parse_url(url)  # type: ignore[no-untyped-call]
    return found


@functools.cache
def _link(url: str) -> Link:
    return Link(url)


def link() -> Link | None:
    """Return the process's link, None in the embedded mode."""
    return _link(settings.REDIS_URL) if settings.REDIS_URL else None


os.register_at_fork(after_in_child=_link.cache_clear)
