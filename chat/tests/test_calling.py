"""Calls as rows: who may ring whom, who wins a race, how a call ends and what is left of it."""

import datetime as dt
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from accounts import services as accounts
from accounts.models import User
from chat.events import CallMissed
from chat.models import Call, CallParty, Conversation, Member, Message
from chat.services import answer_request, call_lease, calling
from chat.tests.factories import make_dm, make_group, say
from chat.tests.test_concurrency import at_once
from core import events
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.ids import uuid7
from social.graph import services as graph

State, Outcome = Call.State, Call.Outcome


def ring(who: User, room: Conversation, **given: Any) -> Call:
    fields: dict[str, Any] = {"media": "audio", "device": str(uuid4()), "connection": "c"}
    return calling.invite(actor=who, conversation_id=room.pk, **fields | given)


def take(who: User, call: Call, device: UUID | None = None) -> Call:
    return calling.accept(actor=who, call_id=call.pk, device=str(device or uuid4()), connection="d")


def refusal(work: Any) -> str:
    with pytest.raises(DomainError) as refused:
        work()
    return refused.value.code


def written(room: Conversation) -> list[tuple[str, str]]:
    rows = Message.objects.filter(conversation=room, kind="call").order_by("seq")
    return [(row.meta["media"], row.meta["outcome"]) for row in rows]


