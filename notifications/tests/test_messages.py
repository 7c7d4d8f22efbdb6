"""From a message to a push: who is told, of what, and who is not."""

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import standing
from chat import services as chat
from chat.models import Conversation, Member, Message
from chat.services import calling
from chat.tests.factories import befriend, make_dm, make_group, say
from notifications import services
from notifications.models import PushDelivery, PushJob
from notifications.services import spreading
from notifications.tests.kit import Browser, PushService, later, pushes
from social.graph import services as graph

pytestmark = pytest.mark.django_db


def reasons() -> list[str]:
    return list(PushDelivery.objects.order_by("id").values_list("reason", flat=True))


def test_a_message_comes_to_a_device_that_can_read_it(
    alice: User, bob: User, phone: Browser
) -> None:
    room = make_dm(alice, bob)
    say(alice, room, "see you at nine")
    assert pushes(seconds=3) == ["notifications.spread"]
    assert phone.shown == []
    pushes()
    (told,) = phone.shown
    assert told == {
        "kind": "message",
        "title": "Alice",
        "body": "see you at nine",
        "tag": f"messages:{room.pk}",
        "url": f"/messages/{room.pk}",
        "c": str(room.pk),
    }
    (asked,) = phone.requests
    assert asked.headers["authorization"].startswith("vapid t=")
    assert asked.headers["content-encoding"] == "aes128gcm"
    assert asked.headers["urgency"] == "high"
    assert len(asked.headers["topic"]) == 32
    assert 0 < int(asked.headers["ttl"]) <= 4 * 3600
    assert b"nine" not in asked.body
    assert PushDelivery.objects.get().state == "sent"
    pushes()
    assert len(phone.shown) == 1


def test_the_signature_is_of_this_instance(
    alice: User, bob: User, phone: Browser, service: PushService, settings: Any
) -> None:
    from py_vapid import Vapid02

    say(alice, make_dm(alice, bob))
    pushes()
    header = phone.requests[0].headers["authorization"]
    assert Vapid02.verify(header)
    assert header.endswith(f"k={settings.PUSH.public_key}")


def test_ten_messages_are_one_push(alice: User, bob: User, phone: Browser) -> None:
    room = make_dm(alice, bob)
    for number in range(10):
        say(alice, room, f"line {number}")
    assert PushJob.objects.count() == 1
    pushes()
    assert phone.texts == [("Alice", "(10) line 9")]


def test_a_message_too_young_for_a_push_gets_the_next(
    alice: User, bob: User, phone: Browser
) -> None:
    room = make_dm(alice, bob)
    say(alice, room, "early")
    with later(3):
        say(alice, room, "late")
    assert PushJob.objects.count() == 1
    pushes(4.5)
    assert phone.texts == [("Alice", "early")]
    pushes(9)
    assert phone.texts == [("Alice", "early"), ("Alice", "late")]


def test_a_message_between_claim_and_end_of_a_job_is_not_lost(
    alice: User, bob: User, phone: Browser
) -> None:
    """One that came when no job waited, beside one that still counted on the job before."""
    room = make_dm(alice, bob)
    say(alice, room, "one")
    with later(3):
        say(alice, room, "two")
    job = PushJob.objects.get()
    with later(4.5):
        PushJob.objects.update(state="spreading", attempts=1)  # as the claim leaves it
        say(alice, room, "three")
        job.refresh_from_db()
        spreading._settle(job)
    follower = PushJob.objects.get(state="waiting")
    assert (job.upto_seq, follower.after_seq) == (1, 1)


def test_what_was_read_is_not_told(alice: User, bob: User, phone: Browser) -> None:
    room = make_dm(alice, bob)
    message = say(alice, room)
    chat.mark_read(actor=bob, conversation_id=room.pk, seq=message.seq)
    pushes()
    assert (phone.shown, reasons()) == ([], ["seen"])


def test_a_device_in_front_of_somebody_acknowledges(alice: User, bob: User, phone: Browser) -> None:
    room = make_dm(alice, bob)
    message = say(alice, room)
    chat.mark_delivered(actor=bob, conversation_id=room.pk, seq=message.seq, foreground=True)
    pushes()
    assert (phone.shown, reasons()) == ([], ["seen"])


def test_a_device_that_nobody_looks_at_does_not(alice: User, bob: User, phone: Browser) -> None:
    room = make_dm(alice, bob)
    message = say(alice, room)
    chat.mark_delivered(actor=bob, conversation_id=room.pk, seq=message.seq)
    pushes()
    assert len(phone.shown) == 1


