"""Groups and search in browsers: made, joined and run while others look; found and gone to."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from core.ids import uuid7
from tiktok.tests.e2e.conftest import Arrive
from tiktok.tests.e2e.test_messages import post, write
from tiktok.tests.e2e.test_rooms import upload
from tiktok.tests.e2e.visitor import Visitor

IN_VIEW = """element => {
  const { top, bottom } = element.getBoundingClientRect();
  const box = element.closest('[data-room-scroll]').getBoundingClientRect();
  return top >= box.top && bottom <= box.bottom;
}"""
SEQS = "() => [...document.querySelectorAll('.said')].map(one => Number(one.dataset.seq))"
DOWN = "box => { box.scrollTop = box.scrollHeight; }"
ATTACHED = "() => document.querySelector('[data-room-messages]').children.length > 0"


def befriend(one: Visitor, other: Visitor) -> None:
    post(one, f"/api/v1/users/{other.username}/friend-request")
    post(other, f"/api/v1/users/{one.username}/friend-request")


def make_group(visitor: Visitor, title: str, *friends: Visitor) -> str:
    """Make a group on its page; return its address."""
    page = visitor.page
    page.goto("/messages")
    page.get_by_role("link", name="New group").click()
    page.get_by_label("Name of the group").fill(title)
    for friend in friends:
        page.locator(f"input[name=member][value={friend.username}]").check(force=True)
    page.set_input_files("input[name=picture]", [upload("boats.png", (300, 300))])
    expect(page.locator("[data-view]")).to_be_visible()
    page.get_by_role("button", name="Make group").click()
    page.wait_for_url(re.compile(r"/messages/[0-9a-f-]{36}$"))
    return page.url


def test_a_group_is_run_while_its_members_look(arrive: Arrive) -> None:
    ann, ben, cam = arrive(), arrive(), arrive()
    for name, visitor in (("ann", ann), ("ben", ben), ("cam", cam)):
        visitor.sign_up(name)
    befriend(ann, ben)
    url = make_group(ann, "Boats", ben)
    ben.page.goto(url)
    count = ben.page.locator("[data-room-count]")
    expect(count).to_have_text("2 members")
    expect(ben.page.locator(".room__head .chat__group img")).to_have_count(1)
    expect(ben.page.locator(".said--system").first).to_contain_text("added")
    ann.page.get_by_role("link", name="Boats").last.click()
    ann.page.wait_for_url("**/about")
    expect(ann.page.locator("[data-member-count]")).to_have_text("2 members")
    ann.page.get_by_text("Invite link").click()
    ann.page.get_by_role("button", name="Make a link").click()
    link = ann.page.locator("[data-invite-url]").input_value()
    ann.page.evaluate(
        "window.copied = ''; navigator.clipboard.writeText = async (x) => { window.copied = x; }"
    )
    ann.page.get_by_role("button", name="Copy").click()
    ann.page.wait_for_function("link => window.copied === link", arg=link)
    cam.page.goto(link)
    expect(cam.page.get_by_role("heading", name="Boats")).to_be_visible()
    cam.page.get_by_role("button", name="Join group").click()
    cam.page.wait_for_url(url)
    # Nobody has touched the other two browsers.
    expect(count).to_have_text("3 members")
    expect(ben.page.locator(".said--system").last).to_contain_text("joined")
    expect(ann.page.locator("[data-member-count]")).to_have_text("3 members")
    theirs = ann.page.locator(".member", has_text=cam.username)
    theirs.locator("summary").click()
    theirs.get_by_role("button", name="Make an admin").click()
    expect(ann.page.locator(".member", has_text=cam.username)).to_contain_text("Admin")
    title = ann.page.get_by_label("Name of the group")
    ann.page.get_by_text("Name, picture, who may join").click()
    title.fill("Sea boats")
    ann.page.get_by_role("button", name="Save").click()
    expect(ben.page.locator("[data-room-title]")).to_have_text("Sea boats")
    theirs = ann.page.locator(".member", has_text=cam.username)
    theirs.locator("summary").click()
    theirs.get_by_role("button", name="Remove from the group").click()
    ann.page.locator("#confirm-yes").click()
    cam.page.wait_for_url("**/messages")
    expect(count).to_have_text("2 members")
    cam.page.goto(link)
    cam.page.get_by_role("button", name="Join group").click()
    expect(cam.page.locator("body")).to_contain_text("This link no longer works")
    cam.faults.clear()  # the browser itself reports the 404
    ann.page.get_by_role("button", name="Leave the group").click()
    ann.page.locator("#confirm-yes").click()
    ann.page.wait_for_url("**/messages")
    expect(count).to_have_text("1 member")


def say(visitor: Visitor, url: str, text: str) -> None:
    path = f"/api/v1/conversations/{url.rsplit('/', 1)[1]}/messages"
    assert post(visitor, path, {"client_id": str(uuid7()), "body": text}) == 201


def seqs(page: Page) -> list[int]:
    page.wait_for_function(ATTACHED)
    found: list[int] = page.evaluate(SEQS)
    return [one for one in found if one]


def find(page: Page, typed: str) -> Any:
    page.goto("/messages")
    page.locator("#chats-q").fill(typed)
    page.locator("#chats-q").press("Enter")
    page.wait_for_url("**/messages/search?*")
    return page.locator("[data-hit]")


def test_a_message_is_found_and_gone_to(arrive: Arrive) -> None:
    ann, ben = arrive(), arrive()
    ann.sign_up("ann")
    ben.sign_up("ben")
    befriend(ann, ben)
    url = make_group(ann, "Treasure hunters", ben)
    for number in range(90):
        say(ann, url, "the treasure <b>map</b>" if number == 30 else f"line {number}")
    page = ben.page
    hits = find(page, "reasure map")
    expect(hits).to_have_count(1)
    expect(hits.locator("mark")).to_have_text(["reasure", "map"])
    # As one types, without a new page; "back" from the room comes to what was typed.
    page.locator("input[name=q]").fill("treas")
    expect(page.get_by_role("heading", name="Your groups")).to_be_visible()
    page.wait_for_url("**/messages/search?q=treas")
    hits.click()
    page.wait_for_url("**?at=*")
    found = page.locator(".bubble", has_text="the treasure")
    expect(found).to_be_visible()
    assert found.evaluate(IN_VIEW)
    shown = seqs(page)
    assert shown == list(range(shown[0], shown[-1] + 1))
    assert shown[-1] < 60
    down = page.locator("[data-room-down]")
    expect(down).to_be_visible()
    say(ann, url, "said meanwhile")
    while seqs(page)[-1] < 93:
        before = seqs(page)[-1]
        page.locator("[data-room-scroll]").evaluate(DOWN)
        page.wait_for_function(f"before => ({SEQS})().at(-1) > before", arg=before)
    shown = seqs(page)
    assert shown == list(range(shown[0], shown[-1] + 1)), "a hole"
    expect(page.locator(".bubble").last).to_have_text("said meanwhile")
    page.go_back()
    expect(page.locator("[data-hit]")).to_have_count(1)
    hits.click()
    expect(found).to_be_visible()
    down.click()
    expect(page.locator(".bubble").last).to_have_text("said meanwhile")
    write(ben, "I am back")
    expect(page.locator(".said--own").last).to_contain_text("I am back")
    shown = seqs(page)
    assert shown == list(range(shown[0], shown[-1] + 1)), "a hole"
    # An outsider of the same name of group finds the group, once it is open, and no message.
    cam = arrive()
    cam.sign_up("cam")
    expect(find(cam.page, "treasure hunters")).to_have_count(0)
    expect(cam.page.get_by_role("heading", name="Nothing found")).to_be_visible()
    ann.page.goto(f"{url}/about")
    ann.page.get_by_text("Name, picture, who may join").click()
    ann.page.locator("input[name=is_open]").check()
    ann.page.get_by_role("button", name="Save").click()
    expect(ann.page.locator(".group__top")).to_contain_text("Open group")
    find(cam.page, "treasure hunters")
    cam.page.get_by_role("button", name="Join Treasure hunters").click()
    cam.page.wait_for_url(url)
    expect(cam.page.locator(".said--system")).to_contain_text("joined")
    expect(find(cam.page, "treasure")).to_have_count(0)


def test_a_quote_far_above_is_gone_to(arrive: Arrive) -> None:
    ann = arrive()
    ann.sign_up("ann")
    url = make_group(ann, "Notes")
    say(ann, url, "the very first note")
    ann.page.goto(url)
    first = ann.page.locator(".said--own").last
    first.locator("summary").click()
    first.locator("[data-act=reply]").click()
    write(ann, "an answer")
    expect(ann.page.locator(".quote")).to_have_count(1)
    reply = ann.page.evaluate(
        f"async () => (await (await fetch('/api/v1/conversations/{url.rsplit('/', 1)[1]}"
        "/messages')).json()).results.find(one => one.body === 'the very first note').id"
    )
    for number in range(40):
        say(ann, url, f"note {number}")
    path = f"/api/v1/conversations/{url.rsplit('/', 1)[1]}/messages"
    body = {"client_id": str(uuid7()), "body": "about the first", "reply_to": reply}
    assert post(ann, path, body) == 201
    ann.page.goto(url)
    expect(ann.page.locator(".bubble", has_text="about the first")).to_be_visible()
    ann.page.locator(".quote").last.click()
    expect(ann.page.locator(".said.is-found")).to_contain_text("the very first note")
