"""Pairs: one conversation, requests from strangers, blocks and who may write."""

import pytest

from accounts.models import User
from chat import selectors, services
from chat.models import Conversation, Member
from chat.tests.factories import befriend, make_dm, say
from conftest import ApiOf
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.ids import uuid7
from social.graph import services as graph

State = Member.State
DM = "/api/v1/conversations/dm"


def test_both_sides_open_one_conversation(api: ApiOf, alice: User, bob: User) -> None:
    befriend(alice, bob)
    first = api(alice).post(DM, {"user_id": str(bob.pk)}).json()
    second = api(bob).post(DM, {"user_id": "alice"}).json()
    assert first["id"] == second["id"]
    assert first["title"] == "Bob"
    assert second["title"] == "Alice"
    assert Conversation.objects.count() == 1


def test_an_empty_conversation_is_in_no_list(api: ApiOf, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    for user in (alice, bob):
        assert api(user).get("/api/v1/conversations").json()["results"] == []
    say(alice, room)
    for user in (alice, bob):
        assert len(api(user).get("/api/v1/conversations").json()["results"]) == 1


def test_nobody_writes_to_themselves_or_to_nobody(alice: User) -> None:
    with pytest.raises(Invalid):
        services.open_dm(actor=alice, handle="alice")
    with pytest.raises(NotFound):
        services.open_dm(actor=alice, handle="nobody")


def test_a_stranger_sends_one_request(api: ApiOf, alice: User, carol: User) -> None:
    room = make_dm(carol, alice, friends=False)
    say(carol, room, "May I?")
    assert api(alice).get("/api/v1/conversations").json()["results"] == []
    waiting = api(alice).get("/api/v1/conversations?folder=requests").json()["results"]
    assert [one["last_message"]["body"] for one in waiting] == ["May I?"]
    with pytest.raises(Forbidden, match="not answered"):
        say(carol, room, "Hello?")
    with pytest.raises(Forbidden, match="Accept"):
        say(alice, room, "Who are you?")


def test_a_request_is_plain_text(alice: User, carol: User) -> None:
    room = make_dm(carol, alice, friends=False)
    with pytest.raises(Forbidden, match="one message of text"):
        say(carol, room, "", profile="carol")


def test_an_accepted_request_is_a_conversation(api: ApiOf, alice: User, carol: User) -> None:
    room = make_dm(carol, alice, friends=False)
    say(carol, room)
    path = f"/api/v1/conversations/{room.pk}/request/"
    assert api(alice).post(f"{path}accept").json() == {"state": "active"}
    say(alice, room)
    say(carol, room)
    assert api(alice).post(f"{path}accept").status_code == 403


def test_a_declined_request_is_told_nobody(api: ApiOf, alice: User, carol: User) -> None:
    room = make_dm(carol, alice, friends=False)
    say(carol, room)
    api(alice).post(f"/api/v1/conversations/{room.pk}/request/decline")
    assert api(alice).get(f"/api/v1/conversations/{room.pk}").status_code == 404
    with pytest.raises(Forbidden) as refused:
        say(carol, room, "again")
    assert refused.value.code == "cannot_message"
    # Whoever declined may change their mind.
    services.open_dm(actor=alice, handle="carol")
    say(alice, room, "hi after all")


def test_a_request_can_be_answered_by_a_block(api: ApiOf, alice: User, carol: User) -> None:
    room = make_dm(carol, alice, friends=False)
    say(carol, room)
    api(alice).post(f"/api/v1/conversations/{room.pk}/request/block")
    with pytest.raises(NotFound):
        services.open_dm(actor=carol, handle="alice")


@pytest.mark.parametrize("blocker", ["alice", "bob"])
def test_a_block_ends_writing_both_ways(alice: User, bob: User, blocker: str) -> None:
    room = make_dm(alice, bob)
    said = say(alice, room)
    actor, other = (alice, bob) if blocker == "alice" else (bob, alice)
    graph.block(actor=actor, username=other.username)
    for user in (alice, bob):
        with pytest.raises(Forbidden) as refused:
            say(user, room)
        assert refused.value.code == "cannot_message"
        with pytest.raises(Forbidden):
            services.set_reaction(actor=user, message_id=said.pk, emoji="❤️", on=True)


def test_who_may_message_is_obeyed(alice: User, bob: User, carol: User) -> None:
    befriend(alice, bob)
    User.objects.filter(pk=alice.pk).update(who_may_message="friends")
    services.open_dm(actor=bob, handle="alice")
    with pytest.raises(Forbidden):
        services.open_dm(actor=carol, handle="alice")
    User.objects.filter(pk=alice.pk).update(who_may_message="nobody")
    with pytest.raises(Forbidden):
        services.open_dm(actor=carol, handle="alice")
    with pytest.raises(Forbidden):
        services.create_group(actor=bob, title="Trap", handles=["alice"])


def test_a_request_waits_no_longer_once_they_are_friends(alice: User, carol: User) -> None:
    room = make_dm(carol, alice, friends=False)
    say(carol, room)
    befriend(alice, carol)
    say(carol, room, "Now we are.")
    assert selectors.membership(user=alice, conversation_id=room.pk).state == State.ACTIVE


def test_new_accounts_send_few_requests(settings: object, alice: User) -> None:
    from conftest import make_user
    from core.errors import RateLimited

    settings.RATE_LIMIT_SCALE = 1.0  # type: ignore[attr-defined]
    for number in range(6):
        room = make_dm(alice, make_user(f"stranger{number}"), friends=False)
        if number < 5:
            say(alice, room)
            continue
        with pytest.raises(RateLimited):
            say(alice, room)


def test_clearing_hides_history_for_oneself_alone(api: ApiOf, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    say(alice, room, "before")
    path = f"/api/v1/conversations/{room.pk}"
    assert api(alice).delete(path).status_code == 204
    assert api(alice).get("/api/v1/conversations").json()["results"] == []
    assert api(alice).get(f"{path}/messages").json()["results"] == []
    assert len(api(bob).get(f"{path}/messages").json()["results"]) == 1
    say(bob, room, "after")
    bodies = [one["body"] for one in api(alice).get(f"{path}/messages").json()["results"]]
    assert bodies == ["after"]


def test_a_client_id_is_one_message_for_ever(alice: User, bob: User, erin: User) -> None:
    room, other = make_dm(alice, bob), make_dm(alice, erin)
    key = uuid7()
    first = say(alice, room, client_id=key)
    assert say(alice, room, client_id=key) == first
    with pytest.raises(Conflict):
        say(alice, room, "something else", client_id=key)
    with pytest.raises(Conflict):
        say(alice, other, client_id=key)
    # A retry burns no number.
    assert say(alice, room, "next").seq == first.seq + 1
    # Another person's device may have made the same id.
    say(bob, room, client_id=key)