def test_an_acknowledgement_counts_up_to_its_message(
    alice: User, bob: User, phone: Browser
) -> None:
    room = make_dm(alice, bob)
    first = say(alice, room, "seen")
    say(alice, room, "not seen")
    chat.mark_delivered(actor=bob, conversation_id=room.pk, seq=first.seq, foreground=True)
    pushes()
    assert phone.texts == [("Alice", "not seen")]


def test_a_deleted_message_is_not_told(alice: User, bob: User, phone: Browser) -> None:
    room = make_dm(alice, bob)
    message = say(alice, room, "oops")
    chat.delete_message(actor=alice, message_id=message.pk, for_whom="all")
    pushes()
    assert (phone.shown, reasons()) == ([], ["seen"])


def test_an_edited_message_says_what_it_says_now(alice: User, bob: User, phone: Browser) -> None:
    room = make_dm(alice, bob)
    message = say(alice, room, "first words")
    chat.edit_message(actor=alice, message_id=message.pk, body="second words", revision=1)
    pushes()
    assert phone.texts == [("Alice", "second words")]


def _mute_room(alice: User, bob: User, room: Conversation) -> None:
    chat.update_own(actor=bob, conversation_id=room.pk, muted_until=True)


def _mute_person(alice: User, bob: User, room: Conversation) -> None:
    graph.mute(actor=bob, username="alice")


def _block(alice: User, bob: User, room: Conversation) -> None:
    graph.block(actor=bob, username="alice")


def _blocked(alice: User, bob: User, room: Conversation) -> None:
    graph.block(actor=alice, username="bob")


def _leave(alice: User, bob: User, room: Conversation) -> None:
    chat.leave(actor=bob, conversation_id=room.pk)


def _remove(alice: User, bob: User, room: Conversation) -> None:
    chat.remove_member(actor=alice, conversation_id=room.pk, user_id=bob.pk)


def _no_messages(alice: User, bob: User, room: Conversation) -> None:
    services.update_preferences(actor=bob, messages=False)


ENDINGS = (_mute_room, _mute_person, _block, _blocked, _leave, _remove, _no_messages)


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_happens_before_the_push_counts(
    alice: User, bob: User, carol: User, phone: Browser, ending: Any
) -> None:
    room = make_group(alice, bob, carol)
    say(alice, room)
    assert PushJob.objects.count() == 1
    ending(alice, bob, room)
    pushes()
    assert phone.shown == []


def test_what_happens_between_writing_and_sending_counts_too(
    alice: User, bob: User, carol: User, phone: Browser
) -> None:
    room = make_group(alice, bob, carol)
    say(alice, room)
    with later(5):
        assert services.spread(PushJob.objects.get().pk) == 1
        _remove(alice, bob, room)
        services.deliver()
    assert (phone.shown, reasons()) == ([], ["not_inside"])


def test_a_mute_that_has_run_out_is_none(alice: User, bob: User, phone: Browser) -> None:
    room = make_dm(alice, bob)
    soon = timezone.now() + dt.timedelta(seconds=2)
    chat.update_own(actor=bob, conversation_id=room.pk, muted_until=soon)
    say(alice, room)
    pushes()
    assert len(phone.shown) == 1


def test_a_group_is_named_and_its_sender_too(
    alice: User, bob: User, carol: User, phone: Browser
) -> None:
    room = make_group(alice, bob, carol, title="Sunday")
    say(carol, room, "who brings what?")
    pushes()
    assert phone.texts == [("Sunday", "Carol: who brings what?")]


def test_of_several_the_last_that_the_reader_may_see(
    alice: User, bob: User, carol: User, phone: Browser
) -> None:
    room = make_group(alice, bob, carol)
    say(alice, room, "from alice")
    say(carol, room, "from carol")
    graph.block(actor=bob, username="carol")
    pushes()
    assert phone.texts == [("The group", "Alice: from alice")]


def test_text_is_hidden_from_those_who_want_it_so(alice: User, bob: User, phone: Browser) -> None:
    services.update_preferences(actor=bob, show_text=False)
    room = make_dm(alice, bob)
    say(alice, room, "secret")
    say(alice, room, "secret too")
    pushes()
    assert phone.texts == [("Alice", "2 new messages")]


def test_a_request_says_nothing_of_itself(alice: User, bob: User, phone: Browser) -> None:
    room = make_dm(alice, bob, friends=False)
    say(alice, room, "buy my things at spam.example")
    pushes()
    assert phone.texts == [("Message request", "Somebody wants to write to you.")]


def test_a_request_that_was_answered_is_over(alice: User, bob: User, phone: Browser) -> None:
    room = make_dm(alice, bob, friends=False)
    say(alice, room)
    chat.answer_request(actor=bob, conversation_id=room.pk, answer="decline")
    pushes()
    assert (phone.shown, reasons()) == ([], [])


