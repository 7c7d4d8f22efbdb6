"""The live epochs that a media URL must still match, at most two seconds old.

A proxy may keep a public answer for as long again, so an old URL is dead everywhere in four.
A duet's URLs end with those of its original as well: they are signed with the epochs of both.
"""

from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from videos.models import Video

KEPT_SECONDS = 2
EPOCHS = ("media_epoch", "author__media_epoch")
OF_BOTH = (*EPOCHS, "duet_of__media_epoch", "duet_of__author__media_epoch")


def of(video: Video) -> tuple[int, ...]:
    """Return the epochs (video, author, of a duet also its original and that one's author).

    Reads `video.author`, of a duet `video.duet_of` with its author, and asks nothing else.
    """
    original = video.duet_of if video.duet_of_id else None
    beside = (original.media_epoch, original.author.media_epoch) if original else ()
    return (video.media_epoch, video.author.media_epoch, *beside)


def live(video_id: UUID) -> tuple[int, ...] | None:
    """Return the present epochs of a video that exists (as `of`), None for any other."""
    name = _name(video_id)
    known = cache.get(name)
    if known is None:
        rows = Video.objects.filter(pk=video_id, deleted_at__isnull=True)
        found = rows.values_list(*OF_BOTH).first() or ()
        known = tuple(epoch for epoch in found if epoch is not None)
        cache.set(name, known, KEPT_SECONDS)
    return tuple(known) or None


def forget(video_id: UUID) -> None:
    """Make the next request look again, after the present transaction commits."""
    transaction.on_commit(lambda: cache.delete(_name(video_id)))


def _name(video_id: UUID) -> str:
    return f"media-epochs:{video_id}"
