"""Pages that work before, or without, a single script."""

import pytest
from playwright.sync_api import expect

from tiktok.tests.e2e.calls import PASSWORD, Caller
from tiktok.tests.e2e.conftest import Arrive

pytestmark = pytest.mark.e2e


def test_watching_and_commenting_need_no_script(
    arrive: Arrive, author: Caller, three_videos: list[str]
) -> None:
    visitor = arrive(javascript=False)
    page = visitor.page
    watch = f"/@{author.username}/video/{three_videos[0]}"
    page.goto(watch)
    video = page.locator("video")
    expect(video).to_have_attribute("controls", "")
    source = video.locator("source").last.get_attribute("src")
    assert source is not None
    clip = page.request.get(source, headers={"Range": "bytes=0-99"})
    assert clip.status in (200, 206)
    assert b"ftyp" in clip.body()[:16]

    page.goto(f"/signin?next={watch}")
    page.fill("input[name=login]", author.username)
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button:not([type=button])").click()
    assert page.url.endswith(watch)
    page.fill(".composer textarea", "Written by hand")
    page.locator(".composer__send").click()
    expect(page.locator(".comment__text")).to_have_text("Written by hand")
