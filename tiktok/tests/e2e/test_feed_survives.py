"""A reader goes on: over a restart of everything, and over a Redis that is killed in mid-run."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.conf import settings

from core.redis_link import Link
from feed.tests.test_outage import OwnRedis, wait_for
from tiktok.benchmarks.account import read, sign_up
from tiktok.instance import Instance, other_redis

POSTS = 9
FEED = "/api/v1/videos/feed?mode=for-you&limit=3"


def post_some(base: str) -> None:
    author = sign_up(base)
    for number in range(POSTS):
        answer = author.post(f"{base}/api/v1/videos", json={"caption": f"Thought {number}"})
        answer.raise_for_status()


def rest_of(reader: requests.Session, url: str | None) -> list[str]:
    found = []
    while url:
        page = read(reader, url)
        found += [video["id"] for video in page["results"]]
        url = page["next"]
    return found


def test_a_cursor_outlives_every_process(tmp_path: Path) -> None:
    with Instance(tmp_path) as product:
        post_some(product.url)
        reader = sign_up(product.url)
        first = read(reader, product.url + FEED)
        expected = rest_of(reader, first["next"])
        product.stop()
        product.start()
        assert rest_of(reader, first["next"]) == expected
        shown = [video["id"] for video in first["results"]]
        assert len({*shown, *expected}) == len(shown) + len(expected) == POSTS


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    server = OwnRedis(tmp_path)
    server.start()
    yield server
    server.stop()


class Reading:
    """Somebody who reads page after page, and what answered."""

    def __init__(self, reader: requests.Session, url: str) -> None:
        self.answers: list[tuple[int, int]] = []
        self._going = True
        self._thread = threading.Thread(target=self._read, args=(reader, url))
        self._thread.start()

    def _read(self, reader: requests.Session, url: str) -> None:
        while self._going:
            answer = reader.get(url, timeout=30)
            shown = len(answer.json().get("results", ())) if answer.ok else 0
            self.answers.append((answer.status_code, shown))

    def end(self) -> list[tuple[int, int]]:
        self._going = False
        self._thread.join()
        return self.answers


@pytest.mark.skipif(not settings.REDIS_URL, reason="there is no Redis in the embedded mode")
def test_the_feed_answers_while_redis_is_dead(tmp_path: Path, own_redis: OwnRedis) -> None:
    with Instance(tmp_path, REDIS_URL=own_redis.url, WEB_SOCKETS="0") as product:
        post_some(product.url)
        reader = sign_up(product.url)
        first = read(reader, product.url + FEED)
        url = f"{product.url}{FEED}&seed={first['seed']}"
        redis = Link(other_redis(own_redis.url))

        def windows() -> int:
            return len(redis.ask(("KEYS", "*feed:w:*"))[0])

        wait_for(lambda: windows() and read(reader, url))
        reading = Reading(reader, url)
        time.sleep(1)
        own_redis.stop()
        before = len(reading.answers)
        time.sleep(4)
        without = len(reading.answers) - before
        own_redis.start()
        wait_for(windows)  # a page is kept in the new Redis again
        answers = reading.end()
        assert set(answers) == {(200, 3)}, {one: answers.count(one) for one in set(answers)}
        assert without > 5
        assert len(set(rest_of(reader, first["next"]))) == POSTS - 3
