"""Reads of calls: only those whom a call is for ever learn of it."""

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from chat.models import Call, CallParty
from core.errors import NotFound
from core.ids import parse_uuid

LIVE = (Call.State.RINGING, Call.State.ACTIVE)


def get_call(*, user: User, call_id: object) -> Call:
    """Return a call that is for the user, with its people; raises NotFound."""
    key = parse_uuid(call_id)
    rows = Call.objects.filter(parties__user_id=user.pk)
    call = with_people(rows.filter(pk=key)).first() if key else None
    if call is None:
        raise NotFound
    return call


def live_calls(user: User) -> list[Call]:
    """Return the calls that ring for the user or that they are in, oldest first."""
    rows = Call.objects.filter(state__in=LIVE, parties__user_id=user.pk)
    return list(with_people(rows).order_by("created_at")[:10])


def with_people(rows: "QuerySet[Call]") -> "QuerySet[Call]":
    """Return calls with their parties and whom these are."""
    parties = CallParty.objects.select_related("user").order_by("id")
    return rows.prefetch_related(Prefetch("parties", parties))


def party_of(call: Call, user: User) -> CallParty:
    """Return the user's side of a call read by `get_call`; raises NotFound."""
    mine = next((one for one in call.parties.all() if one.user_id == user.pk), None)
    if mine is None:
        raise NotFound
    return mine
