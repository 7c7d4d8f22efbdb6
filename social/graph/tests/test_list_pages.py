"""Pages of people: followers, following, friends, requests, blocked, muted, suggested."""

import pytest
from django.test import Client

from accounts.models import User
from conftest import BrowserOf
from social.graph import services
from social.graph.models import FollowRequest, FriendRequest
from social.graph.tests.factories import (
    befriend,
    follow_request,
    friend_request,
    make_people,
    make_private,
    stats,
    suspend,
)
from social.graph.views.paging import PAGE

HTMX = {"HX-Request": "true"}
OWN = [
    "/friends/people",
    "/friends/suggested",
    "/inbox/requests",
    "/inbox/requests/sent",
    "/settings/blocked",
    "/settings/muted",
]


@pytest.mark.parametrize("path", OWN)
def test_own_lists_ask_for_a_sign_in_and_have_an_empty_state(
    path: str, browser: BrowserOf, client: Client, alice: User
) -> None:
    asked = client.get(path)
    assert (asked.status_code, asked["Location"]) == (
        302,
        "/signin?next=" + path.replace("/", "%2F"),
    )
    page = browser(alice).get(path)
    assert page.status_code == 200
    assert 'class="state' in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_a_long_list_goes_on(browser: BrowserOf, alice: User) -> None:
    people = make_people(PAGE + 2)
    for person in people:
        services.follow(actor=person, user_id=alice.pk)
    client = browser(alice)
    page = client.get("/@alice/followers")
    assert page.content.decode().count('class="person-row"') == PAGE
    link = page.context["next_url"]
    part = client.get(link, headers=HTMX).content.decode()
    assert part.count('class="person-row"') == 2
    assert "<html" not in part
    assert "<html" in client.get(link).content.decode()  # without JavaScript


def test_a_private_accounts_lists_are_closed(
    browser: BrowserOf, client: Client, alice: User, bob: User, carol: User
) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    make_private(alice)
    for path in ("/@alice/followers", "/@alice/following"):
        assert browser(bob).get(path).status_code == 200
        assert browser(alice).get(path).status_code == 200
        assert browser(carol).get(path).status_code == 404
        assert client.get(path).status_code == 404
        assert path not in browser(carol).get("/@alice").content.decode()
        assert path in browser(bob).get("/@alice").content.decode()


def test_names_lead_to_their_own_spelling(client: Client, alice: User) -> None:
    assert client.get("/@Alice/followers")["Location"] == "/@alice/followers"


def test_only_the_owner_removes_followers(browser: BrowserOf, alice: User, bob: User) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    assert "remove-follower" in browser(alice).get("/@alice/followers").content.decode()
    assert "remove-follower" not in browser(bob).get("/@alice/followers").content.decode()


def test_requests_are_answered(browser: BrowserOf, alice: User, bob: User, carol: User) -> None:
    make_private(alice)
    yes, no = follow_request(bob, alice), follow_request(carol, alice)
    friends = friend_request(bob, alice)
    client = browser(alice)
    page = client.get("/inbox/requests").content.decode()
    assert page.index("Friend requests") < page.index("Follow requests")
    answer = client.post(f"/inbox/requests/follow/{yes.pk}", {"answer": "accept"}, headers=HTMX)
    assert "Follows you now" in answer.content.decode()
    assert 'hx-swap-oob="true"' in answer.content.decode()
    answer = client.post(f"/inbox/requests/follow/{no.pk}", {"answer": "decline"}, headers=HTMX)
    assert "person-row" not in answer.content.decode()
    answer = client.post(f"/inbox/requests/friend/{friends.pk}", {"answer": "accept"})
    assert (answer.status_code, answer["Location"]) == (303, "/inbox/requests")
    assert stats(alice) == (1, 0, 1)
    assert not FollowRequest.objects.exists()
    assert not FriendRequest.objects.exists()


def test_only_the_one_who_was_asked_answers(
    browser: BrowserOf, client: Client, alice: User, bob: User, carol: User
) -> None:
    make_private(alice)
    path = f"/inbox/requests/follow/{follow_request(bob, alice).pk}"
    for person in (bob, carol):
        assert browser(person).post(path, {"answer": "accept"}).status_code == 404
    assert client.post(path, {"answer": "accept"}).status_code == 302
    assert browser(alice).post(path, {"answer": "maybe"}).status_code == 404
    assert browser(alice).post("/inbox/requests/follow/x", {"answer": "accept"}).status_code == 404
    assert browser(alice).get(path).status_code == 405
    assert FollowRequest.objects.count() == 1


def test_sent_requests_are_withdrawn(browser: BrowserOf, alice: User, bob: User) -> None:
    make_private(bob)
    follow_request(alice, bob)
    friend_request(alice, bob)
    client = browser(alice)
    page = client.get("/inbox/requests/sent").content.decode()
    assert 'value="withdraw"' in page
    assert 'value="unfollow"' in page
    for action in ("unfollow", "withdraw"):
        form = {"action": action, "part": "row"}
        assert client.post("/@bob/act", form, headers=HTMX).content == b""
    assert "Nothing sent" in client.get("/inbox/requests/sent").content.decode()


def test_each_kind_of_requests_goes_on_by_itself(browser: BrowserOf, alice: User) -> None:
    make_private(alice)
    for person in make_people(PAGE + 1):
        follow_request(person, alice)
        friend_request(person, alice)
    client = browser(alice)
    page = client.get("/inbox/requests")
    for one in page.context["lists"]:
        part = client.get(one["next_url"], headers=HTMX).content.decode()
        assert part.count("person-row__who") == 1
        assert f"/inbox/requests/{one['kind']}/" in part
    alone = client.get(page.context["lists"][0]["next_url"]).content.decode()
    assert "Follow requests" not in alone


def test_the_badge_counts_what_waits_for_an_answer(
    browser: BrowserOf, client: Client, alice: User, bob: User, carol: User
) -> None:
    badge = 'id="waiting"'
    assert badge not in client.get("/explore").content.decode()
    assert f"{badge} hidden" in browser(alice).get("/explore").content.decode()
    make_private(alice)
    follow_request(bob, alice)
    friend_request(carol, alice)
    assert f"{badge}>2<" in browser(alice).get("/explore").content.decode()
    suspend(carol)
    assert f"{badge}>1<" in browser(alice).get("/explore").content.decode()
    assert f"{badge} hidden" in browser(bob).get("/explore").content.decode()


def test_suggestions_are_dismissed(browser: BrowserOf, alice: User, bob: User, carol: User) -> None:
    befriend(alice, bob)
    befriend(bob, carol)
    client = browser(alice)
    part = client.get("/friends/suggested", headers=HTMX).content.decode()
    assert "Friend of Bob" in part
    assert "<html" not in part
    form = {"action": "dismiss", "part": "row"}
    assert client.post("/@carol/act", form, headers=HTMX).content == b""
    assert client.get("/friends/suggested", headers=HTMX).content.strip() == b""
    assert "Nobody to suggest" in client.get("/friends/suggested").content.decode()


def test_empty_states_of_the_viewer_lead_to_suggestions(
    browser: BrowserOf, alice: User, bob: User
) -> None:
    link = 'hx-get="/friends/suggested"'
    client = browser(alice)
    for path in ("/@alice/following", "/friends/people", "/following", "/friends"):
        assert link in client.get(path).content.decode(), path
    assert link not in client.get("/@bob/following").content.decode()
