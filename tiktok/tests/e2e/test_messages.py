"""Two browsers, one conversation: sent, read, answered, changed, and scrolled through."""

import io
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Route, expect

from core.ids import uuid7
from tiktok.tests.e2e.conftest import Arrive
from tiktok.tests.e2e.visitor import Visitor

FETCH = """async ([path, body]) => {
  const headers = {'X-CSRFToken': document.body.dataset.csrf, 'Content-Type': 'application/json'};
  const answer = await fetch(path, {method: 'POST', headers, body: body && JSON.stringify(body)});
  return answer.status;
}"""
# Scrolls up by one step, waits two frames for what that loads, and returns how far what stood on
# the screen moved by itself.
STEP = """async () => {
  const box = document.querySelector('[data-room-scroll]');
  const top = box.getBoundingClientRect().top;
  const shown = [...box.querySelectorAll('.said')];
  const first = shown.find((one) => one.getBoundingClientRect().bottom > top + 5);
  box.scrollTop = Math.max(0, box.scrollTop - 400);
  const before = first.getBoundingClientRect().top;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  for (let i = 0; i < 8; i++) await frame();
  return [first.isConnected ? Math.abs(first.getBoundingClientRect().top - before) : -1,
          box.scrollTop, box.querySelectorAll('.said').length];
}"""


def post(visitor: Visitor, path: str, body: dict[str, Any] | None = None) -> int:
    status: int = visitor.page.evaluate(FETCH, [path, body])
    return status


def meet(ann: Visitor, ben: Visitor) -> str:
    """Make friends of two people and open their room in both browsers."""
    ann.sign_up("ann")
    ben.sign_up("ben")
    post(ann, f"/api/v1/users/{ben.username}/friend-request")
    post(ben, f"/api/v1/users/{ann.username}/friend-request")
    ann.page.goto(f"/@{ben.username}")
    ann.page.get_by_role("button", name="Message", exact=True).click()
    ann.page.wait_for_url("**/messages/*-*")
    ben.page.goto(ann.page.url)
    return ann.page.url


def test_two_people_talk(arrive: Arrive) -> None:
    ann, ben = arrive(), arrive()
    meet(ann, ben)
    write(ann, "Hello <b>Ben</b>")
    expect(ben.page.locator(".bubble", has_text="Hello <b>Ben</b>")).to_be_visible()
    expect(ann.page.locator(".said__foot", has_text="Read")).to_be_visible()
    write(ben, "Helo Ann")
    theirs = ann.page.locator(".said:not(.said--own)").last
    expect(theirs).to_contain_text("Helo Ann")
    theirs.locator("summary").click()
    theirs.locator(".said__menu [data-emoji='👍']").click()
    mine = ben.page.locator(".said--own").last
    expect(mine.locator(".mark")).to_have_text("👍 1")
    mine.locator("summary").click()
    mine.locator("[data-act=edit]").click()
    write(ben, "Hello Ann")
    expect(theirs).to_contain_text("Hello Ann")
    expect(theirs).to_contain_text("Edited")
    theirs.locator("summary").click()
    theirs.locator("[data-act=reply]").click()
    write(ann, "An answer")
    expect(ben.page.locator(".quote")).to_have_text("Hello Ann")
    picture = FilePayload(name="teal.png", mimeType="image/png", buffer=teal())
    ann.page.set_input_files("[data-room-files]", [picture])
    expect(ben.page.locator(".bubble__picture")).to_have_attribute("width", "60")
    shown = ben.page.locator(".bubble__picture").element_handle()
    ben.page.wait_for_function("picture => picture.naturalWidth === 60", arg=shown)


def teal() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(data, "PNG")
    return data.getvalue()


def test_what_is_said_while_the_page_loads_is_there(arrive: Arrive) -> None:
    ann, ben = arrive(), arrive()
    url = meet(ann, ben)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    ben.page.route("**/controllers/room*.js", hold)
    ben.page.goto(url, wait_until="commit")
    expect(ben.page.locator("[data-room-body]")).to_be_visible()
    write(ann, "Between the page and its socket")
    expect(ann.page.locator(".said", has_text="Between the page")).to_contain_text("Sent")
    ben.page.wait_for_timeout(200)
    held[0].continue_()
    # Nothing else is said that would show the gap; heartbeats are 25 seconds apart.
    expect(ben.page.locator(".said", has_text="Between the page")).to_be_visible(timeout=12_000)


def test_the_list_beside_a_room_follows_it(arrive: Arrive) -> None:
    ann, ben = arrive(), arrive()
    meet(ann, ben)
    ann.page.set_viewport_size({"width": 1440, "height": 900})
    expect(ann.page.get_by_text("Nothing here yet")).to_be_visible()
    write(ann, "The first word")
    row = ann.page.locator("a[data-chat]")
    expect(row).to_contain_text("The first word")
    write(ben, "The second word")
    expect(row).to_contain_text("The second word")
    expect(row.locator("[data-chat-unread]")).to_be_hidden()


def write(visitor: Visitor, text: str) -> None:
    visitor.page.fill("[data-room-body]", text)
    visitor.page.press("[data-room-body]", "Enter")


def test_scrolling_up_does_not_jump(arrive: Arrive) -> None:
    ann = arrive()
    ann.sign_up("ann")
    page = ann.page
    made = page.evaluate(
        """async () => (await (await fetch('/api/v1/conversations', {method: 'POST', headers: {
          'X-CSRFToken': document.body.dataset.csrf, 'Content-Type': 'application/json'},
          body: JSON.stringify({title: 'Notes'})})).json()).id"""
    )
    for number in range(60):
        path = f"/api/v1/conversations/{made}/messages"
        text = f"note {number} " + "and more " * (number % 9)
        assert post(ann, path, {"client_id": str(uuid7()), "body": text}) == 201
    page.goto(f"/messages/{made}")
    expect(page.locator(".bubble", has_text="note 59")).to_be_visible()
    worst = 0.0
    for _ in range(200):
        moved, top, shown = page.evaluate(STEP)
        assert moved >= 0, "what was on the screen was drawn anew"
        worst = max(worst, moved)
        if top == 0 and shown >= 61:
            break
    assert worst < 2
    expect(page.locator(".bubble", has_text="note 0")).to_be_attached()
