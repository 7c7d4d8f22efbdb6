"""What engagement adds to the `user` object of the API."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from social.engagement import selectors


def person_facet(
    viewer_id: UUID | None, user_ids: Sequence[UUID]
) -> Mapping[UUID, Mapping[str, Mapping[str, Any]]]:
    """Return the likes that each person's public videos have, the same for every viewer."""
    likes = selectors.likes_received(user_ids)
    return {user_id: {"counts": {"likes": number}} for user_id, number in likes.items()}


def studio_counts(video_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Return what the studio shows of each video's counters, in one query."""
    counts = selectors.counts_for(video_ids)
    return {
        video_id: {"views": found.views, "likes": found.likes, "comments": found.comments}
        for video_id, found in counts.items()
    }
