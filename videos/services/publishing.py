"""From bytes to a video: one transaction, one video per upload and per idempotency key."""

from typing import Unpack
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from core import crash, events, jobs, limits
from core.errors import Conflict, NotFound, UnsupportedMedia
from core.ids import parse_uuid
from social.graph.policies import require_active
from videos import captions, duets, replying
from videos.events import CaptionWritten
from videos.media.errors import SENTENCES
from videos.models import ClipEdit, ProcessingJob, Tag, Upload, Video, VideoTag
from videos.policies import Viewer
from videos.services import edits
from videos.services.choices import new_video
from videos.services.edits import ClipChoices
from videos.services.uploads import is_picture_upload

PLAYABLE_TASK = "videos.process_playable"
LADDER_TASK = "videos.process_ladder"
CAPTIONS_TASK = "videos.process_captions"
COVER_TASK = "videos.process_cover"
# A queue of its own for what people wait for, and for each that must not make it wait.
PLAYABLE_QUEUE = "media"
LADDER_QUEUE = "ladder"
CAPTIONS_QUEUE = "captions"
DOORS = {
    ProcessingJob.Stage.PLAYABLE: (PLAYABLE_TASK, PLAYABLE_QUEUE),
    ProcessingJob.Stage.LADDER: (LADDER_TASK, LADDER_QUEUE),
    ProcessingJob.Stage.CAPTIONS: (CAPTIONS_TASK, CAPTIONS_QUEUE),
    ProcessingJob.Stage.COVER: (COVER_TASK, PLAYABLE_QUEUE),
}


def publish_video(
    *,
    actor: Viewer,
    upload_id: object,
    caption: str = "",
    cover_at_ms: int | None = None,
    idempotency_key: str | None = None,
    duet_of: object = None,
    reply_to: object = None,
    **choices: Unpack[ClipChoices],
) -> Video:
    """Make a video of a received upload and queue its processing.

    `duet_of` is a clip to stand beside, `reply_to` a comment to answer. Twice with the same upload
    or the same key gives the same video. Raises NotFound (upload, clip, comment), Forbidden
    (`duet_off`, `comments_off`), Conflict (upload not complete, its video deleted), Invalid.
    """
    actor = require_active(actor)
    common, chosen = edits.take(choices)
    video = new_video(
        author=actor,
        kind=Video.Kind.CLIP,
        caption=caption,
        idempotency_key=idempotency_key,
        choices=common,
        cover_at_ms=cover_at_ms,
    )
    first = find_published(actor=actor, upload_id=upload_id, idempotency_key=idempotency_key)
    if first is not None:
        return first
    _refuse_picture(actor, upload_id)
    if duet_of is not None:
        duets.put_beside(video, duets.get_original(actor=actor, video_id=duet_of))
    edit = edits.new_edit(actor=actor, video=video, chosen=chosen)
    answered = None
    if reply_to is not None:
        answered = replying.find(actor=actor, comment_id=reply_to).comment_id
    limits.consume(budget="publish", subject=str(actor.pk))
    try:
        with transaction.atomic():
            video = _insert(actor, upload_id, video, edit, answered)
    except IntegrityError:
        first = find_published(actor=actor, upload_id=upload_id, idempotency_key=idempotency_key)
        if first is None:
            raise
        return first
    crash.point("publish.committed")
    return video


def find_published(*, actor: User, upload_id: object, idempotency_key: str | None) -> Video | None:
    """Return what this key or this upload already became; Conflict if that was deleted since."""
    rows = Video.objects.filter(author_id=actor.pk)
    video = rows.filter(idempotency_key=idempotency_key).first() if idempotency_key else None
    key = parse_uuid(upload_id)
    if video is None and key is not None:
        video = rows.filter(upload_id=key).first()
    if video is not None and video.deleted_at is not None:
        raise Conflict("video_deleted", "The video of this upload was deleted.")
    return video


def tell_worker(job: ProcessingJob, *, countdown: int = 0) -> None:
    """Queue the task of a job's stage, after commit; `countdown` in seconds."""
    task, queue = DOORS[ProcessingJob.Stage(job.stage)]
    jobs.enqueue(task, str(job.video_id), queue=queue, countdown=countdown)


def write_tags(video: Video) -> None:
    """Make the tag rows of a video say what its caption says; call inside a transaction."""
    names = captions.tag_names(video.caption)
    Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
    ids = dict(Tag.objects.filter(name__in=names).values_list("name", "pk"))
    VideoTag.objects.filter(video=video).delete()
    VideoTag.objects.bulk_create(
        VideoTag(video=video, tag_id=ids[name], position=position)
        for position, name in enumerate(names)
    )
    events.publish(CaptionWritten(video.pk))


def _refuse_picture(actor: User, upload_id: object) -> None:
    """Say at once what a worker would only find out later."""
    key = parse_uuid(upload_id)
    rows = Upload.objects.filter(owner_id=actor.pk, offset__lte=settings.PHOTO_MAX_BYTES)
    upload = rows.filter(pk=key, state=Upload.State.RECEIVED).first() if key else None
    if upload is not None and is_picture_upload(upload):
        raise UnsupportedMedia("unsupported_format", SENTENCES["unsupported_format"])


def _insert(
    actor: User, upload_id: object, video: Video, edit: ClipEdit | None, answered: UUID | None
) -> Video:
    key = parse_uuid(upload_id)
    rows = Upload.objects.select_for_update().filter(owner_id=actor.pk)
    upload = rows.filter(pk=key).first() if key else None
    if upload is None:
        raise NotFound
    if upload.state == Upload.State.CONSUMED:
        first = find_published(
            actor=actor, upload_id=upload_id, idempotency_key=video.idempotency_key
        )
        if first is None:
            raise Conflict("upload_consumed", "This upload was used already.")
        return first
    if upload.state != Upload.State.RECEIVED or upload.expires_at <= timezone.now():
        raise Conflict("upload_incomplete", "The file has not been received completely.")
    upload.state = Upload.State.CONSUMED
    upload.save(update_fields=["state"])
    video.upload, video.is_reply = upload, answered is not None
    video.save(force_insert=True)
    if edit is not None:
        if edit.cover_upload is not None:
            edits.consume_picture(edit.cover_upload)
        edit.save(force_insert=True)
    if answered is not None:
        replying.answer(video=video, comment_id=answered)
    write_tags(video)
    tell_worker(ProcessingJob.objects.create(video=video, stage=ProcessingJob.Stage.PLAYABLE))
    return video
