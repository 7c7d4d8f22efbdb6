"""Who gets keys to relays and rooms: those who are in the call, for as long as it needs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from chat import livekit, policies, relays, selectors
from chat.models import Call, Member
from chat.selectors import calls as rows
from core import limits
from core.errors import Conflict, NotFound
from social.graph.policies import Viewer, require_active

# To join with; LiveKit renews the key of whoever is in.
SFU_LIFETIME = timedelta(minutes=10)


def room_name(conversation_id: UUID) -> str:
    """Return the name that LiveKit has for a group's room."""
    return f"group-{conversation_id}"


@dataclass(frozen=True)
class SfuKey:
    """A way into a group's room."""

    url: str
    token: str
    room: str
    expires_in: int


def ice_for(*, actor: Viewer, call_id: object) -> dict[str, Any]:
    """Return the ICE configuration of somebody whose call lives.

    Raises NotFound for a call that is not theirs, Conflict `call_over`, RateLimited.
    """
    user = require_active(actor)
    call = rows.get_call(user=user, call_id=call_id)
    if call.state == Call.State.ENDED:
        raise Conflict("call_over", "This call is over.")
    limits.consume(budget="turn", subject=str(user.pk))
    party = rows.party_of(call, user)
    return {
        "ice_servers": relays.ice_servers(party.pk.hex, now=timezone.now()),
        "ice_transport_policy": settings.ICE.policy,
        "expires_in": settings.ICE.seconds,
    }


def require_seat(*, actor: Viewer, conversation_id: object) -> Member:
    """Return the membership by which the actor may take part in a group's call.

    Raises NotFound without a LiveKit and outside the group, Forbidden (`not_a_group`,
    `request_pending`).
    """
    user = require_active(actor)
    if not livekit.is_configured():
        raise NotFound
    member = selectors.membership(user=user, conversation_id=conversation_id)
    policies.require_active(member)
    policies.require_group(member.conversation)
    return member


def sfu_key(*, actor: Viewer, conversation_id: object) -> SfuKey:
    """Return the actor's key to the room of a group, whose id is the conversation's.

    Raises NotFound without a LiveKit and outside the group, Forbidden (`not_a_group`,
    `request_pending`), RateLimited.
    """
    user = require_active(actor)
    member = require_seat(actor=user, conversation_id=conversation_id)
    limits.consume(budget="sfu_token", subject=str(user.pk))
    room = room_name(member.conversation_id)
    token = relays.livekit_token(
        room=room,
        identity=str(user.pk),
        name=user.name or user.username,
        now=timezone.now(),
        lifetime=SFU_LIFETIME,
    )
    return SfuKey(settings.LIVEKIT.url, token, room, int(SFU_LIFETIME.total_seconds()))
