"""Ends and second chances: delete, remove, restore, retry."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import events, files, jobs, limits
from core.errors import Conflict, Forbidden, NotFound
from core.ids import parse_uuid
from social.graph.policies import require_active
from videos import live, media_epochs, selectors
from videos.events import VideoDeleted, VideoHidden, VideoRestored
from videos.models import Photo, ProcessingJob, Rendition, Video
from videos.policies import Viewer
from videos.services import sources
from videos.services.publishing import tell_worker

MODERATE = "videos.change_video"


def delete_video(*, actor: Viewer, video_id: object) -> None:
    """Delete the actor's video: gone at once everywhere, its bytes right after the commit.

    Raises NotFound, Forbidden.
    """
    actor = require_active(actor)
    video = selectors.get_own_video(owner=actor, video_id=video_id)
    with transaction.atomic():
        rows = Video.objects.filter(pk=video.pk, deleted_at__isnull=True)
        marked = rows.update(
            deleted_at=timezone.now(),
            media_epoch=F("media_epoch") + 1,
            pinned_at=None,
            cover_key="",
            preview_key="",
            blurhash="",
        )
        if not marked:
            raise NotFound
        # A worker that holds the lease sees this at its next heartbeat and stops.
        video.jobs.exclude(state=ProcessingJob.State.DONE).update(
            state=ProcessingJob.State.FAILED, lease_expires_at=None, finished_at=timezone.now()
        )
        Rendition.objects.filter(video=video).delete()
        files.condemn_prefix(f"videos/{video.pk}/")
        Photo.objects.filter(video=video).update(key="", small_key="")
        sources.let_go(video)
        sources.let_cover_go(video)
        media_epochs.forget(video.pk)
        events.publish(VideoDeleted(video.pk, video.author_id))
        jobs.enqueue("videos.erase", str(video.pk))


def remove_video(*, actor: Viewer, video_id: object, reason: str) -> Video:
    """Hide a video from everybody but its author, who reads `reason`; for moderators."""
    return _moderate(
        actor=actor, video_id=video_id, state=Video.Moderation.REMOVED, reason=reason[:300]
    )


def restore_video(*, actor: Viewer, video_id: object) -> Video:
    """Undo a removal; for moderators."""
    return _moderate(actor=actor, video_id=video_id, state=Video.Moderation.VISIBLE, reason="")


def retry_video(*, actor: Viewer, video_id: object) -> Video:
    """Process a failed video again; Conflict if it did not fail or its file is gone."""
    actor = require_active(actor)
    video = selectors.get_own_video(owner=actor, video_id=video_id)
    limits.consume(budget="retry", subject=str(actor.pk))
    with transaction.atomic():
        rows = Video.objects.filter(
            pk=video.pk, processing_state=Video.Processing.FAILED, deleted_at__isnull=True
        )
        changed = rows.update(
            processing_state=Video.Processing.QUEUED, progress=0.0, error_code="", error_detail=""
        )
        if not changed:
            raise Conflict("not_failed", "Only a video that failed can be processed again.")
        if not sources.are_kept(video):
            raise Conflict("source_gone", "The file is no longer kept; upload it again.")
        job = video.jobs.select_for_update().get(stage=ProcessingJob.Stage.PLAYABLE)
        job.state, job.tries, job.queued_at = ProcessingJob.State.QUEUED, 0, timezone.now()
        job.finished_at = None
        job.save(update_fields=["state", "tries", "queued_at", "finished_at"])
        tell_worker(job)
        live.tell(Video.objects.get(pk=video.pk))
    return selectors.get_own_video(owner=actor, video_id=video_id)


def _moderate(*, actor: Viewer, video_id: object, state: str, reason: str) -> Video:
    actor = require_active(actor)
    if not (actor.is_staff and actor.has_perm(MODERATE)):
        selectors.get_viewable_video(viewer=actor, video_id=video_id)
        raise Forbidden("not_moderator", "Only moderators may do this.")
    key = parse_uuid(video_id)
    with transaction.atomic():
        rows = Video.objects.select_for_update().filter(deleted_at__isnull=True)
        video = rows.filter(pk=key).first() if key else None
        if video is None:
            raise NotFound
        if video.moderation_state == state:
            return video
        video.moderation_state, video.moderation_reason = state, reason
        video.media_epoch += 1
        video.save(update_fields=["moderation_state", "moderation_reason", "media_epoch"])
        media_epochs.forget(video.pk)
        hidden = state != Video.Moderation.VISIBLE
        event = VideoHidden if hidden else VideoRestored
        events.publish(event(video.pk, video.author_id))
    return video
