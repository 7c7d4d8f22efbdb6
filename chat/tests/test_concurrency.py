"""Many at once: no gap, nothing twice, one room per pair, positions that only rise."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from accounts.models import User
from chat import services
from chat.models import Conversation, ConversationEvent, Member, Message, Reaction
from chat.tests.factories import befriend, make_dm, make_group, say
from core.errors import DomainError
from core.ids import uuid7

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, EACH = 8, 5


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run everything in threads of its own; what a service refused is returned."""

    def run(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_eight_writers_leave_no_gap(alice: User, bob: User) -> None:
    room = make_group(alice, bob)
    first = Message.objects.filter(conversation=room).count()

    def write(who: User) -> list[int]:
        return [say(who, room).seq for _ in range(EACH)]

    writers = [lambda who=who: write(who) for who in (alice, bob) * (WRITERS // 2)]
    answered = at_once(*writers)
    places = sorted(seq for seqs in answered for seq in seqs)
    assert places == list(range(first + 1, first + 1 + WRITERS * EACH))
    room.refresh_from_db()
    assert room.last_msg_seq == places[-1]
    told = ConversationEvent.objects.filter(conversation=room).order_by("event_seq")
    assert [one.event_seq for one in told] == list(range(1, room.last_event_seq + 1))


def test_one_client_id_at_once_is_one_message(alice: User, bob: User) -> None:
    room, key = make_dm(alice, bob), uuid7()
    sent = at_once(*[lambda: say(alice, room, client_id=key).pk] * 4)
    assert len(set(sent)) == 1
    assert isinstance(sent[0], UUID)
    assert Message.objects.count() == 1


def test_one_client_id_in_two_rooms_is_one_message(alice: User, bob: User, erin: User) -> None:
    rooms, key = [make_dm(alice, bob), make_dm(alice, erin)], uuid7()
    at_once(*[lambda room=room: say(alice, room, client_id=key) for room in rooms])
    assert Message.objects.filter(client_id=key).count() == 1
    for room in rooms:
        room.refresh_from_db()
        assert room.last_msg_seq == Message.objects.filter(conversation=room).count()


def test_a_pair_opened_by_both_at_once_is_one_room(alice: User, bob: User) -> None:
    befriend(alice, bob)
    at_once(
        *[lambda: services.open_dm(actor=alice, handle="bob").conversation_id] * 3,
        *[lambda: services.open_dm(actor=bob, handle="alice").conversation_id] * 3,
    )
    assert Conversation.objects.count() == 1
    assert Member.objects.count() == 2


def test_a_read_position_only_rises(alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    for _ in range(6):
        say(alice, room)
    at_once(
        *[
            lambda seq=seq: services.mark_read(actor=bob, conversation_id=room.pk, seq=seq)
            for seq in (3, 6, 1, 5, 2, 4)
        ]
    )
    assert Member.objects.get(conversation=room, user=bob).last_read_seq == 6


def test_two_reactions_at_once_are_both_there(alice: User, bob: User) -> None:
    message = say(alice, make_dm(alice, bob))
    answered = at_once(
        *[
            lambda who=who: services.set_reaction(
                actor=who, message_id=message.pk, emoji="👍", on=True
            )
            for who in (alice, bob, alice, bob)
        ]
    )
    assert answered == [message] * 4
    assert Reaction.objects.filter(message=message).count() == 2
