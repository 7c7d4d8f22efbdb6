"""One socket: a bounded queue out, a budget in, and a reason when it ends."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias
from uuid import UUID

Send: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]
QUEUE: Final = 256
HALF: Final = QUEUE // 2
FRAMES, PER_SECONDS = 120, 60
LINGER_SECONDS = 10.0
FLEETING: Final = frozenset({"typing", "presence"})

BAD_FRAME, UNAUTHENTICATED, SHUT_OUT = 4400, 4401, 4403
SLOW, SILENT, TOO_MANY, TOO_BIG, TOO_FAST, DRAINING = 4008, 4408, 4409, 4413, 4429, 4503


class Connection:
    """A socket that is somebody's; only the event loop touches it."""

    __slots__ = (
        *("_bell", "_closing", "_greeted", "_queue", "_refilled", "_send", "_tokens", "_writer"),
        *("denied", "ended", "id", "offset", "session_id", "user_id"),
    )

    def __init__(self, *, key: str, user_id: UUID, session_id: UUID, send: Send) -> None:
        self.id = key
        self.user_id = user_id
        self.session_id = session_id
        self.offset = 0
        self.denied: set[str] | None = None
        self.ended = False
        self._send = send
        self._queue: deque[str] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._bell: asyncio.Future[None] | None = None
        self._greeted = False
        self._closing = 0
        self._tokens = float(FRAMES)
        self._refilled = time.monotonic()

    def greet(self, *texts: str) -> None:
        """Write these before anything else; what the bus brought since the beginning follows.

        An event before the greeting would move the client's offset past what it has yet to
        resume, and what lies between would be lost to it.
        """
        self._queue.extendleft(reversed(texts))
        self._greeted = True
        self._wake()

    def push(self, text: str, *, ev: str = "", c: str = "") -> None:
        """Queue a frame; a slow reader first loses what is fleeting, then the connection."""
        if self._closing or self.ended or (self.denied and c in self.denied):
            return
        waiting = len(self._queue)
        if waiting >= HALF and ev in FLEETING:
            return
        if waiting >= QUEUE:
            self._queue.clear()
            self.close(SLOW)
            return
        self._queue.append(text)
        self._wake()

    def close(self, code: int) -> None:
        """End the connection after what is queued."""
        if not self._closing:
            self._closing = code
            self._wake()
            # Whoever does not even read the end is not waited for.
            asyncio.get_running_loop().call_later(LINGER_SECONDS, self.end)

    def deny(self, c: str, *, on: bool) -> None:
        """Let nothing of a conversation through any more, or again."""
        if on:
            self.denied = (self.denied or set()) | {c}
        elif self.denied:
            self.denied.discard(c)

    def spend(self) -> bool:
        """Take one frame of the uplink's budget; return whether there was one."""
        now = time.monotonic()
        refill = (now - self._refilled) * FRAMES / PER_SECONDS
        self._tokens, self._refilled = min(FRAMES, self._tokens + refill), now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def end(self) -> None:
        """Forget what is queued: nobody reads it any more."""
        self.ended = True
        self._queue.clear()
        if self._writer is not None:
            self._writer.cancel()

    def _wake(self) -> None:
        if self._bell is not None:
            if not self._bell.done():
                self._bell.set_result(None)
        elif self._writer is None and not self.ended and (self._greeted or self._closing):
            self._writer = asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        """Write what is queued and wait for more, to the end: a task for each would cost more."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                while self._queue:
                    await self._send({"type": "websocket.send", "text": self._queue.popleft()})
                if self._closing:
                    self.ended = True
                    await self._send({"type": "websocket.close", "code": self._closing})
                    return
                self._bell = loop.create_future()
                await self._bell
                self._bell = None
        except (OSError, RuntimeError):
            # The other side is gone: servers say so in their own ways, the reader hears it too.
            self.ended = True
        finally:
            self._writer = self._bell = None
