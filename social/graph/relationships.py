"""How a viewer stands to a page of people, in one query whatever their number."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Any, Literal
from uuid import UUID

from django.db.models import CharField, Q, QuerySet, Value

from social.graph.models import Block, Follow, FollowRequest, FriendRequest, Friendship, Mute


@dataclass(frozen=True, slots=True)
class Relationship:
    """A viewer and one person. `blocked_by` is for policies and never told to the viewer."""

    follows: bool = False
    followed_by: bool = False
    requested: bool = False
    friend: bool = False
    friend_request: Literal["sent", "received"] | None = None
    blocks: bool = False
    blocked_by: bool = False
    mutes: bool = False
    bell: bool = False

    @property
    def is_blocked(self) -> bool:
        """Whether a block stands between the two, in either direction."""
        return self.blocks or self.blocked_by


STRANGERS = Relationship()
_FLAGS = {field.name for field in fields(Relationship)} - {"friend_request"}


def load(viewer_id: UUID | None, user_ids: Collection[UUID]) -> dict[UUID, Relationship]:
    """Return the relationship of the viewer to each of `user_ids`."""
    found = dict.fromkeys(user_ids, STRANGERS)
    if viewer_id is None or not found:
        return found
    for user_id, fact in _facts(viewer_id, list(found)):
        change: dict[str, Any] = {fact: True} if fact in _FLAGS else {"friend_request": fact}
        found[user_id] = replace(found[user_id], **change)
    return found


def blocks_between(one_id: UUID, other_id: UUID) -> bool:
    """Return whether either has blocked the other."""
    pair = Q(blocker_id=one_id, blocked_id=other_id) | Q(blocker_id=other_id, blocked_id=one_id)
    return Block.objects.filter(pair).exists()


def _facts(viewer_id: UUID, user_ids: list[UUID]) -> "QuerySet[Any, tuple[UUID, str]]":
    """Return (user id, fact) rows: one UNION ALL, each branch served by an index of its pair."""
    sources = [
        (Follow, "follower_id", "followed_id", "follows"),
        (Follow, "followed_id", "follower_id", "followed_by"),
        (FollowRequest, "sender_id", "target_id", "requested"),
        (Friendship, "lo_id", "hi_id", "friend"),
        (Friendship, "hi_id", "lo_id", "friend"),
        (FriendRequest, "sender_id", "recipient_id", "sent"),
        (FriendRequest, "recipient_id", "sender_id", "received"),
        (Block, "blocker_id", "blocked_id", "blocks"),
        (Block, "blocked_id", "blocker_id", "blocked_by"),
        (Mute, "muter_id", "muted_id", "mutes"),
    ]
    branches = [
        _branch(
            model._default_manager.filter(**{mine: viewer_id, f"{theirs}__in": user_ids}),
            theirs,
            fact,
        )
        for model, mine, theirs, fact in sources
    ]
    rung = Follow.objects.filter(follower_id=viewer_id, followed_id__in=user_ids, bell=True)
    return branches[0].union(*branches[1:], _branch(rung, "followed_id", "bell"), all=True)


def _branch(rows: "QuerySet[Any]", column: str, fact: str) -> "QuerySet[Any, tuple[UUID, str]]":
    return rows.order_by().values_list(column, Value(fact, output_field=CharField()))
