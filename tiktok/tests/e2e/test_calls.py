"""Two browsers with cameras that Chromium makes up: they call, see each other, and part."""

import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from core.processes import die_with_parent
from tiktok import chromium
from tiktok.instance import Instance, free_port
from tiktok.tests.e2e.conftest import Arrive
from tiktok.tests.e2e.test_messages import post
from tiktok.tests.e2e.visitor import Visitor

FLAGS = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
    # A machine without a network calls itself.
    "--allow-loopback-in-peer-connection",
)
# Keeps every connection that the page makes, so that a test can ask how it is, or break it.
SPY = """(() => {
  window.peers = [];
  window.sockets = [];
  const Socket = WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      window.sockets.push(this);
      if (window.cut) this.close();
    }
  };
  const Real = RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...given) { super(...given); window.peers.push(this); }
  };
})()"""
AT_ONCE = """(when) => void setTimeout(
  () => document.querySelector('[data-call-start=audio]').click(), when - Date.now())"""
STATS = """async () => {
  const peer = window.peers.at(-1);
  const told = {frames: 0, heard: 0, pair: null, local: null, remote: null};
  if (!peer) return told;
  const all = await peer.getStats();
  for (const one of all.values()) {
    if (one.type === 'inbound-rtp' && one.kind === 'video') told.frames = one.framesDecoded ?? 0;
    if (one.type === 'inbound-rtp' && one.kind === 'audio') told.heard = one.packetsReceived ?? 0;
    if (one.type === 'transport' && one.selectedCandidatePairId) {
      const pair = all.get(one.selectedCandidatePairId);
      told.local = all.get(pair.localCandidateId)?.candidateType;
      told.remote = all.get(pair.remoteCandidateId)?.candidateType;
    }
  }
  return told;
}"""


# With cameras: another browser than the other tests' one.
@pytest.fixture(scope="module")
def browser(product: Instance) -> Iterator[Browser]:
    if chromium.find_chromium() is None:
        pytest.fail(chromium.MISSING, pytrace=False)
    with chromium.launched(FLAGS) as browser:
        yield browser


def stats(page: Page) -> dict[str, Any]:
    told: dict[str, Any] = page.evaluate(STATS)
    return told


