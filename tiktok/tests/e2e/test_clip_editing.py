"""The upload page's choices beyond the file: a part of it, a picture as cover, another sound."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tiktok.tests.e2e.calls import Caller
from tiktok.tests.e2e.conftest import Arrive
from tiktok.tests.e2e.test_uploading import live
from videos.tests.media import samples

pytestmark = pytest.mark.e2e


def test_a_part_with_a_picture_and_another_sound_survives_a_reload(
    arrive: Arrive, author: Caller, tmp_path: Path
) -> None:
    author.publish(samples.landscape_h264(tmp_path), "rain on tin")
    visitor = arrive()
    visitor.sign_up("edda")
    page = visitor.page
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/upload")
    file = samples.plain(tmp_path, "green", seconds=4, tone=440)
    page.set_input_files("[name=file]", str(file))
    begin, end = page.locator("[data-cut-start]"), page.locator("[data-cut-end]")
    begin.fill("250")
    end.fill("750")
    expect(page.locator("[data-cut-text]")).to_have_text("0:01 – 0:03 (0:02)")
    end.fill("100")  # handles never cross
    assert float(end.input_value()) > 250
    end.fill("750")

    cover = tmp_path / "cover.png"
    Image.new("RGB", (360, 640), "purple").save(cover)
    page.set_input_files("[data-cover-file] input", str(cover))
    expect(page.locator("[data-cover-picture]")).to_be_visible()

    page.locator("[data-clip-sound] summary").click()
    page.get_by_label("Find a sound").fill("rain")
    page.get_by_role("button", name="rain on tin").click()
    page.get_by_label("This sound").fill("30")
    page.get_by_label("Caption").fill("edited")
    expect(page.locator("[data-cover-frame]")).to_be_visible()
    page.wait_for_function("() => localStorage['toptop.uploads']?.includes('cover_upload_id')")

    page.reload()
    expect(page.locator("[data-cut-text]")).to_have_text("0:01 – 0:03 (0:02)")
    page.locator("[data-clip-sound] summary").click()
    expect(page.locator("[data-sound-name]")).to_contain_text("rain on tin")
    expect(page.get_by_label("This sound")).to_have_value("30")
    with page.expect_response(
        lambda answer: answer.url.endswith("/api/v1/videos") and answer.request.method == "POST"
    ) as sent:
        page.get_by_role("button", name="Publish").click()
    said = sent.value.request.post_data_json or {}
    assert (said["trim_start_ms"], said["trim_end_ms"], said["sound_level"]) == (1000, 3000, 30)
    live(visitor)
    video = page.request.get(f"/api/v1/videos/{sent.value.json()['id']}").json()
    assert video["duration_ms"] == 2000
    assert video["sound"]["author"]["username"] == author.username
    picture = page.request.get(video["cover"])
    assert picture.headers["content-type"] == "image/webp"


def test_an_album_is_set_to_a_sound_that_was_found(
    arrive: Arrive, author: Caller, tmp_path: Path
) -> None:
    author.publish(samples.landscape_h264(tmp_path), "waves at night")
    visitor = arrive()
    visitor.sign_up("alba")
    page = visitor.page
    page.goto("/upload/photos")
    pictures = [tmp_path / f"{colour}.png" for colour in ("teal", "navy")]
    for picture in pictures:
        Image.new("RGB", (300, 400), picture.stem).save(picture)
    page.set_input_files("[name=photos]", [str(picture) for picture in pictures])
    page.locator("[data-clip-sound] summary").click()
    page.get_by_label("Find a sound").fill("waves")
    page.get_by_role("button", name="waves at night").click()
    expect(page.locator("[data-sound-name]")).to_contain_text("waves at night")
    page.get_by_label("Caption").fill("two blues")
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/video/*")
    card = visitor.card("two blues")
    expect(card.locator("audio")).to_have_attribute("src", re.compile(r"\.m4a"))
    expect(card.locator("img")).not_to_have_count(0)
