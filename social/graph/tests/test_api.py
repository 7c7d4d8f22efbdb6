from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf
from core.testing import same_queries
from social.graph import services
from social.graph.models import FollowRequest
from social.graph.tests.factories import (
    befriend,
    follow_request,
    friend_request,
    make_people,
    make_private,
    stats,
    suspend,
)

V1 = "/api/v1"


def names(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [one["username"] for one in response.json()["results"]]


def test_follow_states(api: ApiOf, alice: User, bob: User, carol: User) -> None:
    make_private(carol)
    client = api(bob)
    for _ in range(2):
        assert client.post(f"{V1}/users/alice/follow").json() == {"state": "following"}
    assert client.put(f"{V1}/users/{carol.pk}/follow").json() == {"state": "requested"}
    assert client.delete(f"{V1}/users/alice/follow").json() == {"state": "none"}
    assert client.delete(f"{V1}/users/carol/follow/").json() == {"state": "none"}


def test_follow_by_email_alias_only_when_allowed(api: ApiOf, alice: User, bob: User) -> None:
    assert api(bob).post(f"{V1}/users/alice@example.com/follow").status_code == 404
    alice.found_by_email = True
    alice.save()
    response = api(bob).post(f"{V1}/users/alice@example.com/follow")
    assert response.json() == {"state": "following"}


@pytest.mark.parametrize(
    "verb,field",
    [("block", "blocks"), ("mute", "mutes")],
)
def test_toggles(api: ApiOf, alice: User, bob: User, verb: str, field: str) -> None:
    client = api(alice)
    for method, state in (("post", True), ("put", True), ("delete", False), ("delete", False)):
        response = getattr(client, method)(f"{V1}/users/bob/{verb}")
        assert (response.status_code, response.json()) == (200, {field: state})


def test_bell(api: ApiOf, alice: User, bob: User) -> None:
    response = api(bob).post(f"{V1}/users/alice/bell")
    assert (response.status_code, response.json()["code"]) == (409, "not_following")
    services.follow(actor=bob, user_id=alice.pk)
    assert api(bob).post(f"{V1}/users/alice/bell").json() == {"bell": True}
    assert api(bob).delete(f"{V1}/users/alice/bell").json() == {"bell": False}


MUTATING = [
    ("post", "users/alice/follow"),
    ("delete", "users/alice/follow"),
    ("delete", "users/alice/follower"),
    ("post", "users/alice/block"),
    ("post", "users/alice/mute"),
    ("post", "users/alice/bell"),
    ("post", "users/alice/friend-request"),
    ("delete", "friends/alice"),
]
OWN = [
    ("get", "friends"),
    ("get", "blocks"),
    ("get", "mutes"),
    ("get", "follow-requests"),
    ("get", "friend-requests"),
    ("get", "users/suggested"),
]


@pytest.mark.parametrize("method,path", [*MUTATING, *OWN])
def test_anonymous(anon: APIClient, alice: User, method: str, path: str) -> None:
    response = getattr(anon, method)(f"{V1}/{path}")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method,path", MUTATING)
def test_hidden_is_missing(api: ApiOf, alice: User, dave: User, method: str, path: str) -> None:
    services.block(actor=alice, user_id=dave.pk)
    hidden = getattr(api(dave), method)(f"{V1}/{path}")
    missing = getattr(api(dave), method)(f"{V1}/{path.replace('alice', 'nobody')}")
    bodies = [one.json() | {"request_id": ""} for one in (hidden, missing)]
    assert hidden.status_code == missing.status_code == 404
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("method,path", [*MUTATING, *OWN])
def test_suspended(api: ApiOf, alice: User, bob: User, method: str, path: str) -> None:
    response = getattr(api(suspend(bob)), method)(f"{V1}/{path}")
    assert (response.status_code, response.json()["code"]) == (403, "account_suspended")


def test_follow_requests(api: ApiOf, alice: User, bob: User, carol: User) -> None:
    make_private(alice)
    first, second = follow_request(bob, alice), follow_request(carol, alice)
    listed = api(alice).get(f"{V1}/follow-requests").json()["results"]
    assert [(one["id"], one["user"]["username"]) for one in listed] == [
        (str(second.pk), "carol"),
        (str(first.pk), "bob"),
    ]
    sent = api(bob).get(f"{V1}/follow-requests?direction=sent").json()["results"]
    assert [one["user"]["username"] for one in sent] == ["alice"]
    path = f"{V1}/follow-requests/{first.pk}"
    assert api(carol).post(f"{path}/accept").status_code == 404
    assert api(alice).post(f"{path}/accept").json() == {"state": "accepted"}
    assert api(alice).post(f"{path}/accept").status_code == 404
    response = api(alice).post(f"{V1}/follow-requests/{second.pk}/decline")
    assert response.json() == {"state": "declined"}
    assert stats(alice) == (1, 0, 0)
    assert api(alice).post(f"{V1}/follow-requests/1/accept").status_code == 404


def test_a_repeated_accept_gets_the_first_answer(api: ApiOf, alice: User, bob: User) -> None:
    make_private(alice)
    request = follow_request(bob, alice)
    path = f"{V1}/follow-requests/{request.pk}/accept"
    answers = [api(alice).post(path, headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert [one.json() for one in answers] == [{"state": "accepted"}] * 2
    assert not FollowRequest.objects.exists()


def test_friends(api: ApiOf, alice: User, erin: User, bob: User) -> None:
    state = api(alice).post(f"{V1}/users/erin/friend-request").json()
    assert state == {"state": "requested"}
    waiting = api(erin).get(f"{V1}/friend-requests?direction=received").json()["results"]
    assert [one["user"]["username"] for one in waiting] == ["alice"]
    path = f"{V1}/friend-requests/{waiting[0]['id']}/accept"
    assert api(erin).post(path).json() == {"state": "accepted"}
    assert names(api(alice).get(f"{V1}/friends")) == ["erin"]
    assert names(api(erin).get(f"{V1}/friends")) == ["alice"]
    declined = friend_request(bob, alice)
    path = f"{V1}/friend-requests/{declined.pk}/decline"
    assert api(alice).post(path).json() == {"state": "declined"}
    assert api(alice).delete(f"{V1}/friends/erin").json() == {"state": "none"}
    assert names(api(alice).get(f"{V1}/friends")) == []
    assert api(alice).get(f"{V1}/friend-requests?direction=x").status_code == 400


def test_withdraw_a_friend_request(api: ApiOf, alice: User, erin: User) -> None:
    friend_request(alice, erin)
    response = api(alice).delete(f"{V1}/users/erin/friend-request")
    assert response.json() == {"state": "none"}


def test_remove_follower(api: ApiOf, alice: User, bob: User) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    assert api(alice).delete(f"{V1}/users/bob/follower").json() == {"state": "none"}
    assert stats(alice) == (0, 0, 0)


def test_blocks_and_mutes_are_ones_own(api: ApiOf, alice: User, bob: User, dave: User) -> None:
    services.block(actor=alice, user_id=dave.pk)
    services.mute(actor=alice, user_id=bob.pk)
    assert names(api(alice).get(f"{V1}/blocks")) == ["dave"]
    assert names(api(alice).get(f"{V1}/mutes")) == ["bob"]
    assert names(api(dave).get(f"{V1}/blocks")) == []
    assert names(api(bob).get(f"{V1}/mutes")) == []


def test_lists_of_followers(
    api: ApiOf, anon: APIClient, alice: User, bob: User, carol: User, dave: User
) -> None:
    for person in (bob, carol, dave):
        services.follow(actor=person, user_id=alice.pk)
    services.block(actor=carol, user_id=dave.pk)
    path = f"{V1}/users/alice/followers"
    assert names(anon.get(path)) == ["dave", "carol", "bob"]
    assert names(api(dave).get(path)) == ["dave", "bob"]
    assert names(anon.get(f"{V1}/users/bob/following")) == ["alice"]
    suspend(bob)
    assert names(anon.get(path)) == ["dave", "carol"]


def test_private_lists(
    api: ApiOf, anon: APIClient, alice: User, bob: User, carol: User, erin: User
) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    befriend(alice, erin)
    make_private(alice)
    services.follow(actor=carol, user_id=alice.pk)
    for path in (f"{V1}/users/alice/followers", f"{V1}/users/alice/following"):
        assert anon.get(path).status_code == 404
        assert api(carol).get(path).status_code == 404
        for person in (alice, bob, erin):
            assert api(person).get(path).status_code == 200


def test_search(api: ApiOf, anon: APIClient, alice: User, bob: User, carol: User) -> None:
    User.objects.filter(pk=bob.pk).update(name="Ali Baba")
    services.block(actor=carol, user_id=alice.pk)
    assert names(anon.get(f"{V1}/users?search=ALI")) == ["alice", "bob"]
    assert names(anon.get(f"{V1}/users?search=@alice")) == ["alice"]
    assert names(api(carol).get(f"{V1}/users?search=ali")) == ["bob"]
    for nothing in ("", "search=", "search=%20", "search=lice", "search=%25"):
        assert names(anon.get(f"{V1}/users?{nothing}")) == []
    assert anon.get(f"{V1}/users?search=ali%00ce").status_code == 400
    assert anon.get(f"{V1}/users?search={'x' * 5000}").status_code == 200


def test_pages_have_no_hole_and_no_repeat(anon: APIClient, alice: User) -> None:
    people = make_people(7)
    for person in people:
        services.follow(actor=person, user_id=alice.pk)
    seen: list[str] = []
    url = f"{V1}/users/alice/followers?limit=3"
    while url:
        response = anon.get(url)
        seen += names(response)
        url = response.json()["next"]
    assert seen == [person.username for person in reversed(people)]


def test_cursor_of_somebody_else(api: ApiOf, anon: APIClient, alice: User) -> None:
    for person in make_people(4):
        services.follow(actor=person, user_id=alice.pk)
    url = anon.get(f"{V1}/users/alice/followers?limit=2").json()["next"]
    response = api(alice).get(url)
    assert (response.status_code, response.json()["code"]) == (400, "cursor_invalid")


def test_suggested(api: ApiOf, alice: User, bob: User) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    answer = api(alice).get(f"{V1}/users/suggested").json()
    assert [(one["username"], one["reason"]) for one in answer["results"]] == [
        ("bob", "Follows you")
    ]
    assert api(alice).get(f"{V1}/users/suggested?limit=0").status_code == 400


def test_relations_in_a_list(api: ApiOf, alice: User, bob: User, carol: User) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    services.follow(actor=carol, user_id=bob.pk)
    friend_request(carol, bob)
    person = api(carol).get(f"{V1}/users/alice/followers").json()["results"][0]
    assert person["counts"]["followers"] == 1
    assert person["counts"]["following"] == 1
    assert person["viewer"] == {
        "follows": True,
        "followed_by": False,
        "requested": False,
        "friend": False,
        "friend_request": True,
        "friend_request_direction": "sent",
        "blocks": False,
        "mutes": False,
        "bell": False,
    }


LISTS: dict[str, Callable[[User, User], object]] = {
    "users/me0/followers": lambda me, one: services.follow(actor=one, user_id=me.pk),
    "users/me0/following": lambda me, one: services.follow(actor=me, user_id=one.pk),
    "friends": befriend,
    "blocks": lambda me, one: services.block(actor=me, user_id=one.pk),
    "mutes": lambda me, one: services.mute(actor=me, user_id=one.pk),
    "friend-requests": lambda me, one: friend_request(one, me),
    "friend-requests?direction=sent": friend_request,
    "follow-requests": lambda me, one: follow_request(one, make_private(me)),
    "users?search=person": lambda me, one: None,
}


@pytest.mark.parametrize("path", LISTS)
def test_twenty_cost_what_two_cost(api: ApiOf, db: None, path: str) -> None:
    me = make_people(1, prefix="me")[0]
    client = api(me)

    def read() -> None:
        assert client.get(f"{V1}/{path}").status_code == 200

    with same_queries() as record:
        people = make_people(2)
        for person in people:
            LISTS[path](me, person)
        record(read)
        for person in make_people(18, prefix="personx"):
            LISTS[path](me, person)
        record(read)
