"""The upload page under bad conditions: several files, pauses, no network, a reload, the camera."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Request, Route, expect

from tiktok import chromium
from tiktok.instance import Instance
from tiktok.tests.e2e.calls import Caller
from tiktok.tests.e2e.conftest import Arrive
from tiktok.tests.e2e.visitor import Visitor
from videos.tests.media import samples

pytestmark = pytest.mark.e2e
FAKE_CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
MB = 1024 * 1024
# So slow that no machine is too busy to act before the file is through; lifted at the end.
SLOW = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 100_000}


@pytest.fixture(scope="module")
def browser(product: Instance) -> Iterator[Browser]:
    if chromium.find_chromium() is None:
        pytest.fail(chromium.MISSING, pytrace=False)
    with chromium.launched(FAKE_CAMERA) as browser:
        yield browser


@pytest.fixture
def uploader(arrive: Arrive) -> Visitor:
    """Somebody on the upload page, who confirms that they mean to leave it."""
    visitor = arrive()
    visitor.sign_up("uma")
    visitor.page.on("dialog", lambda dialog: dialog.accept())
    visitor.page.goto("/upload")
    # The page is at work: before that it takes one file, by its plain form.
    expect(visitor.page.locator("input[name=file]")).to_have_js_property("multiple", True)
    return visitor


def padded(clip: Path, out: Path, size: int) -> Path:
    """Write the clip with a `free` box behind it, so that sending it takes a while."""
    body = clip.read_bytes()
    rest = size - len(body)
    out.write_bytes(body + rest.to_bytes(4, "big") + b"free" + bytes(rest - 8))
    return out


def live(visitor: Visitor) -> Locator:
    result = visitor.page.locator("[data-result=live]")
    expect(result).to_be_visible()
    expect(result.locator("[data-live-link]")).to_have_attribute(
        "href", re.compile(rf"/@{visitor.username}/video/")
    )
    return result


def test_several_files_are_sent_one_after_the_other_with_a_pause(
    uploader: Visitor, clip: Path, tmp_path: Path
) -> None:
    page = uploader.page
    session = uploader.context.new_cdp_session(page)
    session.send("Network.emulateNetworkConditions", SLOW)
    files = [padded(clip, tmp_path / f"{name}.mp4", 6 * MB) for name in ("one", "two")]
    page.set_input_files("input[name=file]", files)
    rows = page.locator("[data-queue-list] > li")
    expect(rows).to_have_count(2)
    page.fill("textarea[name=caption]", "The first")
    expect(page.locator("[data-percent]")).not_to_have_text("0%")
    page.locator("[data-pause]").click()
    expect(page.locator("[data-detail]")).to_contain_text("Paused")
    # The other one does not wait for it.
    rows.nth(1).locator("[data-queue-choose]").click()
    expect(page.locator("[data-name]")).to_have_text("two.mp4")
    page.fill("textarea[name=caption]", "The second")
    page.locator("[data-publish]").click()
    rows.nth(0).locator("[data-queue-choose]").click()
    expect(page.locator("textarea[name=caption]")).to_have_value("The first")
    page.locator("[data-resume]").click()
    page.locator("[data-publish]").click()
    session.send("Network.emulateNetworkConditions", SLOW | {"uploadThroughput": -1})
    live(uploader)
    page.goto("/studio")
    for caption in ("The first", "The second"):
        expect(page.get_by_text(caption)).to_have_count(1)


def test_processing_is_told_by_the_socket_and_asked_for_without_one(
    uploader: Visitor, clip: Path, tmp_path: Path
) -> None:
    page, told, asked = uploader.page, list[str](), list[str]()
    long = samples.landscape_h264(tmp_path, size="1280x720", seconds=8)

    def note(frame: str | bytes) -> None:
        found = json.loads(frame)
        if found.get("ev") == "video.status":
            told.append(found["d"]["processing_state"])

    def publish(caption: str, file: Path) -> None:
        told.clear()
        asked.clear()
        page.goto("/upload")
        page.set_input_files("input[name=file]", file)
        page.fill("textarea[name=caption]", caption)
        page.locator("[data-publish]").click()
        expect(page.locator("[data-result=processing], [data-result=live]").first).to_be_visible()

    page.on("websocket", lambda wire: wire.on("framereceived", note))
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith("/status") else None)
    publish("Told", long)
    live(uploader)
    assert "processing" in told
    assert told[-1] == "ready"
    assert len(asked) <= 3  # at the start, when the socket is up, and at most once after that
    # In the studio the row's bar moves and the row becomes what it is.
    publish("Looked at", long)
    page.goto("/studio")
    expect(page.locator("a.studio__cover")).to_have_count(2)
    page.route_web_socket("**/ws/v1", lambda wire: wire.close(code=4503))
    publish("Asked for", clip)
    live(uploader)
    assert asked
    assert not told
    page.goto("/studio")
    expect(page.locator("a.studio__cover")).to_have_count(3)


def test_offline_twice_and_one_reload_and_still_published(
    uploader: Visitor, clip: Path, tmp_path: Path
) -> None:
    page = uploader.page
    session = uploader.context.new_cdp_session(page)
    lost: list[str] = []

    def lose(route: Route) -> None:
        """Lose the line under the first two pieces; the third is under way when the page goes."""
        if route.request.method != "PATCH":
            return route.continue_()
        lost.append("PATCH")
        if len(lost) < 3:
            session.send("Network.emulateNetworkConditions", SLOW | {"offline": True})
            route.abort("internetdisconnected")
        return None

    def is_piece(request: Request) -> bool:
        return request.method == "PATCH"

    def back_online() -> None:
        session.send("Network.emulateNetworkConditions", SLOW | {"uploadThroughput": -1})

    detail = page.locator("[data-transfer] [data-detail]")
    page.route("**/api/v1/uploads/*", lose)
    with page.expect_event("requestfailed", is_piece):
        page.set_input_files("input[name=file]", padded(clip, tmp_path / "far.mp4", MB))
    expect(detail).to_contain_text("offline")
    page.fill("textarea[name=caption]", "From far away")
    page.locator("[data-publish]").click()
    with page.expect_event("requestfailed", is_piece):
        back_online()
    expect(detail).to_contain_text("offline")
    with page.expect_request(is_piece):
        back_online()
    page.unroute("**/api/v1/uploads/*")
    page.reload()
    # Nobody has to choose the file or press anything again.
    expect(page.locator("[data-name]")).to_have_text("far.mp4")
    expect(page.locator("textarea[name=caption]")).to_have_value("From far away")
    live(uploader)
    page.goto("/studio")
    expect(page.get_by_text("From far away")).to_have_count(1)


def test_recording_from_the_camera(uploader: Visitor) -> None:
    page = uploader.page
    page.locator("[data-record-open]").click()
    page.locator("[data-record-start]").click()
    expect(page.locator("[data-record-time]")).to_have_text("0:02")
    page.locator("[data-record-stop]").click()
    expect(page.locator("[data-name]")).to_have_text(re.compile(r"^recording-.*\.(webm|mp4)$"))
    # Such a file does not say how long it is; its frames are shown to choose from all the same.
    expect(page.locator("[data-cut-text]")).to_have_text(re.compile(r"^0:00 – 0:0[1-9]"))
    page.fill("textarea[name=caption]", "Filmed here")
    page.locator("[data-publish]").click()
    live(uploader)


def test_a_duet_is_filmed_beside_the_playing_original_and_ends_with_it(
    uploader: Visitor, author: Caller, clip: Path
) -> None:
    original = author.publish(clip, "Dance beside me")
    page = uploader.page
    page.goto(f"/@{author.username}/video/{original}")
    page.locator(".rail summary").first.click()
    page.get_by_role("link", name="Duet", exact=True).click()
    expect(page.locator("[data-relation-card=duet_of]")).to_contain_text(f"@{author.username}")
    page.locator("[data-record-open]").click()
    beside = page.locator("[data-record] [data-beside]")
    expect(beside).to_be_visible()
    page.locator("[data-record-start]").click()
    page.wait_for_function("video => video.currentTime > 0.5", arg=beside.element_handle())
    # Nobody presses anything: the original ends, and so does the recording.
    expect(page.locator("[data-name]")).to_have_text(re.compile(r"^recording-.*\.(webm|mp4)$"))
    preview = page.locator(".cover__frame [data-beside]")
    expect(preview).to_be_visible()
    page.fill("textarea[name=caption]", "Beside you")
    page.reload()
    expect(page.locator("[data-name]")).to_have_text(re.compile(r"^recording-"))
    page.goto("/upload")  # also where the address says nothing of it
    expect(page.locator("[data-relation-card=duet_of]")).to_contain_text(f"@{author.username}")
    expect(preview).to_be_visible()
    page.locator("[data-publish]").click()
    live(uploader).locator("[data-live-link]").click()
    card = uploader.card("Beside you")
    expect(card.get_by_role("link", name=f"Duet with @{author.username}")).to_have_attribute(
        "href", f"/@{author.username}/video/{original}"
    )
    uploader.see_playing(card)
    width, height = card.locator("video").evaluate("it => [it.videoWidth, it.videoHeight]")
    assert 1.05 < width / height < 1.2


def test_a_comment_is_answered_with_a_video(uploader: Visitor, author: Caller, clip: Path) -> None:
    video = author.publish(clip, "Ask me anything")
    author.post(f"videos/{video}/comments", text="How high is it?")
    page, watch = uploader.page, f"/@{author.username}/video/{video}"
    page.goto(f"{watch}#comments")
    page.get_by_role("link", name="Reply with video").click()
    card = page.locator("[data-relation-card=reply_to]")
    expect(card).to_contain_text("How high is it?")
    page.set_input_files("input[name=file]", clip)
    page.fill("textarea[name=caption]", "As high as this")
    page.goto("/upload")  # also where the address says nothing of it
    expect(page.locator("textarea[name=caption]")).to_have_value("As high as this")
    expect(card).to_contain_text("How high is it?")
    page.locator("[data-publish]").click()
    live(uploader).locator("[data-live-link]").click()
    sticker = uploader.card("As high as this").locator(".card__answer")
    expect(sticker).to_contain_text("How high is it?")
    sticker.click()
    page.wait_for_url(re.compile(rf"{watch}\?comment=.*#comments$"))
    answered = page.get_by_role("link", name=re.compile("Answered with a video"))
    expect(answered).to_be_visible()
