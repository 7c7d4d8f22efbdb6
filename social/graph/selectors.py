"""Reads of the graph: who stands how to whom.

By subject: `ids` (subqueries of user ids), `people` (lists), `suggestions`, `relationships`.
"""

from collections.abc import Collection
from uuid import UUID

from social.graph import relationships
from social.graph.ids import (
    bell_ids,
    block_between,
    blocked_ids,
    followed_ids,
    follower_ids,
    friend_ids,
    muted_ids,
)
from social.graph.people import (
    blocked_by,
    count_waiting,
    follow_requests,
    followers_of,
    following_of,
    friend_requests,
    friends_of,
    muted_by,
    people_matching,
    sender_of,
)
from social.graph.relationships import Relationship
from social.graph.suggestions import Suggestion, suggest

__all__ = [
    "Relationship",
    "Suggestion",
    "bell_ids",
    "block_between",
    "blocked_by",
    "blocked_ids",
    "count_waiting",
    "follow_requests",
    "followed_ids",
    "follower_ids",
    "followers_of",
    "following_of",
    "friend_ids",
    "friend_requests",
    "friends_of",
    "muted_by",
    "muted_ids",
    "people_matching",
    "relationship",
    "relationships_for",
    "sender_of",
    "suggest",
]


def relationships_for(
    viewer_id: UUID | None, user_ids: Collection[UUID]
) -> dict[UUID, Relationship]:
    """Return how the viewer stands to each of `user_ids`, all of them present, in one query."""
    return relationships.load(viewer_id, user_ids)


def relationship(viewer_id: UUID | None, user_id: UUID) -> Relationship:
    """Return how the viewer stands to one person."""
    return relationships_for(viewer_id, [user_id])[user_id]
