"""Covers: of a frame or of a picture, when a clip is made and whenever its author likes."""

from dataclasses import dataclass, replace
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from core import crash, events, files, limits
from core.errors import Conflict, Invalid
from social.graph.policies import require_active
from videos import selectors
from videos.events import VideoChanged
from videos.media import photos, stills
from videos.media.probe import probe
from videos.models import ClipEdit, ProcessingJob, Video
from videos.policies import Viewer
from videos.services import duets, edits, sources
from videos.services.publishing import tell_worker
from videos.workshop import LADDER_NICE, Source, Workshop

DEFAULT_MS = 1000
PICTURE_EDGE = 1280
Stage = ProcessingJob.Stage
State = ProcessingJob.State


@dataclass(frozen=True)
class Cover:
    """A cover on its way to storage."""

    path: Path
    blurhash: str


def change_cover(
    *, actor: Viewer, video_id: object, at_ms: int | None = None, upload_id: object = None
) -> ProcessingJob:
    """Have a clip's cover made anew, of the frame at `at_ms` or of an uploaded picture.

    The old one stays until the new one is there, and for good if that cannot be made. Raises
    NotFound, Forbidden, Conflict (no clip, not ready, the picture), Invalid, UnsupportedMedia.
    """
    actor = require_active(actor)
    if (at_ms is None) == (not upload_id):
        raise Invalid.field("at_ms", "Name a moment or a picture.")
    if at_ms is not None and at_ms < 0:
        raise Invalid.field("at_ms", "It begins at 0.")
    video = selectors.get_own_video(owner=actor, video_id=video_id)
    if video.kind != Video.Kind.CLIP:
        raise Conflict("not_a_clip", "Only a clip's cover can be chosen.")
    picture = edits.get_picture(actor=actor, upload_id=upload_id) if upload_id else None
    limits.consume(budget="edit", subject=str(actor.pk))
    with transaction.atomic():
        video = Video.objects.select_for_update().get(pk=video.pk)
        if video.deleted_at is not None or video.processing_state != Video.Processing.READY:
            raise Conflict("not_ready", "The video is still being prepared.")
        sources.let_cover_go(video)
        if picture is not None:
            edits.consume_picture(picture)
            ClipEdit.objects.update_or_create(video=video, defaults={"cover_upload": picture})
        else:
            video.cover_at_ms = at_ms
            video.save(update_fields=["cover_at_ms"])
        job, _ = ProcessingJob.objects.update_or_create(
            video=video,
            stage=Stage.COVER,
            defaults={
                "state": State.QUEUED,
                "tries": 0,
                "findings": {},
                "lease_expires_at": None,
                "queued_at": timezone.now(),
                "finished_at": None,
            },
        )
        tell_worker(job)
    return job


def make_cover(shop: Workshop, video: Video) -> None:
    """Make the cover that was asked for of what is stored, and show it; raises MediaError."""
    picture = fetch_picture(shop, video)
    if picture is not None:
        made = of_picture(shop, picture)
    else:
        rendition = video.renditions.order_by("-short_edge").first()
        assert rendition is not None, "a ready clip has a rendition"
        path = shop.bring(rendition.key, "rendition.mp4")
        found = probe(path, scratch=shop.scratch, limits=shop.limits)
        made = of_frame(shop, Source(path, found), video.cover_at_ms)
    key = shop.store(made.path, purpose="cover")
    crash.point("cover.stored")
    with transaction.atomic():
        video = Video.objects.select_for_update().get(pk=video.pk)
        shop.lease.finish(State.DONE)
        files.reference([key])
        files.condemn([video.cover_key])
        video.cover_key, video.blurhash = key, made.blurhash
        video.save(update_fields=["cover_key", "blurhash"])
        events.publish(VideoChanged(video.pk))
        sources.let_cover_go(video)


def fetch_picture(shop: Workshop, video: Video) -> Path | None:
    """Return the picture that the cover is to be made of, None for a frame."""
    edit = ClipEdit.objects.select_related("cover_upload").filter(video=video).first()
    if edit is None or edit.cover_upload is None:
        return None
    return shop.fetch(edit.cover_upload, "picture")


def of_picture(shop: Workshop, picture: Path) -> Cover:
    """Make a cover of a picture, in its own shape; raises MediaError. Asks no database."""
    made = photos.picture(
        picture,
        "cover",
        scratch=shop.corner("cover"),
        limits=shop.limits,
        large_edge=PICTURE_EDGE,
    )
    return Cover(made.large, made.blurhash)


def of_frame(shop: Workshop, source: Source, at_ms: int | None) -> Cover:
    """Make a cover of a frame, by itself one near the beginning; as `of_picture`."""
    moment = at_ms
    if moment is None:
        moment = min(DEFAULT_MS, source.probe.duration_ms // 3)
    corner = shop.corner("cover")
    source, moment = duets.moment(shop, source, moment, stills.COVER_SHORT_EDGE, corner)
    still = stills.cover(
        source.path,
        moment,
        corner / "cover.jpg",
        probe=source.probe,
        ffmpeg=shop.ffmpeg,
        scratch=corner,
        # Beside an encode that people wait for: it takes what that leaves.
        limits=replace(shop.limits, nice=LADDER_NICE),
    )
    return Cover(still.path, still.blurhash)
