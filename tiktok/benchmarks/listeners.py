"""A thousand sockets in one thread, cheap enough not to be what is measured."""

import asyncio
import base64
import itertools
import json
import os
import re
import threading
import time
from collections.abc import Sequence

MARK = b'"message.new"'
BODY = re.compile(rb'"body":"(\d{19})"')
# The gateway lets fifty sockets of one address in: the loopback has sixteen million addresses.
PER_ADDRESS = 40
AT_ONCE = 20
SECONDS = 60
_addresses = itertools.count(PER_ADDRESS)


class _Ear(asyncio.Protocol):
    """Counts what is said, and how late it is where it says when it was due."""

    def __init__(self, path: str, token: str, all_ears: "Listeners") -> None:
        self._hello, self._token, self._all = path, token, all_ears
        self._rest = b""
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade; a token follows at once."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        head = (
            f"GET {self._hello} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        transport.write(head.encode())

    def data_received(self, data: bytes) -> None:
        """Count; a mark that two pieces share is counted with the second."""
        now = time.time_ns()
        data = self._rest + data
        if not self.ready.done():
            self._rest = data
            self._open(data)
            return
        found = data.count(MARK)
        # Bodies follow the mark in their frame: what is complete is cut off behind the last one.
        cut = data.rfind(b"}}") + 1
        self._all.heard += found - data.count(MARK, cut)
        for match in BODY.finditer(data, 0, cut):
            self._all.late.append((now - int(match.group(1))) / 1e9)
        self._rest = data[cut:]

    def connection_lost(self, exc: Exception | None) -> None:
        """Remember that one was lost: nothing may be during a measurement."""
        self._all.lost += 1
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(f"closed: {self._rest[-200:]!r}"))

    def _open(self, data: bytes) -> None:
        if b"\r\n\r\n" not in data:
            return
        if self._token:
            frame = json.dumps({"id": 1, "op": "auth", "d": {"token": self._token}})
            token, self._token = self._token, ""
            assert token
            self.transport.write(_masked(frame.encode()))
            self._waits_for = b'"hello"'
        if getattr(self, "_waits_for", b"") in data:
            self._rest = b""
            self.ready.set_result(None)


class Listeners:
    """Sockets that only listen; on an event loop of their own in a thread."""

    def __init__(self) -> None:
        self.heard = 0
        self.lost = 0
        self.late: list[float] = []
        self._ears: list[_Ear] = []
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def connect(self, port: int, path: str, tokens: Sequence[str]) -> None:
        """Open a socket for each token (an empty one is not sent)."""
        self._run(self._connect(port, path, tokens))

    def wait_for(self, count: int) -> None:
        """Wait until so many have been heard in all."""
        deadline = time.monotonic() + SECONDS
        while self.heard < count:
            if self.lost or time.monotonic() > deadline:
                message = f"{self.heard} of {count} heard, {self.lost} sockets lost"
                raise RuntimeError(message)
            time.sleep(0.001)

    def close(self) -> None:
        """Close all."""
        for ear in self._ears:
            self._loop.call_soon_threadsafe(ear.transport.abort)
        self._ears.clear()
        self._run(asyncio.sleep(0.2))
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self, work: object) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(SECONDS)  # type: ignore[arg-type]

    async def _connect(self, port: int, path: str, tokens: Sequence[str]) -> None:
        for start in range(0, len(tokens), AT_ONCE):
            ears = []
            for token in tokens[start : start + AT_ONCE]:
                place = next(_addresses) // PER_ADDRESS
                _, ear = await self._loop.create_connection(
                    lambda token=token: _Ear(path, token, self),  # type: ignore[misc]
                    "127.0.0.1",
                    port,
                    local_addr=(f"127.1.{place // 250}.{place % 250 + 1}", 0),
                )
                ears.append(ear)
            for ear in ears:
                await ear.ready
            self._ears += ears


def _masked(text: bytes) -> bytes:
    size = len(text)
    head = bytes([0x81, 0x80 | 126]) + size.to_bytes(2, "big") + b"\0\0\0\0"
    return head + text