def until(page: Page, fits: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
    """Wait until the connection's figures fit."""
    deadline = time.monotonic() + 40
    while not fits(told := stats(page)):
        assert time.monotonic() < deadline, (what, told)
        page.wait_for_timeout(100)
    return told


def moves(page: Page) -> None:
    """See that the other's picture goes on: frames are decoded now, and then more."""
    before = until(page, lambda told: told["frames"] > 0, "a first frame")["frames"]
    until(page, lambda told: told["frames"] > before + 2, "further frames")


def act(visitor: Visitor, name: str) -> None:
    visitor.page.locator(f"[data-call-act={name}]").click()


def phase(visitor: Visitor, name: str) -> None:
    expect(visitor.page.locator("[data-call-screen]")).to_have_attribute("data-phase", name)


def meet(arrive: Arrive) -> tuple[Visitor, Visitor]:
    """Return two friends in their room."""
    ann, ben = arrive(), arrive()
    for visitor, name in ((ann, "ann"), (ben, "ben")):
        visitor.context.add_init_script(SPY)
        visitor.sign_up(name)
    post(ann, f"/api/v1/users/{ben.username}/friend-request")
    post(ben, f"/api/v1/users/{ann.username}/friend-request")
    ann.page.goto(f"/@{ben.username}")
    ann.page.get_by_role("button", name="Message", exact=True).click()
    ann.page.wait_for_url("**/messages/*-*")
    return ann, ben


def test_a_video_call(arrive: Arrive) -> None:
    ann, ben = meet(arrive)
    other_tab = ben.context.new_page()
    other_tab.goto("/messages")
    ben.page.goto(ann.page.url)
    ann.page.get_by_role("button", name="Video call").click()
    phase(ann, "outgoing")
    phase(ben, "incoming")
    expect(other_tab.locator("[data-call-screen]")).to_have_attribute("data-phase", "incoming")
    expect(ann.page.locator("[data-call-status]")).to_have_text("Ringing")
    # Typing on when it rings takes no call; Escape declines none.
    for key in ("Enter", "Space", "Escape"):
        ben.page.keyboard.press(key)
    ben.page.get_by_role("button", name="Accept").click()
    for visitor in (ann, ben):
        phase(visitor, "active")
    expect(other_tab.locator("[data-call-screen]")).to_have_attribute("data-phase", "ended")
    other_tab.close()
    for visitor in (ann, ben):
        moves(visitor.page)
        expect(visitor.page.locator("[data-call-remote]")).to_be_visible()
    ann.page.keyboard.press("m")
    muted = ann.page.get_by_role("button", name="Mute microphone")
    expect(muted).to_have_attribute("aria-pressed", "true")
    quiet = ben.page.get_by_text("Their microphone is off")
    expect(quiet).to_be_visible()
    muted.click()
    expect(quiet).to_be_hidden()
    act(ann, "camera")
    expect(ben.page.locator("[data-call-remote]")).to_be_hidden()
    act(ann, "camera")
    expect(ben.page.locator("[data-call-remote]")).to_be_visible()
    moves(ben.page)
    # A page that is loaded anew during the call comes back to it.
    ben.page.on("dialog", Dialog.accept)
    ben.page.reload()
    for visitor in (ben, ann):
        phase(visitor, "active")
        moves(visitor.page)
    act(ben, "hangup")
    for visitor in (ann, ben):
        phase(visitor, "ended")
        line = visitor.page.locator(".said--call .bubble")
        expect(line).to_contain_text("Video call · 0:")
        expect(visitor.page.locator("[data-call-screen]")).to_be_hidden()


def test_a_voice_call_grows_a_picture_and_survives_its_sockets(arrive: Arrive) -> None:
    ann, ben = meet(arrive)
    ben.page.goto(ann.page.url)
    # Both call each other at once: that is one call.
    for visitor in (ann, ben):
        expect(visitor.page.locator("[data-controller=room]")).to_be_visible()
        visitor.page.evaluate(AT_ONCE, int(time.time() * 1000) + 1500)
    for visitor in (ann, ben):
        phase(visitor, "active")
        until(visitor.page, lambda told: told["heard"] > 0, "sound")
    act(ben, "camera")
    moves(ann.page)
    act(ann, "share")
    expect(ben.page.locator(".call--screen")).to_be_visible()
    moves(ben.page)
    # Ann's socket breaks: the two go on, and hear of each other again once it is back.
    ann.page.evaluate("window.cut = true; window.sockets.at(-1).close(4000)")
    expect(ben.page.locator("[data-call-status]")).to_contain_text("is reconnecting")
    phase(ann, "reconnecting")
    ann.page.evaluate("window.cut = false")
    phase(ann, "active")
    act(ann, "mute")
    expect(ben.page.get_by_text("Their microphone is off")).to_be_visible()
    assert ann.page.evaluate("window.peers.length") == 1
    act(ann, "hangup")
    phase(ben, "ended")
    expect(ann.page.locator(".said--call .bubble")).to_contain_text("Video call · 0:")
    # Not answered: the one cancels, the other finds that they missed it. It rings in the list too.
    ben.page.goto("/messages")
    expect(ann.page.locator("[data-call-screen]")).to_be_hidden()
    ann.page.get_by_role("button", name="Voice call").click()
    phase(ben, "incoming")
    act(ann, "hangup")
    phase(ben, "ended")
    expect(ben.page.locator("[data-chat-last]")).to_have_text("Missed voice call")
    ben.page.goto(ann.page.url)
    expect(ben.page.locator(".said--missed .bubble")).to_have_text("Missed voice call")
    expect(ann.page.locator(".said--call .bubble").last).to_have_text("Cancelled call")


# The first connection of the page finds no way and hears of none, and says so to nobody.
LOST = """(() => {
  const Real = RTCPeerConnection;
  let first = true;
  window.RTCPeerConnection = class extends Real {
    constructor(given) {
      super(first ? {...given, iceTransportPolicy: 'relay'} : given);
      if (first) this.addIceCandidate = async () => {};
      first = false;
    }
  };
})()"""


def test_a_connection_on_which_nothing_happens_is_made_anew(arrive: Arrive) -> None:
    ann, ben = meet(arrive)
    ben.context.add_init_script(LOST)
    ben.page.goto(ann.page.url)
    ann.page.get_by_role("button", name="Video call").click()
    ben.page.get_by_role("button", name="Accept").click()
    for visitor in (ann, ben):
        phase(visitor, "active")
        moves(visitor.page)
    # Offers that meet: the polite side takes its own back, and the call goes on.
    for visitor in (ann, ben):
        visitor.page.evaluate("window.peers.at(-1).restartIce()")
    for visitor in (ann, ben):
        moves(visitor.page)
        assert visitor.page.evaluate("window.peers.length") == 2
    act(ann, "hangup")
    phase(ben, "ended")


@contextmanager
def relay(folder: Path, port: int, secret: str) -> Iterator[None]:
    """Run a coturn that forwards to this machine only."""
    command = [
        *(shutil.which("turnserver") or "/usr/bin/turnserver", "-n", "--no-cli"),
        *("--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1", "--allow-loopback-peers"),
        *("--listening-port", str(port), "--realm", "e2e", "--no-tls", "--no-dtls"),
        *("--use-auth-secret", "--static-auth-secret", secret),
        *("--log-file", "stdout", "--pidfile", str(folder / "turn.pid")),
        *("--userdb", str(folder / "turn.db"), "--no-rfc5780"),
    ]
    with (folder / "turn.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent,  # noqa: PLW1509  one prctl call, bound before the fork
        )
    try:
        time.sleep(0.5)
        assert process.poll() is None, (folder / "turn.log").read_text()
        yield
    finally:
        process.kill()
        process.wait(20)


@pytest.mark.skipif(shutil.which("turnserver") is None, reason="needs coturn (turnserver)")
def test_a_call_through_the_relay_alone(browser: Browser, tmp_path: Path) -> None:
    secret, port = secrets.token_urlsafe(24), free_port()
    env = {
        "TURN_URLS": f"turn:127.0.0.1:{port}?transport=udp",
        "TURN_SECRET": secret,
        "ICE_POLICY": "relay",
    }
    visitors: list[Visitor] = []

    def make() -> Visitor:
        visitors.append(Visitor.arrive(browser, product.url))
        return visitors[-1]

    with Instance(tmp_path, **env) as product:
        with relay(tmp_path, port, secret):
            ann, ben = meet(make)
            ben.page.goto(ann.page.url)
            ann.page.get_by_role("button", name="Video call").click()
            ben.page.get_by_role("button", name="Accept").click()
            for visitor in (ann, ben):
                phase(visitor, "active")
                moves(visitor.page)
                told = stats(visitor.page)
                assert (told["local"], told["remote"]) == ("relay", "relay")
        # The way between them is gone, and comes back: ICE restarts within the grace.
        phase(ann, "reconnecting")
        with relay(tmp_path, port, secret):
            for visitor in (ann, ben):
                phase(visitor, "active")
                moves(visitor.page)
                assert visitor.page.evaluate("window.peers.length") == 1
            act(ann, "hangup")
            phase(ben, "ended")
        for visitor in visitors:
            visitor.context.close()
            assert visitor.faults == []
