"""A browser that is told: the switch, the worker that shows, the page that says it has a message.

Chromium's own push service is the one thing played: it is Google's.
"""

import json

from playwright.sync_api import WebSocket, expect

from tiktok.tests.e2e.conftest import Arrive
from tiktok.tests.e2e.test_messages import meet, write

SETTINGS = "/settings/notifications"
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
KEYS = {"p256dh": POINT, "auth": "BTBZMqHH6r4Tts7J_aSIgg"}
SERVICE = """
PushManager.prototype.subscribe = async function (options) {
  const told = { endpoint: "https://push.example.com/" + Math.random(), keys: KEYS };
  window.asked = options;
  window.made = {
    endpoint: told.endpoint,
    options: {},
    toJSON: () => told,
    unsubscribe: async () => { window.made = null; },
  };
  return window.made;
};
PushManager.prototype.getSubscription = async () => window.made ?? null;
""".replace("KEYS", json.dumps(KEYS))
REGISTER = """
async () => {
  const scope = "/push-worker.js";
  const made = await navigator.serviceWorker.register("/push-worker.js", { scope });
  while (made.active?.state !== "activated") await new Promise((done) => setTimeout(done, 20));
}
"""
SHOWN = """
async (wanted) => {
  const made = await navigator.serviceWorker.getRegistration("/push-worker.js");
  const shown = (await made.getNotifications()).map((one) => [one.title, one.body, one.tag]);
  return JSON.stringify(shown) === JSON.stringify(wanted);
}
"""


def test_a_device_is_switched_on_and_off(arrive: Arrive) -> None:
    ann = arrive()
    ann.sign_up("ann")
    ann.context.grant_permissions(["notifications"])
    ann.context.add_init_script(SERVICE)
    page = ann.page
    page.goto(SETTINGS)
    switch = page.get_by_role("switch", name="On this device")
    expect(page.get_by_text("Your browser asks you once.")).to_be_visible()
    switch.check(force=True)
    expect(page.get_by_text("You are told here")).to_be_visible()
    assert page.evaluate("asked.userVisibleOnly && asked.applicationServerKey.length") == 87
    switch.uncheck(force=True)
    expect(page.get_by_text("Your browser asks you once.")).to_be_visible()
    switch.check(force=True)
    expect(page.get_by_text("You are told here")).to_be_visible()
    page.reload()
    expect(page.locator(".device")).to_have_count(1)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".device")).to_have_count(0)


def test_a_browser_that_cannot_says_so(arrive: Arrive) -> None:
    ann = arrive()
    ann.sign_up("ann")
    ann.context.add_init_script("delete window.PushManager")
    ann.page.goto(SETTINGS)
    expect(ann.page.get_by_text("This browser cannot be told.")).to_be_visible()
    expect(ann.page.get_by_role("switch", name="On this device")).to_be_disabled()


def test_a_device_that_the_server_forgot_is_off_until_somebody_says_so(arrive: Arrive) -> None:
    """The browser keeps its subscription over a sign-out, which ends it for the server."""
    ann = arrive()
    ann.sign_up("ann")
    ann.context.grant_permissions(["notifications"])
    kept = SERVICE.replace("window.made", "held.made").replace("window.asked", "held.asked")
    # A subscription outlives pages: here it lives in the storage of the browser.
    key = """
    const held = { get made() { return sessionStorage.kept ? build() : null; },
                   set made(one) { one ? sessionStorage.kept = JSON.stringify(one.toJSON())
                                       : sessionStorage.removeItem("kept"); } };
    const bytes = (text) => Uint8Array.from(
      atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0)).buffer;
    const build = () => {
      const told = JSON.parse(sessionStorage.kept);
      const key = document.querySelector("[data-key]")?.dataset.key ?? "";
      return { endpoint: told.endpoint, options: { applicationServerKey: bytes(key) },
               toJSON: () => told, unsubscribe: async () => { held.made = null; } };
    };
    """
    ann.context.add_init_script(f"{{{key}{kept}}}")
    page = ann.page
    page.goto(SETTINGS)
    switch = page.get_by_role("switch", name="On this device")
    expect(page.get_by_text("Your browser asks you once.")).to_be_visible()
    switch.check(force=True)
    expect(page.get_by_text("You are told here")).to_be_visible()
    page.reload()
    expect(page.get_by_text("You are told here")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Your browser asks you once.")).to_be_visible()
    expect(switch).not_to_be_checked()


def test_quiet_hours_begin_where_one_is(arrive: Arrive) -> None:
    ann = arrive()
    ann.sign_up("ann")
    page = ann.page
    page.goto(SETTINGS)
    expect(page.locator("[data-hours]")).to_be_hidden()
    page.get_by_role("switch", name="Quiet hours").check(force=True)
    expect(page.locator("[data-hours]")).to_be_visible()
    here = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    expect(page.locator("[name=time_zone]")).to_have_value(here)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.locator("[name=quiet_from]")).to_have_value("22:00")


def test_the_worker_shows_what_is_pushed_in_its_place(arrive: Arrive) -> None:
    ann = arrive()
    ann.context.grant_permissions(["notifications"])
    page = ann.page
    page.goto("/signin")
    page.evaluate(REGISTER)
    session = ann.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    # Nobody looks at a page of ours: this one is put behind another.
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true })")
    behind = ann.context.new_page()
    behind.goto("about:blank")
    behind.bring_to_front()
    assert found
    for body in ("one", "two"):
        notice = {
            "kind": "message",
            "title": "Ben",
            "body": body,
            "tag": "messages:1",
            "url": "/messages",
            "c": "1",
        }
        given = {"origin": ann.base, "registrationId": found[-1], "data": json.dumps(notice)}
        session.send("ServiceWorker.deliverPushMessage", given)
        wanted = [["Ben", body, "messages:1"]]
        page.wait_for_function(SHOWN, arg=wanted, polling=100)


def test_a_page_that_is_looked_at_says_that_it_has_a_message(arrive: Arrive) -> None:
    ann, ben = arrive(), arrive()
    meet(ann, ben)
    said: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: said.append(str(frame)))

    ben.page.on("websocket", listen)
    ben.page.goto("/settings/profile")
    badge = ben.page.locator("[data-controller~=unread]").first
    write(ann, "are you there?")
    expect(badge).to_be_visible()
    for _ in range(100):
        if any('"delivered"' in frame and '"foreground":true' in frame for frame in said):
            return
        ben.page.wait_for_timeout(100)
    raise AssertionError(said)
