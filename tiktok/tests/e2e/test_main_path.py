"""What the product is for, in a browser: post a clip, find it, play it, react, follow."""

import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tiktok.tests.e2e.conftest import Arrive
from tiktok.tests.e2e.visitor import PATIENCE_MS, Visitor
from videos.tests.media import samples

pytestmark = pytest.mark.e2e
SLOW_LINE = {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": 500_000}
WATCH_PERCENT = """
() => {
  window.percents = [];
  const shown = document.querySelector("[data-percent]");
  new MutationObserver(() => window.percents.push(parseInt(shown.textContent)))
    .observe(shown, { childList: true, characterData: true, subtree: true });
}
"""


def test_from_signing_up_to_being_followed(arrive: Arrive, tmp_path: Path) -> None:
    alice, bob = arrive(), arrive()
    alice.sign_up("alice")
    caption = f"Harbour at noon {time.time_ns()}"
    upload(alice, samples.noise(tmp_path), caption)

    bob.sign_up("bob")
    card = find_in_feed(bob, caption)
    bob.see_playing(card)
    watch_url = str(card.get_attribute("data-url"))
    bob.page.goto(watch_url)
    like(bob.page)
    comment(bob, "Which harbour is this?")

    alice.page.goto(watch_url)
    expect(alice.page.locator(".comment__text")).to_have_text("Which harbour is this?")
    expect(alice.page.locator("[data-comment-count]").first).to_have_text("1")

    follow(bob, alice.username)
    bob.page.goto("/following")
    bob.see_playing(bob.card(caption))


def find_in_feed(visitor: Visitor, caption: str) -> Locator:
    """Go down the feed by key until the clip is on the stage."""
    page = visitor.page
    page.goto("/")
    card = visitor.card(caption)
    for _ in range(30):
        playing = visitor.wait_for_one()
        if card.count() and card.get_attribute("data-video-id") == playing:
            return card
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(700)
    raise AssertionError(f"{caption} is not in the feed")


def upload(visitor: Visitor, clip: Path, caption: str) -> None:
    """Post a clip through the page over a slow line, watching the percentage."""
    page = visitor.page
    page.goto("/upload")
    session = visitor.context.new_cdp_session(page)
    session.send("Network.emulateNetworkConditions", SLOW_LINE)
    page.evaluate(WATCH_PERCENT)
    page.set_input_files("input[name=file]", clip)
    page.fill("textarea[name=caption]", caption)
    page.locator("[data-publish]").click()
    expect(
        page.locator("[data-result=processing], [data-result=live]").locator("visible=true")
    ).to_have_count(1, timeout=PATIENCE_MS)
    session.send("Network.emulateNetworkConditions", SLOW_LINE | {"uploadThroughput": -1})
    percents: list[Any] = page.evaluate("window.percents")
    assert [value for value in percents if 0 < value < 100], percents
    assert percents == sorted(percents)
    live = page.locator("[data-result=live]")
    expect(live).to_be_visible(timeout=PATIENCE_MS)
    expect(live.locator("[data-live-link]")).to_have_attribute(
        "href", re.compile(rf"/@{visitor.username}/video/")
    )


def like(page: Page) -> None:
    """Press the heart; the state and count come from the server and survive a reload."""
    heart = page.locator(".act--like")
    with page.expect_response(re.compile(r"/videos/.*/like$")) as answer:
        heart.click()
    assert answer.value.ok
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(heart.locator("[data-count]")).to_have_text("1")
    page.reload()
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(heart.locator("[data-count]")).to_have_text("1")


def comment(visitor: Visitor, text: str) -> None:
    """Write a comment; it is there without a reload."""
    page = visitor.page
    page.locator("[data-comments]").first.click()
    page.evaluate("window.notReloaded = true")
    page.fill(".composer textarea", text)
    page.locator(".composer__send").click()
    expect(page.locator(".comment__text")).to_have_text(text)
    assert page.evaluate("window.notReloaded")


def follow(visitor: Visitor, username: str) -> None:
    """Follow somebody on their profile."""
    page = visitor.page
    page.goto(f"/@{username}")
    button = page.locator(".follow__button").first
    with page.expect_response(re.compile(r"/act$")) as answer:
        button.click()
    assert answer.value.ok
    expect(button).to_have_attribute("aria-pressed", "true")
