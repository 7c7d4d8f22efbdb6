"""The gateway's one connection to Redis: subscribed to the people who are connected here.

hiredis over asyncio streams. When Redis goes away the feed keeps trying; once it is back and has
confirmed every subscription the feed says so, because what was published meanwhile has been
missed. A line that went silent without an end is found by asking: Redis answers PING in order.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import hiredis
from django.conf import settings
from redis.connection import parse_url

from core.bus import Listener

logger = logging.getLogger(__name__)
READ_BYTES = 1024**2
PATIENCE = 2.0
PING_SECONDS = 3.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0


class RedisFeed:
    """Calls `listener(user_id, frame)` on the event loop for every message."""

    def __init__(self, *, prefix: str, listener: Listener, returned: Callable[[], None]) -> None:
        self._prefix = f"{prefix}user:"
        self._listener = listener
        self._returned = returned
        self._wanted: set[str] = set()
        # SUBSCRIBEs that Redis has yet to confirm: several, where somebody left and came back.
        self._asked: Counter[str] = Counter()
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._missed = False
        self._heard = True
        self._pause = FIRST_PAUSE
        self._writer: asyncio.StreamWriter | None = None

    async def subscribe(self, user_id: str) -> None:
        """Hear of a person; returns when Redis has confirmed, or is away."""
        if user_id not in self._wanted:
            self._wanted.add(user_id)
            self._ask(user_id)
        if not self._asked[user_id]:
            return
        loop = asyncio.get_running_loop()
        done = self._waiting.setdefault(user_id, loop.create_future())
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(done), PATIENCE)

    async def unsubscribe(self, user_id: str) -> None:
        """Hear of a person no more."""
        self._wanted.discard(user_id)
        self._write("UNSUBSCRIBE", self._prefix + user_id)

    async def run(self) -> None:
        """Keep a connection for ever."""
        while True:
            try:
                reader, writer = await asyncio.wait_for(_open(), PATIENCE)
                self._writer = writer
                await self._listen(reader, writer)
            except (OSError, hiredis.HiredisError, TimeoutError) as error:
                logger.warning("redis is away; sockets wait for it: %r", error)
            except Exception:
                # Without this task every socket of the process would be deaf.
                logger.exception("the feed of the sockets failed; it begins anew")
            finally:
                self._lose()
            await asyncio.sleep(self._pause * random.uniform(0.5, 1.5))
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for user_id in tuple(self._wanted):
            self._ask(user_id)
        self._settle()
        self._heard = True
        watch = asyncio.ensure_future(self._watch(writer))
        parser = hiredis.Reader()
        cut = len(self._prefix)
        try:
            while data := await reader.read(READ_BYTES):
                self._heard, self._pause = True, FIRST_PAUSE
                parser.feed(data)
                while (answer := parser.gets()) is not False:
                    if isinstance(answer, hiredis.HiredisError):
                        raise answer
                    if answer[0] == b"message":
                        self._listener(answer[1][cut:].decode(), answer[2])
                    elif answer[0] == b"subscribe":
                        self._confirm(answer[1][cut:].decode())
        finally:
            watch.cancel()

    async def _watch(self, writer: asyncio.StreamWriter) -> None:
        """End a connection over which nothing came between two questions."""
        while self._heard:
            self._heard = False
            self._write("PING")
            await asyncio.sleep(PING_SECONDS)
        logger.warning("redis does not answer the sockets' process; connecting anew")
        writer.transport.abort()

    def _ask(self, user_id: str) -> None:
        if self._writer is not None:
            self._asked[user_id] += 1
            self._write("SUBSCRIBE", self._prefix + user_id)

    def _confirm(self, user_id: str) -> None:
        self._asked[user_id] -= 1
        if self._asked[user_id] > 0:
            return
        del self._asked[user_id]
        self._release(user_id)
        self._settle()

    def _settle(self) -> None:
        """Say that something was missed, once nothing more can be."""
        if self._missed and not self._asked:
            self._missed = False
            self._returned()

    def _release(self, user_id: str) -> None:
        done = self._waiting.pop(user_id, None)
        if done is not None and not done.done():
            done.set_result(None)

    def _write(self, *command: str) -> None:
        # Writing to what the other side has closed raises in uvloop; the reader hears of it too.
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(hiredis.pack_command(command))  # type: ignore[arg-type]

    def _lose(self) -> None:
        self._missed = True
        self._asked.clear()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        for user_id in tuple(self._waiting):
            self._release(user_id)


async def _open() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    found: dict[str, Any] = parse_url(settings.REDIS_URL)  # type: ignore[no-untyped-call]
    if path := found.get("path"):
        reader, writer = await asyncio.open_unix_connection(path, limit=READ_BYTES)
    else:
        reader, writer = await asyncio.open_connection(
            found.get("host", "localhost"),
            int(found.get("port", 6379)),
            limit=READ_BYTES,
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
