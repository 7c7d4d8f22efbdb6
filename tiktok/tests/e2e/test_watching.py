"""What the player tells about watching arrives in the counters."""

import time

import pytest
from playwright.sync_api import expect

from tiktok.tests.e2e.calls import Caller
from tiktok.tests.e2e.conftest import Arrive
from tiktok.tests.e2e.visitor import PATIENCE_MS

pytestmark = pytest.mark.e2e
PATIENCE_S = PATIENCE_MS / 1000


def test_watched_clips_are_counted(arrive: Arrive, author: Caller, three_videos: list[str]) -> None:
    visitor = arrive()
    visitor.page.goto("/")
    first = visitor.wait_for_one()
    before_first = views(author, first)
    visitor.page.wait_for_timeout(2_500)
    with visitor.page.expect_request("**/api/v1/events/views", timeout=PATIENCE_MS) as told:
        visitor.page.keyboard.press("ArrowDown")
        visitor.page.wait_for_function(
            "left => document.querySelector(`[data-video-id='${left}'] video`).paused", arg=first
        )
        second = visitor.wait_for_one()
    before_second = views(author, second)
    body = told.value.post_data_json
    assert body is not None
    events = body["events"]
    assert events[0]["video_id"] == first
    assert events[0]["watched_ms"] >= 2_000
    assert events[0]["source"] == "for-you"
    wait_for_view(author, first, before_first)
    # What a page tells while it goes away no browser shows its driver: ask the counter.
    visitor.page.wait_for_timeout(2_500)
    visitor.page.goto("/explore", wait_until="commit")
    wait_for_view(author, second, before_second)
    assert views(author, first) == before_first + 1


def wait_for_view(author: Caller, video_id: str, before: int) -> None:
    """Wait until one more view of the video is counted."""
    end = time.monotonic() + PATIENCE_S
    while views(author, video_id) == before:
        assert time.monotonic() < end, "the view has not been counted"
        time.sleep(0.5)


def views(author: Caller, video_id: str) -> int:
    counts: dict[str, int] = author.get(f"videos/{video_id}")["counts"]
    return counts["views"]


def test_captions_are_switched_on_once_for_every_clip(
    arrive: Arrive, author: Caller, three_videos: list[str]
) -> None:
    words = "WEBVTT\n\n00:00.000 --> 09:00.000\nSaid in "
    for video_id in three_videos[:2]:
        for lang in ("vi", "en"):
            path = f"{author.api}/videos/{video_id}/captions/{lang}"
            assert author.http.put(path, json={"body": words + lang}, timeout=PATIENCE_S).ok
    page = arrive().page
    shown = (
        "() => [...document.querySelector('[data-card] video').textTracks]"
        ".filter(track => track.mode === 'showing' && track.activeCues?.length)"
        ".map(track => track.activeCues[0].text).join()"
    )
    first, second = (f"/@{author.username}/video/{video_id}" for video_id in three_videos[:2])
    page.goto(first)
    button = page.locator("[data-card]").first.locator("[data-cc]")
    expect(button).to_have_attribute("aria-pressed", "false")
    assert page.evaluate(shown) == ""
    button.click()
    page.wait_for_function(f"{shown} === 'Said in en'")
    page.goto(second)
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(f"{shown} === 'Said in en'")
    button.click()
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "false")
    # What its author takes away has no switch any more.
    for lang in ("vi", "en"):
        path = f"{author.api}/videos/{three_videos[0]}/captions/{lang}"
        assert author.http.delete(path, timeout=PATIENCE_S).ok
    page.goto(first)
    expect(page.locator("[data-card]").first).to_be_visible()
    expect(button).to_have_count(0)
