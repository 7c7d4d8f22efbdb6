"""The uploads that a post is made of: one of a clip, one per picture of an album."""

from uuid import UUID

from videos.models import Upload, UploadChunk, Video
from videos.services.uploads import drop_chunks


def upload_ids(video: Video) -> list[UUID]:
    """Return the ids of a post's uploads."""
    of_photos = Upload.objects.filter(photo__video_id=video.pk).order_by("photo__position")
    return [
        *([video.upload_id] if video.upload_id else []),
        *of_photos.values_list("pk", flat=True),
    ]


def are_kept(video: Video) -> bool:
    """Return whether every byte that a post is made of is still there."""
    ids = upload_ids(video)
    kept = UploadChunk.objects.filter(upload_id__in=ids).values("upload_id").distinct().count()
    return bool(ids) and kept == len(ids)


def let_go(video: Video) -> None:
    """Condemn the bytes that a post was made of; call inside a transaction."""
    for upload_id in upload_ids(video):
        drop_chunks(upload_id)
