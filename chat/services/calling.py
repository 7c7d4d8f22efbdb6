"""Calls: the row decides. Every step is a conditional update, so that of two who race one wins.

Order of locks: the conversation before the call before its parties, or a part of that.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from chat import policies, selectors
from chat.events import CallMissed, CallRang
from chat.models import Call, CallParty, Conversation, Member, Message
from chat.presentation import message_json, person_json
from chat.selectors import calls as rows
from chat.services import rooms
from core import events, limits, realtime
from core.errors import Conflict, Forbidden, Invalid
from core.ids import parse_uuid
from social.graph import policies as people
from social.graph import selectors as graph
from social.graph.policies import Viewer

State, Outcome, Party = Call.State, Call.Outcome, CallParty.State
MISSED = (Outcome.MISSED, Outcome.CANCELLED, Outcome.BUSY)


def ring_seconds() -> int:
    """Return for how long a call rings."""
    return int(settings.CALL_RING_SECONDS)


def invite(
    *, actor: Viewer, conversation_id: object, media: object, device: object, connection: str
) -> Call:
    """Ring the other of a pair; who is being rung by them at that moment takes their call instead.

    Somebody who is in a call already is not rung: the call comes back ended, `busy`. Raises
    NotFound, Forbidden (`cannot_call`, `request_pending`, `not_a_pair`), Conflict `in_call` for
    whoever is in a call themselves, Invalid, RateLimited.
    """
    user = people.require_active(actor)
    key, kind = parse_device(device), _media(media)
    limits.consume(budget="call", subject=str(user.pk))
    limits.consume(budget="call_room", subject=f"{user.pk}:{conversation_id}")
    _end_lost(user, device=key)
    try:
        with rooms.locked_as(user, conversation_id) as (conversation, _member):
            other = _callee(conversation, user)
            call_id = _meet(conversation, user, other, device=key, connection=connection)
            if call_id is None:
                call_id = _ring(conversation, user, other, kind, device=key, connection=connection)
    except IntegrityError as error:
        raise _in_call() from error
    _refuse_waiting(user, but=call_id)
    return rows.get_call(user=user, call_id=call_id)


def accept(*, actor: Viewer, call_id: object, device: object, connection: str) -> Call:
    """Take a call that rings for the actor, on this device; the first device gets it.

    Raises NotFound, Conflict (`call_taken`, `call_over`, `in_call`), Forbidden `cannot_call` where
    the two may no longer speak.
    """
    user = people.require_active(actor)
    key = parse_device(device)
    call = rows.get_call(user=user, call_id=call_id)
    if graph.relationship(user.pk, call.initiator_id).is_blocked:
        raise policies.cannot_call()
    _end_lost(user, device=key)
    try:
        with transaction.atomic():
            _take(call.pk, user, device=key, connection=connection)
    except IntegrityError as error:
        raise _in_call() from error
    _refuse_waiting(user, but=call.pk)
    return rows.get_call(user=user, call_id=call.pk)


def reject(*, actor: Viewer, call_id: object, busy: bool = False) -> None:
    """Let a call that rings for the actor ring no more; one that is over stays as it ended."""
    user = people.require_active(actor)
    call = rows.get_call(user=user, call_id=call_id)
    if call.initiator_id == user.pk:
        raise Forbidden("not_rung", "This call does not ring for you.")
    finish(call.pk, only=State.RINGING, outcome=Outcome.BUSY if busy else Outcome.DECLINED)


def hang_up(*, actor: Viewer, call_id: object) -> Call:
    """Leave a call, which ends it; while it rings: cancel it, or decline it."""
    user = people.require_active(actor)
    call = rows.get_call(user=user, call_id=call_id)
    unanswered = Outcome.CANCELLED if call.initiator_id == user.pk else Outcome.DECLINED
    # It may be taken between the first and the second question, never un-taken.
    for state, outcome in (
        (State.ACTIVE, Outcome.COMPLETED),
        (State.RINGING, unanswered),
        (State.ACTIVE, Outcome.COMPLETED),
    ):
        if finish(call.pk, only=state, outcome=outcome):
            break
    return rows.get_call(user=user, call_id=call.pk)


def finish(call_id: UUID, *, only: str, outcome: str, keep: bool = True) -> bool:
    """End a call that is in the state `only`; return whether this did it.

    `keep` leaves a message about it in the conversation.
    """
    found = Call.objects.filter(pk=call_id).values_list("conversation_id", flat=True).first()
    if found is None:
        return False
    with rooms.locked(found) as conversation:
        ended = Call.objects.filter(pk=call_id, state=only).update(
            state=State.ENDED, outcome=outcome, ended_at=timezone.now()
        )
        if not ended:
            return False
        CallParty.objects.filter(call_id=call_id).update(state=Party.LEFT, connection="")
        call = rows.with_people(Call.objects.filter(pk=call_id)).get()
        if keep:
            _write_down(conversation, call)
        tell("call.ended", call)
    return True


def tell(event: str, call: Call, *, user_ids: Sequence[UUID] | None = None) -> None:
    """Tell all devices of a call's people, or of some of them, how it stands after the commit."""
    for party in call.parties.all():
        if user_ids is None or party.user_id in user_ids:
            realtime.whisper(
                user_ids=[party.user_id],
                event={"ev": event, "c": call.conversation_id, "d": call_json(call, party.user)},
            )


