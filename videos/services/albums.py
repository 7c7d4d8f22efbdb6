"""Photo posts: one to thirty-five pictures in their author's order."""

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from core import crash, files, limits
from core.errors import Conflict, Invalid, NotFound, TooLarge, UnsupportedMedia
from core.ids import parse_uuid
from social.graph.policies import require_active
from videos import live, sounds
from videos.kinds import MOST_PHOTOS
from videos.media.errors import MediaError
from videos.media.images import DETAILS
from videos.media.photos import picture
from videos.models import Photo, ProcessingJob, Upload, Video
from videos.policies import Viewer
from videos.services.choices import Choices, new_video
from videos.services.editing import settle_publication
from videos.services.publishing import find_published, tell_worker, write_tags
from videos.services.sources import let_go
from videos.services.uploads import is_picture_upload
from videos.workshop import Workshop

FIELD = "photos"


def publish_photos(
    *,
    actor: Viewer,
    upload_ids: Sequence[object],
    caption: str = "",
    sound_id: object = None,
    idempotency_key: str | None = None,
    **choices: Unpack[Choices],
) -> Video:
    """Make an album of received pictures, in this order, and queue its processing.

    Twice with the same key, or the same first picture, gives the same album. Raises NotFound
    (an upload, the sound), Forbidden (`sound_off`), Conflict (an upload that is not complete or
    was used), UnsupportedMedia, Invalid.
    """
    actor = require_active(actor)
    ids = _ids(upload_ids)
    video = new_video(
        author=actor,
        kind=Video.Kind.PHOTOS,
        caption=caption,
        idempotency_key=idempotency_key,
        choices=choices,
    )
    first = _find(actor, ids[0], idempotency_key)
    if first is not None:
        return first
    if sound_id:
        video.sound = sounds.get_usable(actor=actor, sound_id=sound_id)
    _check_pictures(actor, ids)
    limits.consume(budget="publish", subject=str(actor.pk))
    try:
        with transaction.atomic():
            video = _insert(actor, ids, video)
    except IntegrityError:
        first = _find(actor, ids[0], idempotency_key)
        if first is None:
            raise
        return first
    crash.point("publish.committed")
    return video


def make_photos(shop: Workshop, video: Video) -> None:
    """Make both sizes of every picture, and publish the album; raises MediaError."""
    rows = list(video.photos.select_related("upload").order_by("position"))
    stored: list[str] = []
    hash_ = ""
    for row in rows:
        assert row.upload is not None, "an album is made of uploads"
        name = f"photo{row.position:02d}"
        source = shop.fetch(row.upload, name)
        try:
            made = picture(source, name, scratch=shop.scratch, limits=shop.limits)
        except MediaError as error:
            detail = f"Picture {row.position + 1}: {error.detail}"
            raise MediaError(error.code, detail, log=error.log) from error
        source.unlink()
        row.key = shop.store(made.large, purpose="photo")
        row.small_key = shop.store(made.small, purpose="photo")
        row.width, row.height = made.width, made.height
        stored += [row.key, row.small_key]
        hash_ = hash_ or made.blurhash
        shop.lease.report((row.position + 1) / len(rows))
        crash.point(f"album.picture{row.position}")
    crash.point("album.stored")
    with transaction.atomic():
        video = Video.objects.select_for_update().get(pk=video.pk)
        shop.lease.finish(ProcessingJob.State.DONE)
        files.reference(stored)
        Photo.objects.bulk_update(rows, ["key", "small_key", "width", "height"])
        video.cover_key, video.blurhash = rows[0].small_key, hash_
        video.width, video.height = rows[0].width, rows[0].height
        video.processing_state, video.progress = Video.Processing.READY, 1.0
        settle_publication(video)
        video.save()
        live.tell(video)
        let_go(video)


def _ids(upload_ids: Sequence[object]) -> list[UUID]:
    if not 1 <= len(upload_ids) <= MOST_PHOTOS:
        raise Invalid.field(FIELD, f"An album has 1 to {MOST_PHOTOS} pictures.")
    ids = [parse_uuid(upload_id) for upload_id in upload_ids]
    known = [key for key in ids if key is not None]
    if len(known) < len(ids):
        raise NotFound
    if len(set(known)) < len(known):
        raise Invalid.field(FIELD, "A picture is named twice.")
    return known


def _find(actor: User, upload_id: UUID, key: str | None) -> Video | None:
    first = find_published(actor=actor, upload_id=None, idempotency_key=key)
    if first is None:
        rows = Video.objects.filter(author_id=actor.pk, photos__upload_id=upload_id)
        first = rows.first()
    if first is not None and first.deleted_at is not None:
        raise Conflict("video_deleted", "The post of this upload was deleted.")
    return first


def _check_pictures(actor: User, ids: list[UUID]) -> None:
    """Read the head of each before anything is locked: a worker would only say so later."""
    rows = Upload.objects.filter(pk__in=ids, owner_id=actor.pk).in_bulk()
    for number, key in enumerate(ids, start=1):
        upload = rows.get(key)
        if upload is None:
            raise NotFound
        if upload.state != Upload.State.RECEIVED:
            raise _incomplete()
        if upload.offset > settings.PHOTO_MAX_BYTES:
            size = settings.PHOTO_MAX_BYTES // 1024**2
            raise TooLarge("photo_too_large", f"Picture {number} has more than {size} MB.")
        if not is_picture_upload(upload):
            detail = f"{number}: {DETAILS['unsupported_format']}"
            raise UnsupportedMedia("unsupported_format", detail, errors={FIELD: [detail]})


def _insert(actor: User, ids: list[UUID], video: Video) -> Video:
    rows = Upload.objects.select_for_update().filter(owner_id=actor.pk, pk__in=ids)
    found = {upload.pk: upload for upload in rows.order_by("pk")}
    now = timezone.now()
    for key in ids:
        upload = found.get(key)
        if upload is None:
            raise NotFound
        if upload.state != Upload.State.RECEIVED or upload.expires_at <= now:
            raise _incomplete()
    Upload.objects.filter(pk__in=ids).update(state=Upload.State.CONSUMED)
    video.save(force_insert=True)
    Photo.objects.bulk_create(
        Photo(video=video, position=position, upload_id=key) for position, key in enumerate(ids)
    )
    write_tags(video)
    tell_worker(ProcessingJob.objects.create(video=video, stage=ProcessingJob.Stage.PLAYABLE))
    return video


def _incomplete() -> Conflict:
    return Conflict("upload_incomplete", "A picture has not been received, or was used already.")
