"""The gateway's line to Redis: one that is accepted and torn again and again does not end it."""

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import hiredis
import pytest
import uvloop

from core.gateway import redis_feed
from core.gateway.redis_feed import RedisFeed

RESETS = 60
RESET = struct.pack("ii", 1, 0)


class Unsteady:
    """Resets so many connections after it has accepted them, then confirms like a Redis."""

    def __init__(self) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.torn = 0
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with suppress(OSError):
            while self.torn < RESETS:
                line, _ = self.door.accept()
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                line.close()
                self.torn += 1
            line, _ = self.door.accept()
            reader = hiredis.Reader()
            while data := line.recv(65536):
                reader.feed(data)
                while (asked := reader.gets()) is not False:
                    if asked[0] == b"SUBSCRIBE":
                        name = asked[1]
                        line.sendall(
                            b"*3\r\n$9\r\nsubscribe\r\n$%d\r\n%b\r\n:1\r\n" % (len(name), name)
                        )


@pytest.fixture
def unsteady(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Unsteady]:
    server = Unsteady()
    settings.REDIS_URL = f"redis://127.0.0.1:{server.port}/0"
    monkeypatch.setattr(redis_feed, "LONGEST_PAUSE", 0.002)
    monkeypatch.setattr(redis_feed, "FIRST_PAUSE", 0.001)
    yield server
    server.door.close()


async def hold_up() -> None:
    """Keep the loop so busy that a reset comes between two steps of whoever connects."""
    while True:
        time.sleep(0.002)  # noqa: ASYNC251  that is the point
        await asyncio.sleep(0)


def test_a_line_that_is_torn_at_once_is_tried_again(unsteady: Unsteady) -> None:
    async def scene() -> None:
        returned = asyncio.Event()
        feed = RedisFeed(prefix="t:", listener=lambda *_: None, returned=returned.set)
        await feed.subscribe("somebody")
        busy = asyncio.ensure_future(hold_up())
        running = asyncio.ensure_future(feed.run())
        await asyncio.wait_for(returned.wait(), 30)
        # Confirmed: whoever comes now is confirmed too, and leaving does not raise.
        await feed.subscribe("another")
        await feed.unsubscribe("another")
        assert not running.done()
        running.cancel()
        busy.cancel()

    uvloop.run(scene())  # whose closed connections raise where asyncio's say nothing
    assert unsteady.torn == RESETS
