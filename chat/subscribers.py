"""What the messenger does when people change how they stand to each other."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from chat import selectors
from core import realtime
from core.ids import parse_uuid
from social.graph.events import BlockCreated


def refilter_after_block(event: BlockCreated) -> None:
    """Have both people's sockets drop what they watch of each other."""
    realtime.whisper(
        user_ids=[event.blocker_id, event.blocked_id],
        event={"ev": "session.refilter", "d": {}},
    )


def still_inside(event: Mapping[str, Any], user_ids: list[UUID]) -> Collection[UUID]:
    """Return who of these may still hear of an event's conversation, now that it goes out late."""
    conversation_id = parse_uuid(event.get("c"))
    if conversation_id is None or event.get("ev") in ("member.remove", "conv.me"):
        return user_ids
    allowed = set(selectors.reading_ids(conversation_id))
    return [user_id for user_id in user_ids if user_id in allowed]