def test_the_sender_and_those_without_a_device_are_told_nothing(
    alice: User, bob: User, carol: User, service: PushService
) -> None:
    own = Browser(service, "alices")
    own.register(alice)
    room = make_group(alice, bob, carol)
    say(alice, room)
    assert not PushJob.objects.exists()
    say(bob, room, "back to you")
    pushes()
    assert own.texts == [("The group", "Bob: back to you")]


def test_where_nothing_is_configured_nothing_is_written(
    alice: User, bob: User, phone: Browser, settings: Any
) -> None:
    settings.PUSH = replace(settings.PUSH, private_key="", expo=False)
    say(alice, make_dm(alice, bob))
    assert not PushJob.objects.exists()


def test_a_message_that_is_rolled_back_is_told_to_nobody(
    alice: User, bob: User, phone: Browser
) -> None:
    room = make_dm(alice, bob)
    with transaction.atomic():
        say(alice, room)
        assert PushJob.objects.count() == 1
        transaction.set_rollback(True)
    assert not PushJob.objects.exists()


def test_members_are_walked_in_chunks_each_once(
    alice: User,
    bob: User,
    carol: User,
    dave: User,
    erin: User,
    service: PushService,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spreading, "CHUNK", 2)
    browsers = {}
    for user in (bob, carol, dave, erin):
        browsers[user.username] = Browser(service, user.username)
        browsers[user.username].register(user)
    room = make_group(alice, bob, carol, dave, erin)
    say(alice, room)
    pushes()
    assert {name: len(one.shown) for name, one in browsers.items()} == dict.fromkeys(browsers, 1)


def test_a_missed_call_is_told(alice: User, bob: User, phone: Browser) -> None:
    room = make_dm(alice, bob)
    call = calling.invite(
        actor=alice, conversation_id=room.pk, media="audio", device=str(uuid4()), connection="c"
    )
    calling.hang_up(actor=alice, call_id=call.pk)
    pushes()
    (told,) = phone.shown
    assert (told["kind"], told["title"], told["body"]) == ("missed_call", "Alice", "Missed call")
    assert Message.objects.get(kind="call").meta["outcome"] == "cancelled"


def test_a_call_is_told_while_it_rings_and_no_longer(
    alice: User, bob: User, phone: Browser
) -> None:
    room = make_dm(alice, bob)
    call = calling.invite(
        actor=alice, conversation_id=room.pk, media="audio", device=str(uuid4()), connection="c"
    )
    pushes(2)
    assert [one["kind"] for one in phone.shown] == ["ring"]
    assert int(phone.requests[0].headers["ttl"]) <= 60
    calling.hang_up(actor=alice, call_id=call.pk)
    pushes()
    assert [one["kind"] for one in phone.shown] == ["ring", "missed_call"]
    # The missed call takes the place of the one that rang.
    assert len({one["tag"] for one in phone.shown}) == 1


def test_calls_are_told_by_their_own_switch(alice: User, bob: User, phone: Browser) -> None:
    services.update_preferences(actor=bob, calls=False)
    room = make_dm(alice, bob)
    call = calling.invite(
        actor=alice, conversation_id=room.pk, media="audio", device=str(uuid4()), connection="c"
    )
    calling.hang_up(actor=alice, call_id=call.pk)
    say(alice, room, "call me")
    pushes()
    assert phone.texts == [("Alice", "call me")]


def test_a_suspended_account_is_told_nothing(
    alice: User, bob: User, mod: User, phone: Browser
) -> None:
    room = make_dm(alice, bob)
    say(alice, room)
    standing.suspend_user(actor=mod, user_id=bob.pk, reason="x")
    pushes()
    assert phone.shown == []


def test_nobody_hears_of_somebody_suspended(
    alice: User, bob: User, mod: User, phone: Browser
) -> None:
    room = make_dm(alice, bob)
    say(alice, room)
    standing.suspend_user(actor=mod, user_id=alice.pk, reason="x")
    pushes()
    assert (phone.shown, reasons()) == ([], ["seen"])


def test_who_joined_later_is_told_nothing_of_before(
    alice: User, bob: User, carol: User, service: PushService
) -> None:
    new = Browser(service, "carols")
    new.register(carol)
    own = Browser(service, "bobs")
    own.register(bob)
    room = make_group(alice, bob)
    say(alice, room, "before")
    befriend(alice, carol)
    chat.add_members(actor=alice, conversation_id=room.pk, handles=["carol"])
    assert Member.objects.filter(conversation=room, user=carol, state="active").exists()
    pushes()
    assert (len(own.shown), new.shown) == (1, [])
