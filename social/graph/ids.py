"""User ids by relation, as querysets meant for subqueries (`author_id__in=...`).

Each is empty for nobody (`viewer_id=None`). `selectors` is where other apps get them.
"""

from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from social.graph.models import Block, Follow, Friendship, Mute

Ids: TypeAlias = "QuerySet[Any, UUID]"


def followed_ids(viewer_id: UUID | None) -> Ids:
    """Return the ids of whom the viewer follows (accepted)."""
    rows = _known(Follow.objects.filter(follower_id=viewer_id), viewer_id)
    return rows.values_list("followed_id", flat=True)


def follower_ids(viewer_id: UUID | None) -> Ids:
    """Return the ids of those who follow the viewer (accepted)."""
    rows = _known(Follow.objects.filter(followed_id=viewer_id), viewer_id)
    return rows.values_list("follower_id", flat=True)


def friend_ids(viewer_id: UUID | None) -> Ids:
    """Return the ids of the viewer's friends."""
    pairs = Friendship.objects.filter(Q(lo_id=viewer_id) | Q(hi_id=viewer_id))
    other = Case(When(lo_id=viewer_id, then=F("hi_id")), default=F("lo_id"))
    return _known(pairs, viewer_id).values_list(other, flat=True)


def blocked_ids(viewer_id: UUID | None) -> Ids:
    """Return the ids of all whom the viewer blocked or who blocked the viewer."""
    pairs = Block.objects.filter(Q(blocker_id=viewer_id) | Q(blocked_id=viewer_id))
    other = Case(When(blocker_id=viewer_id, then=F("blocked_id")), default=F("blocker_id"))
    return _known(pairs, viewer_id).values_list(other, flat=True)


def block_between(one: OuterRef, other: OuterRef) -> Exists:
    """Return the condition that one of two people, columns of the outer query, blocked the other.

    Each is asked for by the pair's own index.
    """
    there = Q(blocker_id=one, blocked_id=other)
    return Exists(Block.objects.filter(there | Q(blocker_id=other, blocked_id=one)))


def muted_ids(viewer_id: UUID | None) -> Ids:
    """Return the ids of whom the viewer muted."""
    return _known(Mute.objects.filter(muter_id=viewer_id), viewer_id).values_list(
        "muted_id", flat=True
    )


def bell_ids(author_id: UUID) -> Ids:
    """Return the ids of the followers who want to hear of each new video of the author."""
    return Follow.objects.filter(followed_id=author_id, bell=True).values_list(
        "follower_id", flat=True
    )


def _known(rows: "QuerySet[Any]", viewer_id: UUID | None) -> "QuerySet[Any]":
    return rows if viewer_id is not None else rows.none()
