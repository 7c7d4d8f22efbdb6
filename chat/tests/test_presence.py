"""Presence: friends only, both or none, told live, and never true of somebody who is gone."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import services as accounts
from accounts.models import User
from chat import services
from chat.models import ChatSettings, Conversation
from chat.presentation import person_json
from chat.services import presence
from chat.tests.factories import befriend, make_dm, make_group, say
from chat.tests.sockets import Peer, Server, native
from conftest import ApiOf, BrowserOf, make_user
from core.presence import MAX_WATCHERS, LocalRoll, roll
from social.graph import services as graph

pytestmark = pytest.mark.django_db(transaction=True)
API = "/api/v1/presence"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "GRACE_SECONDS", 0.2)


def watched(peer: Peer, *people: User) -> dict[str, bool]:
    told = peer.ask("presence.watch", ids=[str(one.pk) for one in people])
    return {one["user_id"]: one["online"] for one in told["d"]["states"]}


def asked(api: ApiOf, viewer: User, *people: User) -> dict[str, Any]:
    answer = api(viewer).get(API, {"ids": ",".join(str(one.pk) for one in people)})
    return {one["user_id"]: one for one in answer.json()["results"]}


def test_friends_see_each_other_come_and_go(
    server: Server, api: ApiOf, browser: BrowserOf, alice: User, bob: User
) -> None:
    room = make_dm(alice, bob)
    say(bob, room)
    with native(server, alice) as mine:
        assert watched(mine, bob) == {str(bob.pk): False}
        with native(server, bob) as one, native(server, bob):
            assert mine.until("presence")["d"]["online"] is True
            assert asked(api, alice, bob)[str(bob.pk)]["online"]
            assert "is-online" in browser(alice).get("/messages").content.decode()
            assert "Online" in browser(alice).get(f"/messages/{room.pk}").content.decode()
            one.raw.close()
            assert mine.heard() == []  # another device of his is still there
        gone = mine.until("presence")["d"]
        assert (gone["user_id"], gone["online"]) == (str(bob.pk), False)
        assert gone["last_seen_at"] is not None
    assert "Last seen" in browser(alice).get(f"/messages/{room.pk}").content.decode()


def test_a_server_that_dies_leaves_nobody_online(
    api: ApiOf, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    befriend(alice, bob)
    services.arrived(bob.pk, "a socket of a server that is killed now")
    assert asked(api, alice, bob)[str(bob.pk)]["online"]
    monkeypatch.setattr(presence, "HELD_SECONDS", 0.3)
    services.arrived(bob.pk, "a socket of a server that is killed now")
    again = Server().start()  # the next one finds what nobody holds
    with native(again, alice) as mine:
        watched(mine, bob)
        services.arrived(bob.pk, "another")
        while mine.until("presence")["d"]["online"]:
            pass  # nobody has closed that socket: it is found by its age
    again.stop()
    shown = asked(api, alice, bob)[str(bob.pk)]
    assert not shown["online"]
    assert shown["last_seen_at"]


def test_who_may_not_know_hears_nothing(
    server: Server,
    api: ApiOf,
    browser: BrowserOf,
    alice: User,
    bob: User,
    carol: User,
    dave: User,
    erin: User,
) -> None:
    for one in (bob, dave, erin):
        befriend(alice, one)
    make_group(alice, erin)
    make_dm(carol, alice, friends=False)
    graph.block(actor=alice, username="dave")
    services.update_settings(actor=erin, show_presence=False)
    with (
        native(server, carol) as stranger,
        native(server, dave) as blocked,
        native(server, erin) as hidden,
        native(server, bob) as friend,
    ):
        for peer in (stranger, blocked, hidden):
            assert watched(peer, alice) == {}  # who hides theirs sees nobody's
        assert watched(friend, alice, bob, carol) == {str(alice.pk): False}
        with native(server, alice) as mine:
            assert friend.until("presence")["d"]["online"] is True
            assert watched(mine, bob, carol, dave, erin) == {str(bob.pk): True}
            for peer in (stranger, blocked, hidden):
                assert "presence" not in [frame.get("ev") for frame in peer.heard()]
    assert not ChatSettings.objects.filter(user=erin, last_seen_at__isnull=False).exists()
    for viewer in (carol, dave, erin):
        assert asked(api, viewer, alice) == {}
    page = browser(erin)
    assert 'name="show_presence">' in page.get("/settings/messages").content.decode()
    page.post("/settings/messages", {"show_presence": "on"})
    assert asked(api, erin, alice)[str(alice.pk)]["last_seen_at"]
    assert not services.settings_of(erin).read_receipts


def test_hiding_and_parting_count_at_once(server: Server, alice: User, bob: User) -> None:
    befriend(alice, bob)
    with native(server, alice) as mine, native(server, bob) as theirs:
        theirs.heard()  # he is known to be there
        assert watched(mine, bob) == {str(bob.pk): True}
        assert watched(theirs, alice) == {str(alice.pk): True}
        mine.heard()
        services.update_settings(actor=bob, show_presence=False)
        assert mine.until("presence")["d"] == {
            "user_id": str(bob.pk),
            "online": None,
            "last_seen_at": None,
        }
        theirs.until("session.refilter")
        assert watched(theirs, alice) == {}
        services.update_settings(actor=bob, show_presence=True)
        assert mine.until("presence")["d"]["online"] is True
        theirs.heard()
        graph.unfriend(actor=alice, username="bob")
        theirs.until("session.refilter")
        mine.until("session.refilter")
        presence.tell_watchers(bob.pk)
        assert mine.heard() == []
        assert watched(mine, bob) == {}


def test_what_is_asked_is_bounded(
    server: Server, api: ApiOf, alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with native(server, alice) as mine:
        for ids in ("x", ["x"], [str(bob.pk)] * 201, None):
            told = mine.ask("presence.watch", ids=ids)
            assert told["err"]["code"] == "invalid", ids
    assert api(alice).get(API, {"ids": "x"}).status_code == 400
    small = LocalRoll()
    for number in range(MAX_WATCHERS + 5):
        small.watch(str(number), ["star"], seconds=60)
    assert len(small.watchers("star")) == MAX_WATCHERS
    assert str(MAX_WATCHERS + 4) in small.watchers("star")
    for count in (2, 20):
        people = [make_user(f"friend{count}x{number}") for number in range(count)]
        for one in people:
            befriend(alice, one)
            services.arrived(one.pk, "x")
        with CaptureQueriesContext(connection) as queries:
            found = services.presence_of(alice, [one.pk for one in people])
        assert len(found) == count
        assert len(queries) == 3


def test_the_roll_of_redis_says_the_same(settings: Any) -> None:
    if not settings.REDIS_URL:
        pytest.skip("the embedded mode has no Redis")
    import time

    held = roll()
    assert held.hold("u1", "a", seconds=0.2)
    assert not held.hold("u1", "b", seconds=60)
    assert held.online(["u1", "u2"]) == {"u1"}
    time.sleep(0.3)
    assert held.lapsed() == []
    assert not held.hold("u1", "b", seconds=0.1, known_only=True)
    time.sleep(0.2)
    assert held.online(["u1"]) == set()
    assert held.lapsed() == ["u1"]
    assert held.lapsed() == []
    assert not held.hold("u1", "b", seconds=5, known_only=True)
    assert held.online(["u1"]) == set()
    for number in range(MAX_WATCHERS + 5):
        held.watch(str(number), ["u2"], seconds=5)
    assert len(held.watchers("u2")) == MAX_WATCHERS


def test_suspended_people_are_not_shown(
    browser: BrowserOf, api: ApiOf, alice: User, bob: User, mod: User
) -> None:
    room = make_dm(alice, bob)
    say(bob, room, "remember me")
    accounts.suspend_user(actor=mod, user_id=bob.pk, reason="spam")
    bob.refresh_from_db()
    assert person_json(bob) is None
    path = f"/api/v1/conversations/{room.pk}"
    shown = api(alice).get(path).json()
    assert shown["title"] == ""
    assert [one["user"] and one["user"]["username"] for one in shown["members"]] == ["alice", None]
    (message,) = api(alice).get(f"{path}/messages").json()["results"]
    assert message["sender"] is None
    for page in ("/messages", f"/messages/{room.pk}"):
        assert "Bob" not in browser(alice).get(page).content.decode()
    assert Conversation.objects.count() == 1
