"""What the messenger tells the apps above; delivered after commit."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class MessageSent:
    """A message was sent; `recipient_ids` are the active members besides the sender."""

    message_id: UUID
    conversation_id: UUID
    sender_id: UUID
    recipient_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class MessageRequested:
    """Somebody who is no friend wrote to a person for the first time."""

    conversation_id: UUID
    sender_id: UUID
    recipient_id: UUID


@dataclass(frozen=True)
class InvitedToGroup:
    """A person was added to a group by `actor_id`."""

    conversation_id: UUID
    actor_id: UUID
    user_id: UUID


@dataclass(frozen=True)
class CallRang:
    """A call of two people began to ring."""

    call_id: UUID
    conversation_id: UUID
    caller_id: UUID
    callee_id: UUID


@dataclass(frozen=True)
class CallMissed:
    """A call rang and nobody took it."""

    conversation_id: UUID
    caller_id: UUID
    callee_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class MessageRead:
    """A person has read a conversation up to `seq`."""

    conversation_id: UUID
    user_id: UUID
    seq: int


@dataclass(frozen=True)
class ThemeInspected:
    """A moderator opened a theme that is not in the gallery."""

    theme_id: UUID
    moderator_id: UUID