def test_a_call_from_ring_to_message(alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    call = ring(alice, room, media="video")
    assert (call.state, call.answered_at) == (State.RINGING, None)
    assert refusal(lambda: take(alice, call)) == "call_taken"
    call = take(bob, call)
    assert call.state == State.ACTIVE
    Call.objects.update(answered_at=timezone.now() - dt.timedelta(seconds=65))
    ended = calling.hang_up(actor=bob, call_id=call.pk)
    again = calling.hang_up(actor=alice, call_id=call.pk)
    assert (ended.outcome, again.outcome) == (Outcome.COMPLETED, Outcome.COMPLETED)
    message = Message.objects.get(kind="call")
    assert message.meta == {
        "call_id": str(call.pk),
        "media": "video",
        "outcome": "completed",
        "seconds": 65,
    }
    assert message.sender_id == alice.pk
    # Both were there: nobody has anything new to read.
    places = set(Member.objects.filter(conversation=room).values_list("last_read_seq", flat=True))
    assert places == {message.seq}
    assert not CallParty.objects.exclude(state="left").exists()


def test_who_does_not_answer_finds_a_missed_call(alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    for _ in range(2):
        call = ring(alice, room)
        assert call_lease.sweep() == 0
        Call.objects.filter(pk=call.pk).update(
            created_at=timezone.now() - dt.timedelta(seconds=calling.ring_seconds() + 1)
        )
        assert (call_lease.sweep(), call_lease.sweep()) == (1, 0)
    calling.hang_up(actor=alice, call_id=ring(alice, room).pk)
    calling.reject(actor=bob, call_id=ring(alice, room).pk)
    outcomes = [outcome for _media, outcome in written(room)]
    assert outcomes == ["missed", "missed", "cancelled", "declined"]
    mine = Member.objects.get(conversation=room, user=bob)
    assert mine.last_read_seq == 0
    assert refusal(lambda: take(bob, call)) == "call_over"


@pytest.mark.django_db(transaction=True)
def test_missed_calls_are_told_to_the_apps_above(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = make_dm(alice, bob)
    missed: list[CallMissed] = []
    monkeypatch.setitem(events._subscribers, CallMissed, [missed.append])
    calling.hang_up(actor=alice, call_id=ring(alice, room).pk)
    calling.reject(actor=bob, call_id=ring(alice, room).pk)
    assert missed == [CallMissed(room.pk, alice.pk, (bob.pk,))]


def test_only_those_who_may_write_may_ring(alice: User, bob: User, carol: User, erin: User) -> None:
    room, group = make_dm(alice, bob), make_group(alice, bob, erin)
    assert refusal(lambda: ring(carol, room)) == "not_found"
    assert refusal(lambda: ring(alice, group)) == "not_a_pair"
    asked = make_dm(carol, alice, friends=False)
    assert refusal(lambda: ring(carol, asked)) == "request_pending"
    assert refusal(lambda: ring(alice, asked)) == "request_pending"
    say(carol, asked)
    assert refusal(lambda: ring(carol, asked)) == "request_pending"
    answer_request(actor=alice, conversation_id=asked.pk, answer="accept")
    calling.hang_up(actor=carol, call_id=ring(carol, asked).pk)
    for wish in (User.WhoMayMessage.FRIENDS, User.WhoMayMessage.NOBODY):
        User.objects.filter(pk=alice.pk).update(who_may_message=wish)
        assert refusal(lambda: ring(carol, asked)) == "cannot_call"
    assert refusal(lambda: ring(bob, room)) == "cannot_call"
    User.objects.filter(pk=alice.pk).update(who_may_message=User.WhoMayMessage.EVERYONE)
    graph.block(actor=alice, username="bob")
    assert refusal(lambda: ring(bob, room)) == "cannot_call"
    assert refusal(lambda: ring(alice, room)) == "cannot_call"
    for field in ({"media": "hologram"}, {"device": "x"}, {"device": None}, {"media": None}):
        with pytest.raises(Invalid):
            ring(carol, asked, **field)
    assert Call.objects.count() == 1


def test_strangers_learn_nothing_of_a_call(alice: User, bob: User, carol: User) -> None:
    call = ring(alice, make_dm(alice, bob))
    for work in (
        lambda: take(carol, call),
        lambda: calling.reject(actor=carol, call_id=call.pk),
        lambda: calling.hang_up(actor=carol, call_id=call.pk),
        lambda: call_lease.beat(actor=carol, call_id=call.pk, connection="c"),
        lambda: call_lease.rings(actor=carol, call_id=call.pk),
        lambda: take(carol, Call(pk=uuid7())),
        lambda: calling.hang_up(actor=alice, call_id="x"),
    ):
        with pytest.raises(NotFound):
            work()
    with pytest.raises(Forbidden):
        calling.reject(actor=alice, call_id=call.pk)


def test_whoever_is_in_a_call_is_busy(alice: User, bob: User, erin: User) -> None:
    pair, other = make_dm(alice, bob), make_dm(erin, bob)
    waiting = ring(erin, other)
    call = take(bob, ring(alice, pair))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.outcome) == (State.ENDED, Outcome.BUSY)
    refused = ring(erin, other)
    assert (refused.state, refused.outcome) == (State.ENDED, Outcome.BUSY)
    assert refusal(lambda: ring(alice, make_dm(alice, erin))) == "in_call"
    assert refusal(lambda: ring(bob, pair)) == "in_call"
    # The device that vanished keeps nobody from calling: its call is over.
    call_lease.lost(bob.pk, "d")
    assert ring(bob, other).state == State.RINGING
    call.refresh_from_db()
    assert call.outcome == Outcome.DROPPED


@pytest.mark.django_db(transaction=True)
def test_two_devices_accept_at_once(alice: User, bob: User) -> None:
    call = ring(alice, make_dm(alice, bob))
    devices = [uuid4() for _ in range(4)]
    answers = at_once(*[lambda device=device: take(bob, call, device) for device in devices])
    won = [device for device, answer in zip(devices, answers, strict=True) if type(answer) is Call]
    assert len(won) == 1
    assert {answer.code for answer in answers if isinstance(answer, Conflict)} == {"call_taken"}
    assert CallParty.objects.get(call=call, user=bob).device == won[0]
    # The winner's answer got lost and it asks again: it has the call.
    assert take(bob, call, won[0]).state == State.ACTIVE


@pytest.mark.django_db(transaction=True)
def test_hanging_up_while_it_is_taken_ends_one_way(alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    for _ in range(4):
        call = ring(alice, room)
        at_once(
            partial(take, bob, call),
            partial(calling.hang_up, actor=alice, call_id=call.pk),
            call_lease.sweep,
        )
        call.refresh_from_db()
        assert call.state == State.ENDED
        wanted = Outcome.COMPLETED if call.answered_at else Outcome.CANCELLED
        assert call.outcome == wanted
    assert len(written(room)) == 4


@pytest.mark.django_db(transaction=True)
def test_both_call_each_other_at_once(alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    for _ in range(3):
        one, two = at_once(lambda: ring(alice, room), lambda: ring(bob, room))
        assert one.pk == two.pk
        live = Call.objects.get(state=State.ACTIVE)
        assert live.parties.filter(state="joined").count() == 2
        calling.hang_up(actor=alice, call_id=live.pk)


def test_silence_ends_a_call_after_the_grace(alice: User, bob: User) -> None:
    room, device = make_dm(alice, bob), uuid4()
    call = ring(alice, room)
    take(bob, call, device)
    call_lease.lost(bob.pk, "d")
    assert call_lease.sweep() == 0
    with pytest.raises(Conflict):
        call_lease.resume(actor=bob, call_id=call.pk, device=str(uuid4()), connection="e")
    call_lease.resume(actor=bob, call_id=call.pk, device=str(device), connection="e")
    past = timezone.now() - dt.timedelta(seconds=call_lease.GRACE_SECONDS + 1)
    CallParty.objects.update(heard_at=past)
    call_lease.beat(actor=alice, call_id=call.pk, connection="c")
    with pytest.raises(Conflict):
        call_lease.beat(actor=bob, call_id=call.pk, connection="another tab")
    assert call_lease.sweep() == 1
    assert written(room) == [("audio", "dropped")]
    ended = call_lease.beat(actor=bob, call_id=call.pk, connection="e")
    assert ended.state == State.ENDED
    # The caller's device dies while it rings: nobody is kept waiting for it.
    call = ring(alice, room)
    CallParty.objects.filter(call=call, user=alice).update(heard_at=past)
    assert call_lease.sweep() == 1
    assert written(room)[-1] == ("audio", "cancelled")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("answered", [False, True])
def test_a_block_ends_the_call_without_a_word(alice: User, bob: User, answered: bool) -> None:
    room = make_dm(alice, bob)
    call = ring(bob, room)
    if answered:
        take(alice, call)
    graph.block(actor=alice, username="bob")
    call.refresh_from_db()
    assert call.state == State.ENDED
    assert written(room) == []
    assert refusal(lambda: take(alice, call)) == "cannot_call"


@pytest.mark.django_db(transaction=True)
def test_who_is_shut_out_is_in_no_call(alice: User, bob: User, mod: User) -> None:
    room = make_dm(alice, bob)
    call = take(bob, ring(alice, room))
    accounts.suspend_user(actor=mod, user_id=bob.pk, reason="spam")
    call.refresh_from_db()
    assert (call.state, call.outcome) == (State.ENDED, Outcome.COMPLETED)
    assert refusal(lambda: ring(alice, room)) == "cannot_call"
    with pytest.raises(DomainError):
        ring(User.objects.get(pk=bob.pk), room)
