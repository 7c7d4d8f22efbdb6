"""What the messenger does when people change how they stand to each other."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from accounts.events import AccountDeactivated, UserSuspended
from chat import selectors
from chat.services import call_lease, group_calls
from core import realtime
from core.ids import parse_uuid
from social.graph.events import BlockCreated, FriendshipEnded, FriendshipMade


def refilter_after_block(event: BlockCreated) -> None:
    """Have both people's pages drop what they show of each other."""
    _refilter(event.blocker_id, event.blocked_id)


def end_call_after_block(event: BlockCreated) -> None:
    """Let two people who are nothing to each other any more no longer hear each other."""
    call_lease.end_between(event.blocker_id, event.blocked_id)


def end_calls_of_suspended(event: UserSuspended) -> None:
    """Have the other side's page let go of somebody whose account was shut."""
    if event.suspended:
        call_lease.end_of(event.user_id)
        group_calls.look_after_now()


def end_calls_of_deactivated(event: AccountDeactivated) -> None:
    """Have the other side's page let go of somebody who left."""
    if event.away:
        call_lease.end_of(event.user_id)
        group_calls.look_after_now()


def refilter_after_meeting(event: FriendshipMade) -> None:
    """Have both people's pages ask for each other's presence."""
    _refilter(event.asked_by_id, event.accepted_by_id)


def refilter_after_parting(event: FriendshipEnded) -> None:
    """Have both people's pages drop each other's presence."""
    _refilter(event.one_id, event.other_id)


def _refilter(*user_ids: UUID) -> None:
    realtime.whisper(user_ids=user_ids, event={"ev": "session.refilter", "d": {}})


def still_inside(event: Mapping[str, Any], user_ids: list[UUID]) -> Collection[UUID]:
    """Return who of these may still hear of an event's conversation, now that it goes out late."""
    conversation_id = parse_uuid(event.get("c"))
    if conversation_id is None or event.get("ev") in ("member.remove", "conv.me"):
        return user_ids
    allowed = set(selectors.reading_ids(conversation_id))
    return [user_id for user_id in user_ids if user_id in allowed]
