"""What the graph adds to the `user` object of the API."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from social.graph import relationships
from social.graph.models import PersonStats
from social.graph.relationships import Relationship


def person_facet(
    viewer_id: UUID | None, user_ids: Sequence[UUID]
) -> Mapping[UUID, Mapping[str, Mapping[str, Any]]]:
    """Return counts and the viewer's relations of a page of people, in two queries."""
    stats = PersonStats.objects.filter(user_id__in=user_ids)
    counts = {
        row.user_id: {"followers": row.followers, "following": row.following} for row in stats
    }
    related = relationships.load(viewer_id, user_ids)
    return {
        user_id: {"counts": counts.get(user_id, {}), "viewer": _viewer(related[user_id])}
        for user_id in user_ids
    }


def _viewer(relation: Relationship) -> dict[str, Any]:
    """Return what the viewer may know: never that the other has blocked."""
    return {
        "follows": relation.follows,
        "followed_by": relation.followed_by,
        "requested": relation.requested,
        "friend": relation.friend,
        "friend_request": relation.friend_request is not None,
        "friend_request_direction": relation.friend_request,
        "blocks": relation.blocks,
        "mutes": relation.mutes,
        "bell": relation.bell,
    }
