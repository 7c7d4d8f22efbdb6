"""Collections as they are shown: how much stands there, and the cover of what came last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery, UUIDField

from social.engagement import selectors
from social.engagement.models import Collection, CollectionItem
from social.engagement.policies import Viewer
from videos import playback
from videos.models import Video


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One collection for its owner; only what they may see now is counted and shown."""

    id: UUID
    name: str
    created_at: datetime
    videos: int
    cover: str | None
    contains: bool | None


def rows_for(
    collections: Sequence[Collection], *, viewer: Viewer, video_id: UUID | None = None
) -> list[ShelfRow]:
    """Return the rows of collections in a constant number of queries.

    With a `video_id` each row says whether that video stands there.
    """
    ids = [collection.pk for collection in collections]
    items = selectors.shelved(viewer=viewer, collection_ids=ids).order_by()
    counted = items.values_list("collection_id").annotate(Count("pk"))
    sizes: dict[UUID, int] = dict(counted) if ids else {}
    covers = _covers(items, ids)
    placed: set[UUID] = set()
    if video_id:
        placed = set(items.filter(video_id=video_id).values_list("collection_id", flat=True))
    return [
        ShelfRow(
            id=collection.pk,
            name=collection.name,
            created_at=collection.created_at,
            videos=sizes.get(collection.pk, 0),
            cover=covers.get(collection.pk),
            contains=collection.pk in placed if video_id else None,
        )
        for collection in collections
    ]


def _covers(items: "QuerySet[CollectionItem]", ids: Sequence[UUID]) -> dict[UUID, str | None]:
    """Return the cover of the latest video of each collection that has one."""
    latest = items.filter(collection=OuterRef("pk")).order_by("-pk").values("video_id")[:1]
    rows = Collection.objects.filter(pk__in=ids).annotate(
        latest=Subquery(latest, output_field=UUIDField())
    )
    leads = dict(rows.exclude(latest=None).values_list("pk", "latest"))
    videos = Video.objects.filter(pk__in=leads.values()).select_related("author")
    videos = videos.prefetch_related(playback.ORIGINAL)
    covers = {video.pk: playback.cover_url(video) for video in videos}
    return {pk: covers.get(video_id) for pk, video_id in leads.items()}
