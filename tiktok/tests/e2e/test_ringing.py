"""It rings on whatever page somebody has open, over one socket for all tabs of a browser."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tiktok import chromium
from tiktok.instance import Instance
from tiktok.tests.e2e.conftest import Arrive
from tiktok.tests.e2e.test_calls import FLAGS, SPY, act, meet, moves, phase
from tiktok.tests.e2e.test_messages import post
from tiktok.tests.e2e.visitor import Visitor

OPEN = "window.sockets.filter(one => one.readyState === WebSocket.OPEN).length"


# With cameras: another browser than the other tests' one.
@pytest.fixture(scope="module")
def browser(product: Instance) -> Iterator[Browser]:
    if chromium.find_chromium() is None:
        pytest.fail(chromium.MISSING, pytrace=False)
    with chromium.launched(FLAGS) as browser:
        yield browser


def rings(page: Page, name: str) -> None:
    expect(page.locator("[data-ring-name]")).to_have_text(name)
    expect(page.get_by_role("button", name="Accept", exact=True)).to_be_visible()


def silent(page: Page) -> None:
    expect(page.locator("[data-controller=ring]")).to_be_hidden()


def one_socket(*pages: Page) -> None:
    """See that of all these tabs one holds a socket, and that it is the only one they have."""
    pages[0].wait_for_timeout(300)
    for _ in range(100):
        if sum(page.evaluate(OPEN) for page in pages) == 1:
            break
        pages[0].wait_for_timeout(100)
    assert sum(page.evaluate(OPEN) for page in pages) == 1


def elsewhere(browser: Browser, visitor: Visitor) -> BrowserContext:
    """Return another device of the visitor's."""
    context = browser.new_context(base_url=visitor.base, locale="en-US")
    context.add_init_script(SPY)
    context.add_cookies(visitor.context.cookies())  # type: ignore[arg-type]
    return context


def test_it_rings_on_the_feed_and_is_taken_there(arrive: Arrive, browser: Browser) -> None:
    ann, ben = meet(arrive)
    profile = ben.context.new_page()
    profile.goto(f"/@{ben.username}")
    one_socket(ben.page, profile)
    # What is said to him shows at once, in the tab that has the socket and in the one that has not.
    room = ann.page.url.rsplit("/", 1)[1]
    body = {"client_id": str(uuid4()), "body": "Hello"}
    post(ann, f"/api/v1/conversations/{room}/messages", body)
    for page in (profile, ben.page):
        page.bring_to_front()
        expect(page.locator(".nav .badge[data-controller=unread]")).to_have_text("1")
    other_device = elsewhere(browser, ben)
    upload = other_device.new_page()
    upload.goto("/upload")
    one_socket(upload)
    ann.page.get_by_role("button", name="Video call").click()
    for page in (ben.page, profile, upload):
        rings(page, ann.username)
    expect(ann.page.locator("[data-call-status]")).to_have_text("Ringing")
    # Who types on takes no call.
    ben.page.bring_to_front()
    for key in ("Enter", "Space", "Escape"):
        ben.page.keyboard.press(key)
    rings(ben.page, ann.username)
    ben.page.get_by_role("button", name="Accept", exact=True).click()
    ben.page.wait_for_url(f"**/messages/{room}")
    for visitor in (ann, ben):
        phase(visitor, "active")
    for page in (profile, upload):
        silent(page)
    for visitor in (ann, ben):
        moves(visitor.page)
    # The page of the call has lent its socket to the other tab.
    one_socket(ben.page, profile)
    act(ann, "hangup")
    phase(ben, "ended")
    other_device.close()


def test_it_is_declined_from_a_tab_without_a_socket(arrive: Arrive) -> None:
    ann, ben = meet(arrive)
    profile = ben.context.new_page()
    profile.goto(f"/@{ben.username}")
    one_socket(ben.page, profile)
    assert profile.evaluate(OPEN) == 0
    call = ann.page.get_by_role("button", name="Voice call")
    call.click()
    for page in (ben.page, profile):
        rings(page, ann.username)
    profile.get_by_role("button", name="Decline").click()
    expect(ann.page.locator("[data-call-status]")).to_have_text("Declined")
    for page in (ben.page, profile):
        silent(page)
    # The tab with the socket goes, the other takes its place; a call that nobody took is told.
    ben.page.close()
    one_socket(profile)
    expect(ann.page.locator("[data-call-screen]")).to_be_hidden()
    call.click()
    rings(profile, ann.username)
    act(ann, "hangup")
    silent(profile)
    expect(profile.locator(".toast")).to_contain_text("Missed voice call")
    # A page that is opened while it rings rings too.
    expect(ann.page.locator("[data-call-screen]")).to_be_hidden()
    call.click()
    rings(profile, ann.username)
    profile.goto("/upload")
    rings(profile, ann.username)
    act(ann, "hangup")
    silent(profile)
