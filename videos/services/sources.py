"""The uploads that a post is made of: a clip's, its cover's picture, one per album's picture."""

from uuid import UUID

from videos.models import ClipEdit, Upload, UploadChunk, Video
from videos.services.uploads import drop_chunks


def upload_ids(video: Video) -> list[UUID]:
    """Return the ids of a post's uploads."""
    of_photos = Upload.objects.filter(photo__video_id=video.pk).order_by("photo__position")
    of_cover = Upload.objects.filter(cover_of__video_id=video.pk)
    return [
        *([video.upload_id] if video.upload_id else []),
        *of_photos.values_list("pk", flat=True),
        *of_cover.values_list("pk", flat=True),
    ]


def are_kept(video: Video) -> bool:
    """Return whether every byte that a post is made of is still there."""
    ids = upload_ids(video)
    kept = UploadChunk.objects.filter(upload_id__in=ids).values("upload_id").distinct().count()
    return bool(ids) and kept == len(ids)


def let_go(video: Video) -> None:
    """Condemn the bytes that a post was made of, but for its cover's; in a transaction."""
    cover = ClipEdit.objects.filter(video=video).values_list("cover_upload_id", flat=True)
    for upload_id in set(upload_ids(video)) - set(cover):
        drop_chunks(upload_id)


def let_cover_go(video: Video) -> None:
    """Condemn the picture that a cover was, or was to be, made of; in a transaction."""
    edit = ClipEdit.objects.filter(video=video, cover_upload__isnull=False).first()
    if edit is not None and edit.cover_upload_id is not None:
        drop_chunks(edit.cover_upload_id)
        edit.cover_upload = None
        edit.save(update_fields=["cover_upload"])