def call_json(call: Call, viewer: User) -> dict[str, Any]:
    """Return a call as one of its people sees it; `left_seconds` of its ringing."""
    other = next((one.user for one in call.parties.all() if one.user_id != viewer.pk), None)
    rung = timezone.now() - call.created_at
    return {
        "id": call.pk,
        "c": call.conversation_id,
        "media": call.media,
        "state": call.state,
        "outcome": call.outcome,
        "own": call.initiator_id == viewer.pk,
        "person": person_json(other),
        "created_at": call.created_at,
        "answered_at": call.answered_at,
        "left_seconds": max(0, round(ring_seconds() - rung.total_seconds())),
    }


def parse_device(given: object) -> UUID:
    """Return the secret of a device; raises Invalid for anything but a random UUID."""
    key = parse_uuid(given) if isinstance(given, str) else None
    if key is None or key.version not in (4, 7):
        raise Invalid.field("device", "A random UUID that only this device knows.")
    return key


def _media(given: object) -> str:
    if given not in Call.Media.values:
        raise Invalid.field("media", f"One of: {', '.join(Call.Media.values)}.")
    return str(given)


def _in_call() -> Conflict:
    return Conflict("in_call", "You are in a call already.")


def _callee(conversation: Conversation, user: User) -> Member:
    """Return the other of a pair whom `user` may call now."""
    if conversation.is_group:
        raise Forbidden("not_a_pair", "Calls like this are between two people.")
    others = Member.objects.select_related("user").filter(conversation=conversation)
    other = others.exclude(user_id=user.pk).first()
    if other is None:
        raise policies.cannot_call()
    policies.require_may_call(other, graph.relationship(user.pk, other.user_id))
    return other


def _meet(
    conversation: Conversation, user: User, other: Member, *, device: UUID, connection: str
) -> UUID | None:
    """Return the pair's live call that this invitation comes down to, None for none.

    The other's call that rings here is taken; one's own, from the same device, was answered with
    an answer that got lost.
    """
    live = Call.objects.filter(conversation=conversation, state__in=rows.LIVE).first()
    if live is None:
        return None
    if live.state == State.RINGING and live.initiator_id == other.user_id:
        _take(live.pk, user, device=device, connection=connection)
        return live.pk
    same = CallParty.objects.filter(
        call=live, user_id=user.pk, state=Party.JOINED, device=device
    ).update(connection=connection, heard_at=timezone.now())
    if not same:
        raise _in_call()
    return live.pk


