"""The gateway's one connection to Redis: subscribed to the people who are connected here.

hiredis over asyncio streams. When Redis goes away the feed keeps trying; once it is back it
subscribes anew and says so, because what was published meanwhile has been missed.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import hiredis
from django.conf import settings
from redis.connection import parse_url

from core.bus import Listener

logger = logging.getLogger(__name__)
READ_BYTES = 65536
PATIENCE = 2.0


class RedisFeed:
    """Calls `listener(user_id, frame)` on the event loop for every message."""

    def __init__(self, *, prefix: str, listener: Listener, returned: Callable[[], None]) -> None:
        self._prefix = f"{prefix}user:"
        self._listener = listener
        self._returned = returned
        self._wanted: set[str] = set()
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._writer: asyncio.StreamWriter | None = None

    async def subscribe(self, user_id: str) -> None:
        """Hear of a person; returns when Redis has confirmed, or is away."""
        self._wanted.add(user_id)
        if self._writer is None:
            return
        done = self._waiting.setdefault(user_id, asyncio.get_running_loop().create_future())
        self._write("SUBSCRIBE", self._prefix + user_id)
        with suppress(TimeoutError, asyncio.CancelledError):
            await asyncio.wait_for(asyncio.shield(done), PATIENCE)

    async def unsubscribe(self, user_id: str) -> None:
        """Hear of a person no more."""
        self._wanted.discard(user_id)
        if self._writer is not None:
            self._write("UNSUBSCRIBE", self._prefix + user_id)

    async def run(self) -> None:
        """Keep a connection for ever."""
        pause, first = 0.1, True
        while True:
            try:
                await self._listen(first=first)
            except (OSError, hiredis.HiredisError):
                logger.warning("redis is away; sockets wait for it", exc_info=True)
            finally:
                self._lose()
            first = False
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(pause * 2, 2.0)

    async def _listen(self, *, first: bool) -> None:
        reader, self._writer = await _open()
        parser = hiredis.Reader()
        for user_id in tuple(self._wanted):
            self._write("SUBSCRIBE", self._prefix + user_id)
        if not first:
            self._returned()
        cut = len(self._prefix)
        while data := await reader.read(READ_BYTES):
            parser.feed(data)
            while (answer := parser.gets()) is not False:
                if isinstance(answer, hiredis.HiredisError):
                    raise answer
                if answer[0] == b"message":
                    self._listener(answer[1][cut:].decode(), answer[2])
                elif answer[0] == b"subscribe":
                    self._confirm(answer[1][cut:].decode())

    def _confirm(self, user_id: str) -> None:
        done = self._waiting.pop(user_id, None)
        if done is not None and not done.done():
            done.set_result(None)

    def _write(self, *command: str) -> None:
        if self._writer is not None:
            self._writer.write(hiredis.pack_command(command))  # type: ignore[arg-type]

    def _lose(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        for user_id in tuple(self._waiting):
            self._confirm(user_id)


async def _open() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    found: dict[str, Any] = parse_url(settings.REDIS_URL)  # type: ignore[no-untyped-call]
    if path := found.get("path"):
        reader, writer = await asyncio.open_unix_connection(path)
    else:
        reader, writer = await asyncio.open_connection(
            found.get("host", "localhost"),
            int(found.get("port", 6379)),
            ssl=True if settings.REDIS_URL.startswith("rediss") else None,
        )
    if found.get("password"):
        name = [found["username"]] if found.get("username") else []
        writer.write(hiredis.pack_command(("AUTH", *name, found["password"])))
        await _ok(reader)
    return reader, writer


async def _ok(reader: asyncio.StreamReader) -> None:
    line = await reader.readline()
    if not line.startswith(b"+OK"):
        message = "redis refused the password"
        raise OSError(message)
