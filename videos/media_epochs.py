"""The live epochs that a media URL must still match, at most two seconds old.

A proxy may keep a public answer for as long again, so an old URL is dead everywhere in four.
"""

from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from videos.models import Video

KEPT_SECONDS = 2


def live(video_id: UUID) -> tuple[int, int] | None:
    """Return the present epochs (video, author) of a video that exists, None for any other."""
    name = _name(video_id)
    known = cache.get(name)
    if known is None:
        rows = Video.objects.filter(pk=video_id, deleted_at__isnull=True)
        known = rows.values_list("media_epoch", "author__media_epoch").first() or ()
        cache.set(name, known, KEPT_SECONDS)
    return tuple(known) or None


def forget(video_id: UUID) -> None:
    """Make the next request look again, after the present transaction commits."""
    transaction.on_commit(lambda: cache.delete(_name(video_id)))


def _name(video_id: UUID) -> str:
    return f"media-epochs:{video_id}"
