"""X01 in the messenger: whatever people write in any field is text, wherever it is shown."""

from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from tiktok.tests.e2e.conftest import Arrive
from tiktok.tests.e2e.test_groups import befriend
from tiktok.tests.e2e.test_messages import post, write
from tiktok.tests.e2e.visitor import Visitor

IMAGE = '"><img src=x onerror="window.struck=1">'
SCRIPT = "<script>window.struck=1</script>"
BRACES = "{{7*7}} ${7*7}"
LINK = "javascript:window.struck=1"
TURNED = "\u202egnp.exe\u2066 \u200b"
MARKS = "a" + "\u0301" * 200
ALL = (IMAGE, SCRIPT, BRACES, LINK, TURNED, MARKS)
JSON = """async ([path, method, body]) => {
  const headers = {'X-CSRFToken': document.body.dataset.csrf, 'Content-Type': 'application/json'};
  const answer = await fetch(path, {method, headers, body: JSON.stringify(body)});
  return [answer.status, await answer.json()];
}"""


def inert(page: Page) -> None:
    """See that nothing ran, nothing was computed and no link leads to a script."""
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.struck") is None
    assert page.locator("img[src='x'], a[href^='javascript:']").count() == 0
    assert page.locator("body").evaluate("body => body.innerText.includes('49 ')") is False


def struck_by(visitor: Visitor, path: str, method: str, body: Mapping[str, object]) -> object:
    status, told = visitor.page.evaluate(JSON, [path, method, body])
    assert status < 500, (path, body, told)
    return told if status < 300 else None


@pytest.mark.parametrize("title", [IMAGE, SCRIPT + BRACES])
def test_nothing_that_is_written_runs(arrive: Arrive, title: str) -> None:
    ann, ben = arrive(), arrive()
    for name, visitor in (("ann", ann), ("ben", ben)):
        visitor.sign_up(name)
    befriend(ann, ben)
    struck_by(ann, "/api/v1/users/me", "PATCH", {"name": IMAGE[:40], "bio": SCRIPT})
    group = struck_by(ann, "/api/v1/conversations", "POST", {"title": title})
    assert isinstance(group, dict)
    members = f"/api/v1/conversations/{group['id']}/members"
    struck_by(ann, members, "POST", {"username": ben.username, "usernames": [ben.username]})
    room = f"/messages/{group['id']}"
    ann.page.goto(room)
    for text in ALL:
        write(ann, text)
    for shown in (IMAGE, SCRIPT, BRACES, LINK, "gnp.exe"):
        expect(ann.page.locator(".said", has_text=shown).last).to_be_visible()
    theme = {"name": title[:40], "own_color": LINK, "background": IMAGE}
    struck_by(ann, "/api/v1/chat/themes", "POST", theme)
    assert post(ann, "/api/v1/emoji", {"shortcode": SCRIPT}) < 500
    places = (room, f"{room}/about", "/messages", "/messages/search?q=img", "/messages/themes")
    for place in places:
        ann.page.goto(place)
        inert(ann.page)
    ann.page.goto(f"/messages/search?q={IMAGE}")
    inert(ann.page)
    ben.page.goto(f"/@{ann.username}")
    inert(ben.page)
    ben.page.goto(room)
    inert(ben.page)
    ann.faults.clear()  # refusals are what was asked for
    ben.faults.clear()
