"""The feed as a player: one clip at a time, moved through by keys."""

import pytest
from playwright.sync_api import expect

from tiktok.tests.e2e.calls import Caller
from tiktok.tests.e2e.conftest import Arrive

pytestmark = pytest.mark.e2e


def test_keys_move_between_cards_and_one_video_plays_at_a_time(
    arrive: Arrive, author: Caller, three_videos: list[str]
) -> None:
    author.post("videos", caption="Words between the clips")
    visitor = arrive()
    visitor.page.goto("/")
    first = visitor.wait_for_one()

    def press(key: str, *, leaves: str) -> str:
        visitor.page.keyboard.press(key)
        visitor.page.wait_for_function(
            "left => document.querySelector(`[data-video-id='${left}'] video`).paused", arg=leaves
        )
        return visitor.wait_for_one(past=key)

    second = press("ArrowDown", leaves=first)
    third = press("j", leaves=second)
    assert len({first, second, third}) == 3
    assert press("k", leaves=third) == second
    assert press("ArrowUp", leaves=second) == first


def test_space_holds_the_video_and_lets_it_go(arrive: Arrive, three_videos: list[str]) -> None:
    visitor = arrive()
    visitor.page.goto("/")
    playing = visitor.wait_for_one()
    visitor.page.keyboard.press("Space")
    visitor.page.wait_for_function(
        "() => [...document.querySelectorAll('[data-card] video')].every(video => video.paused)"
    )
    visitor.page.keyboard.press("Space")
    assert visitor.wait_for_one() == playing


def test_the_end_of_the_feed_is_told(arrive: Arrive, three_videos: list[str]) -> None:
    visitor = arrive()
    visitor.page.goto("/")
    visitor.wait_for_one()
    end = visitor.page.locator("[data-end]")
    for _ in range(200):
        if end.count():
            break
        visitor.page.keyboard.press("ArrowDown")
        visitor.page.wait_for_timeout(250)
    expect(end).to_have_count(1)
    ids = visitor.page.locator("[data-card]").evaluate_all("all => all.map(c => c.dataset.videoId)")
    assert len(ids) == len(set(ids))
    assert set(three_videos) <= set(ids)


def test_a_link_to_the_comments_opens_them_on_a_phone(
    arrive: Arrive, author: Caller, three_videos: list[str]
) -> None:
    watch = f"/@{author.username}/video/{three_videos[0]}"
    watching, talking = arrive(), arrive()
    watching.page.goto(watch)
    watching.wait_for_one()
    expect(watching.page.locator("#sheet")).not_to_be_visible()
    talking.page.goto(f"{watch}#comments")
    expect(talking.page.locator("#sheet")).to_be_visible()
