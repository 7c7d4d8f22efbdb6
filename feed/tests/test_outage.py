"""Redis stops in mid-run: the feed goes on from the database, and comes back by itself."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf
from core import redis_link
from core.redis_link import Gone, Link
from feed import freshness, pages, warm
from feed.cursors import Place, Seed
from feed.modes import Mode
from feed.tests.factories import make_videos

FEED = "/api/v1/videos/feed?mode=all&seed=5&limit=4"
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class OwnRedis:
    """A Redis of one test."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        server = shutil.which("redis-server")
        assert server, "the scaled tests need redis-server"
        self.process = subprocess.Popen(
            [server, "--port", str(self.port), "--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )
        wait_for(lambda: Link(self.url).ask(("PING",)) == [b"PONG"])

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def wait_for(condition: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except Gone:
            pass
        time.sleep(0.05)
    raise AssertionError("it did not happen")


@pytest.fixture
def own_redis(tmp_path: Path, settings: Any) -> Iterator[OwnRedis]:
    server = OwnRedis(tmp_path)
    server.start()
    settings.REDIS_URL = server.url
    yield server
    server.stop()


def test_the_feed_goes_on_without_redis_and_comes_back(
    own_redis: OwnRedis, api: ApiOf, alice: User, bob: User
) -> None:
    make_videos(alice, 20)
    client: APIClient = api(bob)
    before = client.get(FEED).json()
    place = Place(Mode.ALL, Seed("5"), 0)
    assert warm.read(viewer=bob, place=place, limit=4)
    own_redis.stop()
    for _ in range(3):
        assert client.get(FEED).json()["results"] == before["results"]
    assert warm.read(viewer=bob, place=place, limit=4) is None
    # What changes meanwhile waits for Redis to return.
    freshness.relations_changed([bob.pk])
    own_redis.start()

    def from_memory() -> bool:
        pages.json_page(viewer=bob, place=place, limit=4)
        return warm.read(viewer=bob, place=place, limit=4) is not None

    wait_for(from_memory)
    assert client.get(FEED).json()["results"] == before["results"]


def test_the_breaker_asks_again_after_a_rest(
    own_redis: OwnRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_link, "REST", 0.05)
    here = Link(own_redis.url)
    assert here.ask(("SET", "a", "1"), ("GET", "a")) == [b"OK", b"1"]
    own_redis.stop()
    with pytest.raises(Gone):
        here.ask(("GET", "a"))
    assert not here.is_up
    own_redis.start()
    wait_for(lambda: here.ask(("PING",)) == [b"PONG"])


def test_a_restart_between_two_calls_is_not_noticed(own_redis: OwnRedis) -> None:
    here = Link(own_redis.url)
    here.ask(("PING",))
    own_redis.stop()
    own_redis.start()
    assert here.ask(("PING",)) == [b"PONG"]