def _ring(
    conversation: Conversation,
    user: User,
    other: Member,
    media: str,
    *,
    device: UUID,
    connection: str,
) -> UUID:
    now = timezone.now()
    busy = CallParty.objects.filter(user_id=other.user_id, state=Party.JOINED).exists()
    call = Call.objects.create(
        conversation=conversation,
        initiator=user,
        media=media,
        created_at=now,
        **({"state": State.ENDED, "outcome": Outcome.BUSY, "ended_at": now} if busy else {}),
    )
    for who, state in ((user.pk, Party.JOINED), (other.user_id, Party.INVITED)):
        CallParty.objects.create(
            call=call,
            user_id=who,
            state=Party.LEFT if busy else state,
            device=device if who == user.pk else None,
            connection=connection if who == user.pk and not busy else "",
            heard_at=now,
        )
    whole = rows.with_people(Call.objects.filter(pk=call.pk)).get()
    if busy:
        _write_down(conversation, whole)
    else:
        tell("call.ring", whole, user_ids=[other.user_id])
        events.publish(CallRang(call.pk, conversation.pk, user.pk, other.user_id))
    return call.pk


def _take(call_id: UUID, user: User, *, device: UUID, connection: str) -> None:
    """Make a ringing call active with this device in it; inside a transaction."""
    now = timezone.now()
    taken = Call.objects.filter(pk=call_id, state=State.RINGING).update(
        state=State.ACTIVE, answered_at=now
    )
    mine = CallParty.objects.filter(call_id=call_id, user_id=user.pk)
    if taken and mine.filter(state=Party.INVITED).update(
        state=Party.JOINED, device=device, connection=connection, heard_at=now
    ):
        tell("call.taken", rows.with_people(Call.objects.filter(pk=call_id)).get())
        return
    again = mine.filter(state=Party.JOINED, device=device, call__state=State.ACTIVE)
    if taken or not again.update(connection=connection, heard_at=now):
        over = Call.objects.filter(pk=call_id, state=State.ENDED).exists()
        if over:
            raise Conflict("call_over", "This call is over.")
        raise Conflict("call_taken", "This call was taken on another device.")


def _end_lost(user: User, *, device: UUID) -> None:
    """End the call that the user's vanished device is still in: nobody waits for it any more."""
    lost = CallParty.objects.filter(user_id=user.pk, state=Party.JOINED, connection="")
    for party in lost.exclude(device=device).select_related("call"):
        ringing = party.call.state == State.RINGING
        outcome = Outcome.CANCELLED if ringing else Outcome.DROPPED
        finish(party.call_id, only=party.call.state, outcome=outcome)


def _refuse_waiting(user: User, *, but: UUID) -> None:
    """End what else rings for somebody who is in a call from now on."""
    if not CallParty.objects.filter(call_id=but, user_id=user.pk, state=Party.JOINED).exists():
        return
    waiting = CallParty.objects.filter(user_id=user.pk, state=Party.INVITED).exclude(call_id=but)
    for call_id in waiting.values_list("call_id", flat=True)[:10]:
        finish(call_id, only=State.RINGING, outcome=Outcome.BUSY)


def _write_down(conversation: Conversation, call: Call) -> None:
    """Append the call to the conversation that is held; once, for its id is the client_id."""
    ended, answered = call.ended_at, call.answered_at
    assert ended is not None
    lasted = ended - answered if answered else timedelta(0)
    message = rooms.append(
        conversation,
        sender_id=call.initiator_id,
        client_id=call.pk,
        fingerprint="",
        kind=Message.Kind.CALL,
        meta={
            "call_id": str(call.pk),
            "media": call.media,
            "outcome": call.outcome,
            "seconds": max(0, round(lasted.total_seconds())),
        },
    )
    message.sender = next(
        one.user for one in call.parties.all() if one.user_id == call.initiator_id
    )
    rooms.record(conversation, "message.new", message_json(message), message=message)
    present = [one.user_id for one in call.parties.all()] if answered else [call.initiator_id]
    # Whoever took part and had read everything before has nothing new to read.
    Member.objects.filter(
        conversation=conversation, user_id__in=present, last_read_seq=message.seq - 1
    ).update(last_read_seq=message.seq, changed_at=timezone.now())
    if call.outcome in MISSED:
        others = [pk for pk in selectors.active_ids(conversation.pk) if pk != call.initiator_id]
        events.publish(CallMissed(conversation.pk, call.initiator_id, tuple(others)))
