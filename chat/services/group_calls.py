"""Calls of groups: who is in one, and out with whoever may no longer be.

LiveKit lets whoever was removed come back with a key that they still have. So the right is looked
after again and again (`put_out_strangers`), not only when somebody leaves a group.
"""

import logging
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.core.cache import cache

from accounts.models import User
from chat import livekit
from chat.models import Conversation, Member
from chat.presentation import person_json
from chat.services.call_keys import require_seat, room_name
from core import jobs
from core.errors import Unavailable
from core.ids import parse_uuid
from social.graph.policies import Viewer

logger = logging.getLogger(__name__)
REMEMBERED_SECONDS = 5
SHOWN = 50


def people_in_call(*, actor: Viewer, conversation_id: object) -> list[dict[str, Any]]:
    """Return who is in the call of a group of the actor's, at most 50; a few seconds old.

    Raises NotFound without a LiveKit and outside the group, Forbidden (`not_a_group`,
    `request_pending`), Unavailable.
    """
    member = require_seat(actor=actor, conversation_id=conversation_id)
    room = room_name(member.conversation_id)
    identities = cache.get_or_set(
        f"group-call:{room}", lambda: livekit.people_in(room), REMEMBERED_SECONDS
    )
    inside = _allowed(member.conversation_id, identities or [])
    people = User.objects.filter(pk__in=inside).order_by("username")[:SHOWN]
    return [shown for one in people if (shown := person_json(one)) is not None]


def put_out_later(*, conversation_id: UUID, user_id: UUID) -> None:
    """Have somebody who left a group leave its call, after the commit."""
    if livekit.is_configured():
        jobs.enqueue("chat.put_out_of_call", str(conversation_id), str(user_id))


def look_after_now() -> None:
    """Have the groups' calls looked after at once, for somebody may be in none of them any more."""
    if livekit.is_configured():
        jobs.enqueue("chat.look_after_group_calls")


def put_out(*, conversation_id: UUID, user_id: UUID) -> bool:
    """Put somebody out of a group's call unless they may be in it; return whether they were."""
    if not livekit.is_configured() or _allowed(conversation_id, [str(user_id)]):
        return False
    livekit.remove(room_name(conversation_id), str(user_id))
    return True


def put_out_strangers() -> int:
    """Put whoever may not be there out of every group's call; return how many there were.

    A server that is away is asked again at the next round.
    """
    if not livekit.is_configured():
        return 0
    found = 0
    try:
        for room in livekit.live_rooms():
            conversation_id = parse_uuid(room.removeprefix("group-"))
            # Somebody else's, on the same server.
            if conversation_id is None or not room.startswith("group-"):
                continue
            if not Conversation.objects.filter(pk=conversation_id).exists():
                continue
            inside = livekit.people_in(room)
            allowed = _allowed(conversation_id, inside)
            for identity in inside:
                if parse_uuid(identity) not in allowed:
                    livekit.remove(room, identity)
                    found += 1
    except Unavailable as error:
        logger.warning("group calls were not looked after: %s", error.message)
    return found


def _allowed(conversation_id: UUID, identities: Collection[str]) -> set[UUID]:
    """Return who of these may be in the call of a group."""
    keys = [key for one in identities if (key := parse_uuid(one)) is not None]
    members = Member.objects.filter(
        conversation_id=conversation_id,
        user_id__in=keys,
        state=Member.State.ACTIVE,
        user__is_active=True,
        user__suspended_at__isnull=True,
    )
    return set(members.values_list("user_id", flat=True))
