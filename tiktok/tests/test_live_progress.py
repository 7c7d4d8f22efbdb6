"""How far a video is, over real sockets: its owner hears of it as it happens, nobody else does."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from chat.tests.sockets import Peer, Server, browser_socket, native
from conftest import BrowserOf
from core.testing import run_jobs
from videos import live, services
from videos.models import Video
from videos.tests.factories import clip, fake_file, posted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server().start()
    yield made
    made.stop()


def told(peer: Peer) -> list[dict[str, Any]]:
    """Return what a socket has heard of videos."""
    return [frame for frame in peer.heard() if frame.get("ev") == live.EVENT]


def test_an_owner_hears_of_progress_and_of_the_end(
    server: Server, browser: BrowserOf, alice: User, bob: User
) -> None:
    with contextlib.ExitStack() as stack:
        phone = stack.enter_context(native(server, alice))
        page = stack.enter_context(browser_socket(server, browser(alice)))
        other = stack.enter_context(native(server, bob))
        video = posted(alice, clip("1280x720", seconds=4))
        run_jobs()
        for peer in (phone, page):
            frames = told(peer)
            said = [frame["d"] for frame in frames]
            assert {one["id"] for one in said} == {str(video.pk)}
            moving = [one["progress"] for one in said if one["processing_state"] == "processing"]
            assert moving == sorted(moving)
            assert any(0 < share < 1 for share in moving)
            assert said[-1] == {"id": str(video.pk), "processing_state": "ready", "progress": 1.0}
            # Steps are worth nothing a moment later; the end has a number and can be asked for.
            assert [bool(frame.get("o")) for frame in frames] == [False] * len(moving) + [True]
        assert told(other) == []


def test_an_owner_hears_why_it_failed_and_that_it_is_tried_again(
    server: Server, alice: User
) -> None:
    video = posted(alice, fake_file(4000))
    with native(server, alice) as peer:
        run_jobs()
        failed = told(peer)[-1]["d"]
        assert (failed["processing_state"], failed["error"]["code"]) == ("failed", "corrupt")
        services.retry_video(actor=alice, video_id=video.pk)
        assert told(peer)[-1]["d"]["processing_state"] == "queued"


def test_however_often_it_is_reported_it_is_told_four_times_a_second(
    server: Server, alice: User, bob: User
) -> None:
    meter = live.Meter(Video(author=alice))
    with native(server, alice) as peer:
        started, number = time.monotonic(), 0
        while time.monotonic() - started < 1.1:
            meter(number / 10_000)
            number += 1
        assert number > 100
        assert 2 <= len(told(peer)) <= 5


@pytest.mark.skipif(bool(settings.REDIS_URL), reason="of one machine without Redis")
def test_a_worker_reaches_the_gateway_of_another_process(server: Server, alice: User) -> None:
    """The worker of `make run` is a process of its own: it hands over by a socket file."""
    line = (
        "import django; django.setup()\n"
        "from uuid import UUID; from videos.live import Meter; from videos.models import Video\n"
        f"Meter(Video(author_id=UUID({str(alice.pk)!r})))(0.5)"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tiktok.settings"}
    with native(server, alice) as peer:
        subprocess.run([sys.executable, "-c", line], env=env, cwd=Path.cwd(), check=True)
        assert peer.until(live.EVENT)["d"]["progress"] == 0.5
