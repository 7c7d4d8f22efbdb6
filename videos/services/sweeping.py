"""The sweeper: whatever a crash left behind is brought to an end. Safe to run at any time, twice.

Order matters a little: work is released first, then what nobody needs is condemned, then condemned
bytes are deleted.
"""

import datetime as dt
import logging
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import events, files
from videos import quota
from videos.events import VideoPublished
from videos.leases import Lease, LeaseLost, State
from videos.models import ProcessingJob, Upload, UploadChunk, Video
from videos.services import sources
from videos.services.direct import drop_parts
from videos.services.processing import try_again
from videos.services.publishing import tell_worker
from videos.services.uploads import drop_chunks, end_upload

logger = logging.getLogger(__name__)
UNTOLD = dt.timedelta(seconds=10)
FAILED_SOURCE_KEPT = dt.timedelta(days=7)
DELETED_LOOKED_AT = dt.timedelta(days=1)
SCRATCH_KEPT_SECONDS = 24 * 3600
# Jobs told again per sweep: a long backlog must not fill the broker with repeats.
TOLD_AGAIN = 20
# Captions are slow to make and nobody waits for them: their backlog is no sign of lost messages.
CAPTIONS_TOLD_AGAIN = 2
BATCH = 200


@dataclass(frozen=True)
class Swept:
    """What one sweep did."""

    leases: int
    told: int
    announced: int
    uploads: int
    sources: int
    objects: int
    scratch: int


def sweep() -> Swept:
    """Run every duty once."""
    return Swept(
        leases=release_expired_leases(),
        told=tell_workers_again(),
        announced=announce_scheduled(),
        uploads=expire_uploads() + forget_parts(),
        sources=let_old_sources_go() + condemn_leftovers_of_deleted(),
        objects=files.sweep(),
        scratch=clear_scratch(),
    )


def release_expired_leases() -> int:
    """Queue (or give up on) work whose worker has not been heard of; return how many."""
    rows = ProcessingJob.objects.filter(
        state=State.RUNNING, lease_expires_at__lt=timezone.now()
    ).order_by("lease_expires_at")
    released = 0
    for job in rows[:BATCH]:
        lease = Lease(job.pk, job.video_id, job.stage, job.attempt, job.tries)
        try:
            try_again(lease)
        except LeaseLost:
            continue  # it ended since we looked
        files.abandon(lease.folder)
        released += 1
    return released


def tell_workers_again() -> int:
    """Tell workers of queued jobs that nobody was told of for 10 s; a repeat is harmless."""
    old = timezone.now() - UNTOLD
    rows = ProcessingJob.objects.filter(state=State.QUEUED, queued_at__lt=old)
    captions = rows.filter(stage=ProcessingJob.Stage.CAPTIONS).order_by("queued_at")
    others = rows.exclude(stage=ProcessingJob.Stage.CAPTIONS).order_by("queued_at")
    most = CAPTIONS_TOLD_AGAIN if settings.CAPTIONS_COMMAND else 0
    told = 0
    for job in [*others[:TOLD_AGAIN], *captions[:most]]:
        with transaction.atomic():
            same = ProcessingJob.objects.filter(
                pk=job.pk, state=State.QUEUED, queued_at=job.queued_at
            )
            if same.update(queued_at=timezone.now()):
                tell_worker(job)
                told += 1
    return told


def announce_scheduled() -> int:
    """Tell the other apps, once each, of videos whose moment has come; return how many."""
    now = timezone.now()
    rows = Video.objects.filter(
        announced_at__isnull=True,
        published_at__lte=now,
        draft=False,
        deleted_at__isnull=True,
        moderation_state=Video.Moderation.VISIBLE,
    )
    announced = 0
    for video in rows.order_by("published_at")[:BATCH]:
        with transaction.atomic():
            if rows.filter(pk=video.pk).update(announced_at=now, scheduled_for=None):
                events.publish(VideoPublished(video.pk, video.author_id))
                announced += 1
    return announced


def expire_uploads() -> int:
    """End uploads that were not finished or not used in time; return how many."""
    rows = Upload.objects.filter(state__in=quota.OPEN_STATES, expires_at__lte=timezone.now())
    return sum(end_upload(upload, state=Upload.State.EXPIRED) for upload in rows[:BATCH])


def forget_parts() -> int:
    """Let the store drop the parts of direct uploads that have ended; return how many."""
    rows = Upload.objects.exclude(multipart_id="").exclude(state__in=quota.OPEN_STATES)
    dropped = 0
    for upload in rows[:BATCH]:
        try:
            drop_parts(upload)
            dropped += 1
        except OSError:
            # The store is away: the name stays in the row for the next sweep.
            logger.warning("parts not dropped", extra={"upload": str(upload.pk)}, exc_info=True)
    return dropped


def let_old_sources_go() -> int:
    """Condemn the files of videos that failed a week ago and were not tried again."""
    old = timezone.now() - FAILED_SOURCE_KEPT
    failed = ProcessingJob.objects.filter(state=State.FAILED, finished_at__lt=old).exclude(
        stage=ProcessingJob.Stage.CAPTIONS
    )
    of_failed = (
        Q(upload__video__jobs__in=failed)
        | Q(upload__photo__video__jobs__in=failed)
        | Q(upload__cover_of__video__jobs__in=failed)
    )
    ids = UploadChunk.objects.filter(of_failed).values_list("upload_id")
    gone = [upload_id for (upload_id,) in ids.distinct()[:BATCH]]
    for upload_id in gone:
        with transaction.atomic():
            drop_chunks(upload_id)
    return len(gone)


def condemn_leftovers_of_deleted() -> int:
    """Condemn what a worker stored for a video while its owner was deleting it."""
    since = timezone.now() - DELETED_LOOKED_AT
    ids = Video.objects.filter(deleted_at__gt=since).values_list("pk", flat=True)
    return sum(files.condemn_prefix(f"videos/{video_id}/") for video_id in ids)


def clear_scratch() -> int:
    """Remove scratch files and folders that nobody touched for a day."""
    limit = time.time() - SCRATCH_KEPT_SECONDS
    cleared = 0
    for entry in settings.SCRATCH_DIR.iterdir():
        # What a live worker removes while we look is gone, which is all that is wanted.
        with suppress(FileNotFoundError):
            if entry.lstat().st_mtime >= limit:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink()
            cleared += 1
    return cleared


def erase_video(*, video_id: object) -> int:
    """Delete the condemned bytes of one deleted video and its upload now; return how many."""
    video = Video.objects.filter(pk=str(video_id), deleted_at__isnull=False).first()
    if video is None:
        return 0
    gone = files.erase(f"videos/{video.pk}/")
    return gone + sum(files.erase(f"uploads/{key}/") for key in sources.upload_ids(video))
