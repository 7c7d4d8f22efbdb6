"""A voice message, into a microphone that Chromium makes up: recorded, sent, heard, thrown away."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tiktok import chromium
from tiktok.instance import Instance
from tiktok.tests.e2e.conftest import Arrive
from tiktok.tests.e2e.test_messages import meet

FLAGS = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
TRACKS = """(() => {
  window.tracks = [];
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (asked) => {
    if (window.deaf) throw new DOMException('no', 'NotAllowedError');
    const stream = await real(asked);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
})()"""
SILENT = "() => window.tracks.length > 0 && window.tracks.every(one => one.readyState === 'ended')"
LEVEL = """() => {
  const canvas = document.querySelector('[data-voice-level]');
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels.some((one) => one > 0);
}"""


@pytest.fixture(scope="module")
def browser(product: Instance) -> Iterator[Browser]:
    if chromium.find_chromium() is None:
        pytest.fail(chromium.MISSING, pytrace=False)
    with chromium.launched(FLAGS) as browser:
        yield browser


def hold(page: Page, milliseconds: int, *, slide: int = 0) -> None:
    """Hold the button for a while and let go, after sliding to the left."""
    button = page.locator("[data-voice-start]")
    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    expect(page.locator("[data-voice-bar]")).to_be_visible()
    page.wait_for_timeout(milliseconds)
    if slide:
        page.mouse.move(x - slide, y, steps=4)
    page.mouse.up()


def test_a_voice_message_is_recorded_and_heard(arrive: Arrive) -> None:
    ann, ben = arrive(), arrive()
    ann.page.add_init_script(TRACKS)
    meet(ann, ben)
    page = ann.page
    bar = page.locator("[data-voice-bar]")
    # Pressed once: it goes on until it is sent.
    page.locator("[data-voice-start]").click()
    expect(bar).to_be_visible()
    expect(page.locator("[data-voice-time]")).to_have_text("0:02")
    page.wait_for_function(LEVEL)
    page.get_by_role("button", name="Send the voice message").click()
    expect(bar).to_be_hidden()
    page.wait_for_function(SILENT)
    sent = page.locator(".said--own .voice")
    expect(sent).to_have_count(1)
    heard = ben.page.locator(".said:not(.said--own) .voice")
    expect(heard.locator(".voice__time")).to_have_text("0:02")
    heights = "wave => new Set([...wave.children].map(one => one.style.blockSize)).size"
    assert int(heard.locator(".voice__wave").evaluate(heights)) > 1, "a wave, not a line"
    told = ben.page.evaluate(
        "async (url) => { const answer = await fetch(url);"
        " return [answer.status, answer.headers.get('content-type')]; }",
        f"/messages/files/{_file_of(ben.page)}",
    )
    assert told == [200, "audio/webm"]
    heard.get_by_role("button", name="Play").click()
    expect(heard).to_have_class("voice is-playing")
    expect(heard.locator(".is-past").first).to_be_attached()
    # It is drawn anew while it plays, and goes on.
    post_reaction(page)
    expect(ben.page.locator(".mark")).to_have_count(1)
    expect(heard.get_by_role("button", name="Play")).to_be_visible()  # to its end
    assert heard.locator(".voice__time").text_content() == "0:02"
    wave = heard.get_by_role("slider")
    wave.press("ArrowRight")
    expect(wave).to_have_attribute("aria-valuenow", "2")
    # Held: let go to send.
    hold(page, 1500)
    expect(page.locator(".said--own .voice")).to_have_count(2)
    # Held, and slid away: nothing is sent, and the microphone is let go of.
    hold(page, 900, slide=160)
    expect(bar).to_be_hidden()
    page.wait_for_function(SILENT)
    # By the keyboard, thrown away by Escape.
    page.locator("[data-voice-start]").focus()
    page.keyboard.press("Enter")
    expect(bar).to_be_visible()
    page.wait_for_timeout(300)
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    page.wait_for_function(SILENT)
    expect(page.locator(".said--own .voice")).to_have_count(2)
    ben.page.goto("/messages")
    expect(ben.page.locator("[data-chat-last]")).to_have_text("Voice message")


def _file_of(page: Page) -> str:
    path = f"/api/v1/conversations/{page.url.rsplit('/', 1)[1]}/messages"
    found: str = page.evaluate(
        "async (path) => (await (await fetch(path)).json()).results.at(-1).attachments[0].id", path
    )
    return found


def post_reaction(page: Page) -> None:
    mine = page.locator(".said--own").last
    mine.locator("summary").click()
    mine.locator(".said__menu [data-emoji='👍']").click()


def test_what_stands_in_the_way_is_said(arrive: Arrive) -> None:
    ann, ben = arrive(), arrive()
    ann.page.add_init_script(TRACKS)
    meet(ann, ben)
    page = ann.page
    # Words are sent by the same place.
    expect(page.get_by_role("button", name="Send", exact=True)).to_be_hidden()
    page.fill("[data-room-body]", "words")
    expect(page.locator("[data-voice-start]")).to_be_hidden()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".said--own")).to_contain_text("words")
    page.evaluate("window.deaf = true")
    page.locator("[data-voice-start]").click()
    expect(page.locator(".toast--error")).to_contain_text("microphone")
    expect(page.locator("[data-voice-bar]")).to_be_hidden()
    page.evaluate("window.deaf = false")
    # The network goes while it is on its way: it is kept, and sent once there is one again.
    page.locator("[data-voice-start]").click()
    expect(page.locator("[data-voice-time]")).to_have_text("0:01")
    ann.context.set_offline(True)
    page.get_by_role("button", name="Send the voice message").click()
    expect(page.locator("[data-voice-bar][data-state=failed]")).to_be_visible()
    ann.context.set_offline(False)
    page.get_by_role("button", name="Send the voice message").click()
    expect(page.locator(".said--own .voice")).to_have_count(1)
    expect(ben.page.locator(".voice")).to_have_count(1)
