"""`/@name/act`: one door for all that one person does to another."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from conftest import BrowserOf
from social.graph import selectors, services
from social.graph.models import Block, Friendship
from social.graph.relationships import Relationship
from social.graph.tests.factories import befriend, friend_request, make_private

HTMX = {"HX-Request": "true"}
DOOR = "/@bob/act"


def relation(one: User, other: User) -> Relationship:
    return selectors.relationship(one.pk, other.pk)


def follow(alice: User, bob: User) -> None:
    services.follow(actor=alice, user_id=bob.pk)


def followed(alice: User, bob: User) -> None:
    services.follow(actor=bob, user_id=alice.pk)


def asked(alice: User, bob: User) -> None:
    friend_request(alice, bob)


def muted(alice: User, bob: User) -> None:
    services.mute(actor=alice, user_id=bob.pk)


def rung(alice: User, bob: User) -> None:
    follow(alice, bob)
    services.set_bell(actor=alice, user_id=bob.pk, on=True)


@pytest.mark.parametrize(
    "action, before, expected",
    [
        ("follow", None, {"follows": True}),
        ("unfollow", follow, {"follows": False}),
        ("befriend", None, {"friend_request": "sent"}),
        ("withdraw", asked, {"friend_request": None}),
        ("unfriend", befriend, {"friend": False}),
        ("remove-follower", followed, {"followed_by": False}),
        ("bell-on", follow, {"bell": True}),
        ("bell-off", rung, {"bell": False}),
        ("mute", None, {"mutes": True}),
        ("unmute", muted, {"mutes": False}),
    ],
)
@pytest.mark.parametrize("by", ["htmx", "form"])
def test_each_act_shows_its_outcome(
    by: str,
    action: str,
    before: Callable[[User, User], None] | None,
    expected: dict[str, object],
    browser: BrowserOf,
    alice: User,
    bob: User,
) -> None:
    if before:
        before(alice, bob)
    form = {"action": action, "confirmed": "1", "part": "profile"}
    answer = browser(alice).post(DOOR, form, headers=HTMX if by == "htmx" else {})
    if by == "htmx":
        assert answer.status_code == 200
        assert 'id="person-acts"' in answer.content.decode()
    else:
        assert (answer.status_code, answer["Location"]) == (303, "/@bob")
    stands = relation(alice, bob)
    assert {name: getattr(stands, name) for name in expected} == expected


def test_the_buttons_of_the_page_name_the_next_step(
    browser: BrowserOf, alice: User, bob: User
) -> None:
    client = browser(alice)

    def shown() -> str:
        return client.get("/@bob").content.decode()

    assert 'value="befriend"' in shown()
    assert 'value="bell-on"' not in shown()  # only of somebody followed
    follow(alice, bob)
    assert 'value="bell-on"' in shown()
    assert 'value="remove-follower"' not in shown()
    followed(alice, bob)
    assert 'value="remove-follower"' in shown()
    friend_request(bob, alice)
    assert "Accept friend" in shown()
    client.post(DOOR, {"action": "befriend"})
    assert 'value="unfriend"' in shown()
    make_private(bob)
    services.unfollow(actor=alice, user_id=bob.pk)
    client.post(DOOR, {"action": "follow"})
    assert "Withdraw follow request" in shown()


@pytest.mark.parametrize("action", ["block", "unfriend", "remove-follower"])
def test_what_cannot_be_taken_back_is_asked_again(
    action: str, browser: BrowserOf, alice: User, bob: User
) -> None:
    befriend(alice, bob)
    followed(alice, bob)
    before = relation(alice, bob)
    asked_again = browser(alice).post(DOOR, {"action": action})
    assert asked_again.status_code == 200
    assert 'name="confirmed" value="1"' in asked_again.content.decode()
    assert relation(alice, bob) == before


def test_blocking_leads_to_the_list_since_the_page_is_gone(
    browser: BrowserOf, alice: User, bob: User
) -> None:
    client = browser(alice)
    form = {"action": "block", "confirmed": "1", "part": "profile"}
    answer = client.post(DOOR, form, headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/settings/blocked")
    shown = client.get("/settings/blocked").content.decode()
    assert "@bob" in shown
    assert "Blocked." in shown
    answer = client.post(DOOR, {"action": "unblock", "part": "row"}, headers=HTMX)
    assert (answer.status_code, answer.content) == (200, b"")
    assert json.loads(answer["HX-Trigger"])["toast"]["kind"] == "ok"
    assert not Block.objects.exists()
    answer = client.post(DOOR, {"action": "block", "confirmed": "1"})
    assert answer["Location"] == "/settings/blocked"


def test_a_row_that_is_over_goes(browser: BrowserOf, alice: User, bob: User) -> None:
    befriend(alice, bob)
    form = {"action": "unfriend", "confirmed": "1", "part": "row"}
    answer = browser(alice).post(DOOR, form, headers=HTMX)
    assert answer.content == b""
    assert not Friendship.objects.exists()


def test_refusals(browser: BrowserOf, alice: User, bob: User, client: Client) -> None:
    assert browser(alice).post(DOOR, {"action": "rob"}).status_code == 404
    assert browser(alice).post(DOOR).status_code == 404
    assert browser(alice).get(DOOR).status_code == 405
    assert browser(bob).post(DOOR, {"action": "follow"}, headers=HTMX).status_code == 400
    bell = browser(alice).post(DOOR, {"action": "bell-on"}, headers=HTMX)
    assert bell.status_code == 409  # follow first
    assert client.post(DOOR, {"action": "follow"}, headers=HTMX).status_code == 401
    evil = browser(alice).post(DOOR, {"action": "mute", "next": "https://evil.example"})
    assert evil["Location"] == "/@bob"
    services.block(actor=bob, user_id=alice.pk)
    for action in ("follow", "block", "unfriend"):
        assert browser(alice).post(DOOR, {"action": action}).status_code == 404
