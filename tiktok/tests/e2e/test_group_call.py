"""The call of a group in the browser.

There is no LiveKit on this machine: with its real library a page gets as far as a server that does
not answer. What the page shows of a room is seen with a stand-in for the library, which has the
same names and lets the test say who comes, speaks and shows a screen.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tiktok import chromium
from tiktok.instance import Instance, free_port
from tiktok.tests.e2e.test_calls import FLAGS
from tiktok.tests.e2e.visitor import Visitor

# Static files carry a hash in their names where collected.
LIBRARY = re.compile(r"/livekit-client\.umd[^/]*\.js")
STAND_IN = """(() => {
  const Source = {Camera: 'camera', Microphone: 'microphone', ScreenShare: 'screen_share'};
  const picture = () => {
    const canvas = document.createElement('canvas');
    const draw = canvas.getContext('2d');
    setInterval(() => { draw.fillStyle = '#2fc6a0'; draw.fillRect(0, 0, 300, 150); }, 100);
    const stream = canvas.captureStream(10);
    return {attach: (video) => { video.srcObject = stream; }, detach: (video) => { video.srcObject = null; }};
  };
  class Person {
    constructor(identity, name) { Object.assign(this, {identity, name, isSpeaking: false, published: {}}); }
    get isMicrophoneEnabled() { return Boolean(this.published.microphone); }
    get isCameraEnabled() { return Boolean(this.published.camera); }
    get isScreenShareEnabled() { return Boolean(this.published.screen_share); }
    getTrackPublication(source) { return this.published[source]; }
    publish(source, on) { this.published[source] = on ? {isMuted: false, track: picture()} : undefined; }
    async setMicrophoneEnabled(on) { this.publish('microphone', on); }
    async setCameraEnabled(on) { this.publish('camera', on); }
    async setScreenShareEnabled(on) { this.publish('screen_share', on); }
  }
  class Room {
    constructor() { window.room = this; this.heard = {}; this.remoteParticipants = new Map(); }
    on(what, act) { (this.heard[what] ??= []).push(act); return this; }
    emit(what, ...given) { for (const act of this.heard[what] ?? []) act(...given); }
    async connect(url, token) {
      window.asked = {url, token};
      this.localParticipant = new Person('me', 'Me');
    }
    enter(identity, name, ...sources) {
      const person = new Person(identity, name);
      for (const source of sources) person.publish(source, true);
      this.remoteParticipants.set(identity, person);
      this.emit('ParticipantConnected', person);
      return person;
    }
    disconnect() { window.left = true; this.emit('Disconnected', 1); }
  }
  const RoomEvent = new Proxy({}, {get: (_, name) => name});
  const Track = {Source, Kind: {Audio: 'audio', Video: 'video'}};
  globalThis.LivekitClient = {Room, RoomEvent, Track, DisconnectReason: {CLIENT_INITIATED: 1, PARTICIPANT_REMOVED: 4}};
})()"""  # noqa: E501  lines of a script, not ours to break


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """Return a product with group calls, whose server does not answer."""
    env = {
        "LIVEKIT_URL": f"ws://127.0.0.1:{free_port()}",
        "LIVEKIT_API_KEY": "key",
        "LIVEKIT_API_SECRET": "secret" * 8,
    }
    with Instance(tmp_path_factory.mktemp("groups"), **env) as instance:
        yield instance


# With cameras: another browser than the other tests' one.
@pytest.fixture(scope="module")
def browser(product: Instance) -> Iterator[Browser]:
    if chromium.find_chromium() is None:
        pytest.fail(chromium.MISSING, pytrace=False)
    with chromium.launched(FLAGS) as browser:
        yield browser


@pytest.fixture
def ann(browser: Browser, product: Instance) -> Iterator[Visitor]:
    """Return somebody in a group of their own; nobody minds that LiveKit is away but LiveKit."""
    visitor = Visitor.arrive(browser, product.url)
    visitor.sign_up("ann")
    visitor.page.goto("/messages")
    visitor.page.get_by_label("New group").click()
    visitor.page.get_by_label("Name of the group").fill("The crew")
    visitor.page.get_by_role("button", name="Make group").click()
    visitor.page.wait_for_url("**/messages/*-*")
    yield visitor
    visitor.context.close()
    away = ("127.0.0.1", "503", "livekit", "LiveKit", "connection", "ERR_CONNECTION_REFUSED")
    others = [one for one in visitor.faults if not any(word in one for word in away)]
    # A page that may not even try would look the same.
    assert others + [one for one in visitor.faults if "Content Security" in one] == []


def screen(page: Page, phase: str, words: str) -> None:
    expect(page.locator("[data-group-screen]")).to_have_attribute("data-phase", phase)
    expect(page.locator("[data-group-status]")).to_have_text(words)


def act(page: Page, name: str) -> None:
    page.locator(f"[data-group-act={name}]").click()


def test_the_real_library_asks_for_a_key_and_says_that_nobody_answers(ann: Visitor) -> None:
    page = ann.page
    assert page.evaluate("'LivekitClient' in window") is False
    with page.expect_response("**/sfu-token") as asked:
        page.get_by_role("button", name="Group call").click()
    assert asked.value.status == 200
    assert set(asked.value.json()) == {"url", "token", "room", "expires_in"}
    screen(page, "ended", "The server of group calls cannot be reached.")
    assert page.evaluate("typeof LivekitClient.Room") == "function"
    act(page, "close")
    expect(page.locator("[data-group-screen]")).to_be_hidden()


def test_whoever_gets_no_key_is_told_so(ann: Visitor) -> None:
    page = ann.page
    body = '{"code": "not_found", "detail": "Not found.", "status": 404}'

    def refuse(route: Route) -> None:
        route.fulfill(status=404, body=body, content_type="application/problem+json")

    page.route("**/sfu-token", refuse)
    page.get_by_role("button", name="Group call").click()
    screen(page, "ended", "Not found.")
    ann.faults[:] = [one for one in ann.faults if "404" not in one]


def test_a_room_full_of_people(ann: Visitor) -> None:
    page = ann.page
    page.route(LIBRARY, lambda route: route.fulfill(body=STAND_IN, content_type="text/javascript"))
    page.get_by_role("button", name="Group call").click()
    screen(page, "active", "Nobody else is here yet")
    assert page.evaluate("asked.url").startswith("ws://127.0.0.1:")
    tiles = page.locator(".tile")
    expect(tiles).to_have_count(1)
    # One enters with a camera, one without a microphone; the second shows a screen.
    page.evaluate("room.enter('bo', 'Bo', 'camera', 'microphone')")
    page.evaluate("window.cy = room.enter('cy', 'Cy', 'screen_share')")
    screen(page, "active", "3 people are here")
    expect(tiles).to_have_count(4)
    expect(page.locator("[data-person=bo].tile--seen")).to_have_count(1)
    expect(page.locator("[data-person=bo].tile--quiet")).to_have_count(0)
    expect(page.locator("[data-person=cy].tile--screen.tile--seen")).to_have_count(1)
    expect(page.locator("[data-person=cy].tile--quiet")).to_have_count(1)
    page.wait_for_function(
        "() => document.querySelector('[data-person=bo] video').readyState >= 2"  # a picture
    )
    page.evaluate("cy.isSpeaking = true; room.emit('ActiveSpeakersChanged', [cy])")
    expect(page.locator("[data-person=cy].tile--speaks")).to_have_count(1)
    # One's own microphone, camera and screen.
    mute = page.get_by_role("button", name="Mute microphone")
    expect(mute).to_have_attribute("aria-pressed", "false")
    act(page, "mute")
    expect(mute).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-person=me].tile--quiet")).to_have_count(1)
    act(page, "camera")
    expect(page.locator("[data-person=me].tile--seen.tile--mirrored")).to_have_count(1)
    act(page, "share")
    expect(page.locator("[data-person=me].tile--screen")).to_have_count(1)
    act(page, "share")
    expect(page.locator("[data-person=me].tile--screen")).to_have_count(0)
    page.evaluate("room.emit('Reconnecting')")
    screen(page, "reconnecting", "Reconnecting")
    page.evaluate("room.emit('Reconnected')")
    screen(page, "active", "3 people are here")
    page.evaluate("room.remoteParticipants.delete('bo'); room.emit('ParticipantDisconnected')")
    expect(page.locator("[data-person=bo]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("[data-group-screen]")).to_be_visible()
    act(page, "leave")
    screen(page, "ended", "You left the call")
    assert page.evaluate("left") is True
    expect(page.locator("[data-group-screen]")).to_be_hidden()
    expect(tiles).to_have_count(0)
    # Again, and put out by the server.
    page.get_by_role("button", name="Group call").click()
    screen(page, "active", "Nobody else is here yet")
    page.evaluate("room.emit('Disconnected', 4)")
    screen(page, "ended", "You are not in this group any more")
