"""Reads: the only ways from an id to a video."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from core.errors import Conflict, Forbidden, NotFound
from core.ids import parse_uuid
from videos import playback, policies
from videos.models import ProcessingJob, Rendition, Upload, Video
from videos.policies import Viewer

STUDIO_STATES = ("published", "scheduled", "drafts", "unfinished", "removed")


@dataclass(frozen=True)
class Status:
    """How far a video is, for its owner; `progress` of the present stage, 0 to 1."""

    processing_state: str
    progress: float
    error_code: str
    error_detail: str


def get_viewable_video(*, viewer: Viewer, video_id: object) -> Video:
    """Return the video with its author if `viewer` may see it; raises NotFound otherwise."""
    key = parse_uuid(video_id)
    rows = policies.visible_to(viewer).select_related("author")
    video = rows.filter(pk=key).first() if key else None
    if video is None:
        raise NotFound
    return video


def get_own_video(*, owner: Viewer, video_id: object) -> Video:
    """Return the owner's video. NotFound if they may not even see it, Forbidden if not theirs."""
    video = get_viewable_video(viewer=owner, video_id=video_id)
    if owner is None or video.author_id != owner.pk:
        raise Forbidden("not_owner", "Only its author may do this.")
    return video


def get_own_upload(*, owner: User, upload_id: object) -> Upload:
    """Return the owner's upload in any state; raises NotFound for those of others."""
    key = parse_uuid(upload_id)
    upload = Upload.objects.filter(pk=key, owner_id=owner.pk).first() if key else None
    if upload is None:
        raise NotFound
    return upload


def cover_job(*, owner: Viewer, video_id: object) -> ProcessingJob:
    """Return the making of another cover that was asked for last; raises NotFound, Forbidden."""
    video = get_own_video(owner=owner, video_id=video_id)
    job = video.jobs.filter(stage=ProcessingJob.Stage.COVER).first()
    if job is None:
        raise NotFound
    return job


def own_videos(*, owner: User, state: str = "") -> "QuerySet[Video]":
    """Return the owner's videos in every state but deleted, newest first.

    `state` narrows them to one of `STUDIO_STATES`; anything else does not.
    """
    rows = Video.objects.filter(author_id=owner.pk, deleted_at__isnull=True).filter(_in(state))
    return (
        rows.select_related("author")
        .prefetch_related("renditions", playback.ORIGINAL)
        .order_by("-created_at", "-id")
    )


def waits_until(video: Video) -> datetime | None:
    """Return when a scheduled video will be published, None when it waits for nothing."""
    moment = video.scheduled_for
    return moment if moment is not None and moment > timezone.now() else None


def _in(state: str) -> Q:
    now, ready = timezone.now(), Video.Processing.READY
    visible = Q(moderation_state=Video.Moderation.VISIBLE)
    conditions = {
        "published": visible & Q(draft=False, published_at__lte=now),
        "scheduled": visible & Q(draft=False, scheduled_for__gt=now),
        "drafts": Q(draft=True),
        "unfinished": ~Q(processing_state=ready),
        "removed": ~visible,
    }
    return conditions.get(state, Q())


def comments_bound(person: User) -> str:
    """Return whom a person lets comment at most, read anew."""
    return User.objects.values_list("who_may_comment", flat=True).get(pk=person.pk)


def processing_status(*, viewer: Viewer, video_id: object) -> Status:
    """Return how far the owner's video is; NotFound or Forbidden as `get_own_video`."""
    video = get_own_video(owner=viewer, video_id=video_id)
    return Status(
        processing_state=video.processing_state,
        progress=video.progress,
        error_code=video.error_code,
        error_detail=video.error_detail,
    )


def get_download(*, viewer: Viewer, video_id: object) -> tuple[Video, Rendition]:
    """Return a video that `viewer` may take along, and its largest rendition.

    NotFound if they may not see it, Forbidden (`download_off`), Conflict (`not_ready`).
    """
    video = get_viewable_video(viewer=viewer, video_id=video_id)
    if not policies.allows_download(viewer, video):
        raise Forbidden("download_off", "This video cannot be downloaded.")
    rendition = video.renditions.order_by("-short_edge").first()
    if rendition is None:
        raise Conflict("not_ready", "There is no file yet.")
    return video, rendition


def count_published(user_ids: list[UUID]) -> dict[UUID, int]:
    """Return how many public videos each person has, as shown on their profile."""
    rows = policies.visible_to(None).filter(author_id__in=user_ids)
    counts = rows.values("author_id").annotate(number=Count("pk")).order_by()
    return {row["author_id"]: row["number"] for row in counts}
