"""How a video is shown to its owner in the studio.

Counters belong to an app above; it lends them here as a facet, one call for a whole page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from videos import playback, selectors
from videos.models import Video

CountFacet = Callable[[Sequence[UUID]], Mapping[UUID, Mapping[str, int]]]
COUNTS = ("views", "likes", "comments")
_facets: list[CountFacet] = []


@dataclass(frozen=True)
class StudioRow:
    """One line of the studio; `progress` 0 to 1, `error` {code, detail} of a failed video."""

    id: UUID
    kind: str
    background: str
    caption: str
    cover: str | None
    created_at: datetime
    duration_ms: int | None
    audience: str
    processing_state: str
    progress: float
    error: dict[str, str] | None
    watch_url: str | None
    removed_reason: str | None
    draft: bool
    scheduled_for: datetime | None
    pinned: bool
    counts: dict[str, int] = field(default_factory=dict)


def register_counts(facet: CountFacet) -> None:
    """Add the source of `{video_id: {"views", "likes", "comments"}}`; call in `AppConfig.ready`."""
    if facet not in _facets:
        _facets.append(facet)


def studio_rows(videos: Sequence[Video]) -> list[StudioRow]:
    """Return the lines of these videos of one owner, in order."""
    counts: dict[UUID, dict[str, int]] = {video.pk: dict.fromkeys(COUNTS, 0) for video in videos}
    for facet in _facets if videos else ():
        for video_id, numbers in facet(list(counts)).items():
            counts[video_id] |= numbers
    return [_row(video, counts[video.pk]) for video in videos]


def user_counts(
    viewer_id: UUID | None, user_ids: Sequence[UUID]
) -> Mapping[UUID, Mapping[str, Mapping[str, Any]]]:
    """Return the facet of accounts.presentation that counts a person's public videos."""
    numbers = selectors.count_published(list(user_ids))
    return {user_id: {"counts": {"videos": number}} for user_id, number in numbers.items()}


def _row(video: Video, counts: dict[str, int]) -> StudioRow:
    ready = video.processing_state == Video.Processing.READY
    address = {"username": video.author.username, "video_id": video.pk}
    error = {"code": video.error_code, "detail": video.error_detail} if video.error_code else None
    removed = video.moderation_state == Video.Moderation.REMOVED
    return StudioRow(
        id=video.pk,
        kind=video.kind,
        background=video.background,
        caption=video.caption,
        cover=playback.cover_url(video),
        created_at=video.created_at,
        duration_ms=video.duration_ms,
        audience=video.audience,
        processing_state=video.processing_state,
        progress=video.progress,
        error=error,
        watch_url=reverse("feed:watch", kwargs=address) if ready else None,
        removed_reason=video.moderation_reason if removed else None,
        draft=video.draft,
        scheduled_for=selectors.waits_until(video),
        pinned=video.pinned_at is not None,
        counts=counts,
    )
