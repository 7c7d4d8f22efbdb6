"""What strangers meet, and what happens to files that are no videos."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tiktok.tests.e2e.calls import Caller
from tiktok.tests.e2e.conftest import Arrive
from tiktok.tests.e2e.visitor import PATIENCE_MS
from videos.tests.media import samples

pytestmark = pytest.mark.e2e


def test_a_stranger_who_likes_is_asked_in_and_comes_back(
    arrive: Arrive, author: Caller, three_videos: list[str]
) -> None:
    stranger = arrive()
    watch = f"/@{author.username}/video/{three_videos[0]}"
    stranger.page.goto(watch)
    stranger.page.locator(".act--like").first.click()
    invitation = stranger.page.locator("dialog#invite")
    expect(invitation).to_be_visible()
    href = invitation.get_by_role("link", name="Sign in").get_attribute("href")
    assert href is not None
    assert "/signin" in href
    assert "next=" in href


def test_a_stranger_is_sent_to_sign_in_from_upload(arrive: Arrive) -> None:
    stranger = arrive()
    stranger.page.goto("/upload")
    assert "/signin" in stranger.page.url


def test_a_file_that_cannot_be_prepared_says_why_and_offers_a_retry(
    arrive: Arrive, tmp_path: Path
) -> None:
    visitor = arrive()
    visitor.sign_up("carol")
    page = visitor.page
    page.goto("/upload")
    page.set_input_files("input[name=file]", samples.random_after_ftyp(tmp_path))
    page.locator("[data-publish]").click()
    failed = page.locator("[data-result=failed]")
    expect(failed).to_be_visible(timeout=PATIENCE_MS)
    expect(failed.locator("[data-failed-text]")).not_to_be_empty()
    reason = failed.locator("[data-failed-text]").inner_text()
    page.goto("/studio")
    expect(page.locator(".studio__error")).to_have_text(reason)
    page.get_by_role("button", name="Retry").click()
    expect(page.locator(".studio__error")).to_have_text(reason, timeout=PATIENCE_MS)


def test_a_picture_named_as_a_video_is_refused_on_the_page(arrive: Arrive, tmp_path: Path) -> None:
    visitor = arrive()
    visitor.sign_up("dave")
    page = visitor.page
    page.goto("/upload")
    page.set_input_files("input[name=file]", samples.png_named_mp4(tmp_path))
    # Pictures are received too, for albums: what says no is posting one as a video.
    page.locator("[data-publish]").click()
    expect(page.locator("[data-problem]")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("[data-problem]")).not_to_be_empty()
    visitor.faults.clear()  # the browser logs the 415 by itself
