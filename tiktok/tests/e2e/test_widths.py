"""Nothing reaches beyond the right edge of a phone, however long what people write is."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tiktok.tests.e2e.calls import Caller
from tiktok.tests.e2e.conftest import Arrive
from tiktok.tests.e2e.test_uploading import live
from videos.tests.media import samples

pytestmark = pytest.mark.e2e
LONG = "Everything that was heard between the harbour and the hill on that evening " * 3
# What a box of its own cuts off or lets be moved sideways reaches nowhere.
BEYOND = """() => [...document.querySelectorAll("main *")].filter((one) => {
    if (!one.checkVisibility() || one.getBoundingClientRect().right <= innerWidth + 1) return false;
    for (let box = one.parentElement; box && box.tagName !== "MAIN"; box = box.parentElement) {
        const within = box.getBoundingClientRect().right <= innerWidth + 1;
        if (within && getComputedStyle(box).overflowX !== "visible") return false;
    }
    return true;
}).map((one) => `${one.tagName} ${one.className}`)"""


def require_within(page: Page) -> None:
    found = page.evaluate(BEYOND)
    assert found == [], f"{page.url}: {found}"


def test_pages_of_a_clip_are_no_wider_than_a_phone(
    arrive: Arrive, author: Caller, tmp_path: Path
) -> None:
    author.publish(samples.landscape_h264(tmp_path), LONG)
    visitor = arrive()
    visitor.sign_up("wanda")
    page = visitor.page
    page.goto("/upload")
    page.set_input_files("[name=file]", str(samples.plain(tmp_path, "green", seconds=4, tone=440)))
    page.locator("[data-clip-sound] summary").click()
    page.get_by_label("Find a sound").fill("harbour")
    page.get_by_role("button", name="Everything that was heard").click()
    require_within(page)
    page.get_by_label("Find a sound").fill("evening")
    page.get_by_role("button", name="Everything that was heard").wait_for()
    require_within(page)
    page.get_by_label("Caption").fill(LONG)
    with page.expect_response(
        lambda answer: answer.url.endswith("/api/v1/videos") and answer.request.method == "POST"
    ) as sent:
        page.get_by_role("button", name="Publish").click()
    live(visitor)
    require_within(page)
    video = sent.value.json()
    sound = page.request.get(f"/api/v1/videos/{video['id']}").json()["sound"]
    for path in (
        f"/studio/{video['id']}",
        "/studio",
        f"/sound/{sound['id']}",
        "/upload/photos",
        "/upload/text",
        f"/upload?duet_of={video['id']}",
        "/search?q=harbour&type=sounds",
    ):
        page.goto(path)
        require_within(page)
