"""What keeps a call alive: signs of life of its devices, a grace for those that fell silent."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from chat.models import Call, CallParty
from chat.selectors import calls as rows
from chat.services import calling
from core import realtime
from core.errors import Conflict
from social.graph.policies import Viewer, require_active

State, Outcome, Party = Call.State, Call.Outcome, CallParty.State
GRACE_SECONDS = 30


def beat(*, actor: Viewer, call_id: object, connection: str) -> Call:
    """Renew the lease of the device on this socket, and return how the call stands.

    Raises NotFound, Conflict `elsewhere` for a socket that is not in the call while it lasts.
    """
    user = require_active(actor)
    call = rows.get_call(user=user, call_id=call_id)
    mine = CallParty.objects.filter(call_id=call.pk, user_id=user.pk, state=Party.JOINED)
    held = mine.filter(connection=connection).update(heard_at=timezone.now())
    if not held and call.state != State.ENDED:
        raise Conflict("elsewhere", "Another device of yours is in this call.")
    return call


def rings(*, actor: Viewer, call_id: object) -> bool:
    """Let the caller know that a device of the actor rings; return whether they could be told."""
    user = require_active(actor)
    call = rows.get_call(user=user, call_id=call_id)
    if call.state != State.RINGING or call.initiator_id == user.pk:
        return False
    return _tell_other(call.pk, user.pk, {"ev": "call.ringing", "d": {"call": call.pk}})


def resume(
    *, actor: Viewer, call_id: object, device: object, connection: str, fresh: bool = False
) -> Call:
    """Bind a device that comes back to its new socket, and let the other side know.

    `fresh`: the device remembers nothing (its page was loaded anew), both begin from nothing.
    Raises NotFound, Conflict (`call_over`, `elsewhere`).
    """
    user = require_active(actor)
    key = calling.parse_device(device)
    call = rows.get_call(user=user, call_id=call_id)
    mine = CallParty.objects.filter(
        call_id=call.pk, user_id=user.pk, state=Party.JOINED, device=key
    )
    if not mine.update(connection=connection, heard_at=timezone.now()):
        if call.state == State.ENDED:
            raise Conflict("call_over", "This call is over.")
        raise Conflict("elsewhere", "Another device of yours is in this call.")
    _tell_other(call.pk, user.pk, {"ev": "call.back", "d": {"call": call.pk, "fresh": fresh}})
    return call


def lost(user_id: UUID, connection: str) -> None:
    """Begin the grace of a call whose device's socket ended."""
    held = CallParty.objects.filter(connection=connection, user_id=user_id, state=Party.JOINED)
    call_id = held.values_list("call_id", flat=True).first()
    if call_id is not None and held.update(connection="", heard_at=timezone.now()):
        away = {"ev": "call.away", "d": {"call": call_id, "seconds": GRACE_SECONDS}}
        _tell_other(call_id, user_id, away)


def sweep(*, limit: int = 50) -> int:
    """End what rang for too long and what a side vanished from; return how many ended."""
    now = timezone.now()
    rung_out = now - timedelta(seconds=calling.ring_seconds())
    silent = CallParty.objects.filter(
        call_id=OuterRef("pk"),
        state=Party.JOINED,
        heard_at__lt=now - timedelta(seconds=GRACE_SECONDS),
    )
    due = Call.objects.filter(state__in=rows.LIVE).filter(
        Q(state=State.RINGING, created_at__lt=rung_out) | Exists(silent)
    )
    ended = 0
    for call in due.order_by("created_at")[:limit]:
        if call.state == State.ACTIVE:
            outcome = Outcome.DROPPED
        else:
            outcome = Outcome.MISSED if call.created_at < rung_out else Outcome.CANCELLED
        ended += calling.finish(call.pk, only=call.state, outcome=outcome)
    return ended


def end_between(one_id: UUID, other_id: UUID) -> None:
    """End the call of two people between whom nothing may be any more, and write nothing down."""
    pair = ":".join(sorted((str(one_id), str(other_id))))
    _end(Call.objects.filter(conversation__dm_key=pair), keep=False)


def end_of(user_id: UUID) -> None:
    """End every call of somebody who may not be here any more, without waiting for the grace."""
    _end(Call.objects.filter(parties__user_id=user_id), keep=True)


def _end(calls: "QuerySet[Call]", *, keep: bool) -> None:
    for call_id in calls.filter(state__in=rows.LIVE).values_list("pk", flat=True):
        # It may be taken between the first and the second question, never un-taken.
        for state, outcome in (
            (State.RINGING, Outcome.CANCELLED),
            (State.ACTIVE, Outcome.COMPLETED),
        ):
            calling.finish(call_id, only=state, outcome=outcome, keep=keep)


def _tell_other(call_id: UUID, user_id: UUID, event: realtime.Event) -> bool:
    others = CallParty.objects.filter(call_id=call_id, state=Party.JOINED).exclude(user_id=user_id)
    other = others.exclude(connection="").first()
    return other is not None and realtime.hand(
        user_id=other.user_id, connection=other.connection, event=event
    )
