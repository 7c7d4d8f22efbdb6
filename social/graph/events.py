"""What happened between two people; delivered after commit."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Followed:
    """`follower` follows `followed` from now on, at once or by an accepted request."""

    follower_id: UUID
    followed_id: UUID
    by_request: bool = False


@dataclass(frozen=True)
class Unfollowed:
    """A follow ended, by either side or by a block."""

    follower_id: UUID
    followed_id: UUID


@dataclass(frozen=True)
class FollowRequested:
    """`sender` asks to follow a private account."""

    request_id: UUID
    sender_id: UUID
    target_id: UUID


@dataclass(frozen=True)
class FriendRequested:
    """`sender` asks to be friends."""

    request_id: UUID
    sender_id: UUID
    recipient_id: UUID


@dataclass(frozen=True)
class FriendshipMade:
    """Two people are friends: `accepted_by` said yes to `asked_by`."""

    asked_by_id: UUID
    accepted_by_id: UUID


@dataclass(frozen=True)
class FriendshipEnded:
    """Two people are no longer friends."""

    one_id: UUID
    other_id: UUID


@dataclass(frozen=True)
class BlockCreated:
    """`blocker` and `blocked` no longer exist for each other."""

    blocker_id: UUID
    blocked_id: UUID


@dataclass(frozen=True)
class MuteChanged:
    """`muter` muted somebody or took it back; the muted one is never told."""

    muter_id: UUID
    muted_id: UUID


@dataclass(frozen=True)
class BlockRemoved:
    """`blocker` took a block back; nothing that it ended returns."""

    blocker_id: UUID
    blocked_id: UUID
