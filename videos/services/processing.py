"""What a worker does with a video: playable first, then the rest of the ladder.

Each stage is claimed by lease, works in a folder of its own and shows its results only through
the fence (`videos.leases`). Safe to call again: with nothing to claim, nothing happens.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction

from core import crash, events, files
from videos.events import VideoChanged, VideoFailed
from videos.leases import Lease, LeaseLost, Stage, State, claim, kept_alive
from videos.media import audio, stills, transcode
from videos.media.errors import MediaError
from videos.media.ladder import Rung, plan
from videos.models import ProcessingJob, Rendition, Sound, Upload, Video
from videos.services.albums import make_photos
from videos.services.editing import settle_publication
from videos.services.publishing import tell_worker
from videos.services.sources import let_go
from videos.workshop import Source, Workshop, workshop

logger = logging.getLogger(__name__)
GAVE_UP = ("processing_error", "Something went wrong on our side. Try again.")
RETRY_SECONDS = 5
DEFAULT_COVER_MS = 1000
WAITING_AT_ONCE = 50


def process_playable(*, video_id: UUID) -> None:
    """Make the first rendition and the cover of a queued video, and publish it."""
    _attempt(video_id, Stage.PLAYABLE, _make_playable)


def process_ladder(*, video_id: UUID) -> None:
    """Make the remaining renditions and the preview; then the uploaded file is let go."""
    _serve_the_waiting()
    _attempt(video_id, Stage.LADDER, _make_ladder)


def give_up(lease: Lease, code: str, detail: str) -> None:
    """End a stage for good. A video that plays keeps playing; another fails with a reason."""
    with transaction.atomic():
        video = Video.objects.select_for_update().get(pk=lease.video_id)
        lease.finish(State.FAILED)
        if lease.stage == Stage.LADDER:
            let_go(video)
            return
        video.processing_state, video.progress = Video.Processing.FAILED, 0.0
        video.error_code, video.error_detail = code, detail
        video.save(update_fields=["processing_state", "progress", "error_code", "error_detail"])
        events.publish(VideoFailed(video.pk, video.author_id))


def try_again(lease: Lease, *, countdown: int = 0) -> None:
    """Queue the stage once more, or give up after the last try; `countdown` in seconds."""
    if lease.tries >= settings.PROCESSING_MAX_ATTEMPTS:
        give_up(lease, *GAVE_UP)
        return
    with transaction.atomic():
        video = Video.objects.select_for_update().get(pk=lease.video_id)
        lease.finish(State.QUEUED)
        if lease.stage == Stage.PLAYABLE:
            video.processing_state, video.progress = Video.Processing.QUEUED, 0.0
            video.save(update_fields=["processing_state", "progress"])
        tell_worker(ProcessingJob.objects.get(pk=lease.job_id), countdown=countdown)


def _attempt(
    video_id: UUID, stage: ProcessingJob.Stage, make: Callable[[Workshop, Video], None]
) -> None:
    lease = claim(video_id=video_id, stage=stage)
    if lease is None:
        return
    crash.point("worker.claimed")
    about = {"video": str(video_id), "stage": stage, "attempt": lease.attempt}
    try:
        video = Video.objects.select_related("upload").get(pk=video_id)
        if video.kind == Video.Kind.PHOTOS:
            make = make_photos
        with kept_alive(lease), workshop(lease, owner_id=video.author_id) as shop:
            make(shop, video)
    except LeaseLost:
        logger.info("lease lost, outputs dropped", extra=about)
    except MediaError as error:
        logger.info("media refused", extra={**about, "code": error.code, "log": error.log[-2000:]})
        _settle(lease, partial(give_up, lease, error.code, error.detail))
    except Exception:
        # Whatever went wrong, the video must not stay "processing": it is counted and tried again.
        logger.exception("processing failed", extra=about)
        _settle(lease, partial(try_again, lease, countdown=RETRY_SECONDS * lease.tries))
    finally:
        files.abandon(lease.folder)


def _settle(lease: Lease, end: Callable[[], None]) -> None:
    try:
        end()
    except LeaseLost:
        logger.info("lease lost at the end", extra={"video": str(lease.video_id)})


def _serve_the_waiting() -> None:
    """The first rendition of everybody comes before the second of anybody."""
    fresh = ProcessingJob.objects.filter(stage=Stage.PLAYABLE, state=State.QUEUED, tries=0)
    waiting = fresh.filter(video__deleted_at__isnull=True).order_by("queued_at")
    for video_id in waiting.values_list("video_id", flat=True)[:WAITING_AT_ONCE]:
        process_playable(video_id=video_id)


def _make_playable(shop: Workshop, video: Video) -> None:
    source = shop.open(_upload(video), {})
    rung = plan(source.probe)[0]
    # The cover needs one frame: it is made beside what keeps a core or two busy anyway.
    with ThreadPoolExecutor(1, "cover") as beside:
        coming = beside.submit(_cover, shop, source, video)
        source = shop.listen(source)
        made = _render(shop, source, rung, lambda share: shop.lease.report(share * 0.9))
        cover = coming.result()
    audio_path = shop.scratch / "sound.m4a"
    has_sound = audio.take(
        made.path, audio_path, probe=made.probe, ffmpeg=shop.ffmpeg, limits=shop.limits
    )
    rendition_key = shop.store(made.path, purpose="rendition")
    cover_key = shop.store(cover.path, purpose="cover")
    sound_key = shop.store(audio_path, purpose="sound") if has_sound else ""
    crash.point("playable.stored")
    with transaction.atomic():
        video = Video.objects.select_for_update().get(pk=video.pk)
        shop.lease.finish(State.DONE)
        files.reference([rendition_key, cover_key, *([sound_key] if sound_key else [])])
        _add_rendition(video, made, rung, rendition_key)
        if sound_key:
            video.sound = Sound.objects.create(
                video=video, key=sound_key, duration_ms=made.duration_ms
            )
        video.cover_key, video.blurhash = cover_key, cover.blurhash
        video.duration_ms = source.probe.duration_ms
        video.width, video.height = source.probe.width, source.probe.height
        video.processing_state, video.progress = Video.Processing.READY, 1.0
        settle_publication(video)
        video.save()
        ladder = ProcessingJob.objects.create(
            video=video, stage=Stage.LADDER, findings=source.findings()
        )
        tell_worker(ladder)


def _cover(shop: Workshop, source: Source, video: Video) -> stills.Still:
    moment = video.cover_at_ms
    if moment is None:
        moment = min(DEFAULT_COVER_MS, source.probe.duration_ms // 3)
    corner = shop.corner("cover")
    return stills.cover(
        source.path,
        moment,
        corner / "cover.jpg",
        probe=source.probe,
        ffmpeg=shop.ffmpeg,
        scratch=corner,
        limits=shop.limits,
    )


def _make_ladder(shop: Workshop, video: Video) -> None:
    job = ProcessingJob.objects.get(pk=shop.lease.job_id)
    source = shop.listen(shop.open(_upload(video), job.findings))
    with ThreadPoolExecutor(1, "preview") as beside:
        coming = beside.submit(_preview, shop, source, video)
        _make_rungs(shop, source, video)
        preview = coming.result()
    key = shop.store(preview.path, purpose="preview")
    crash.point("ladder.stored")
    with transaction.atomic():
        video = Video.objects.select_for_update().get(pk=video.pk)
        shop.lease.finish(State.DONE)
        files.reference([key])
        video.preview_key, video.progress = key, 1.0
        video.save(update_fields=["preview_key", "progress"])
        events.publish(VideoChanged(video.pk))
        let_go(video)


def _make_rungs(shop: Workshop, source: Source, video: Video) -> None:
    known = set(video.renditions.values_list("short_edge", flat=True))
    rungs = [rung for rung in plan(source.probe) if rung.short_edge not in known]
    for number, rung in enumerate(rungs):
        _serve_the_waiting()
        done = number / (len(rungs) + 1)
        made = _render(shop, source, rung, _scaled(shop.lease, done, len(rungs) + 1))
        key = shop.store(made.path, purpose="rendition")
        with transaction.atomic():
            shop.lease.hold()
            files.reference([key])
            _add_rendition(video, made, rung, key)
            events.publish(VideoChanged(video.pk))
        crash.point("ladder.rung")


def _preview(shop: Workshop, source: Source, video: Video) -> stills.Still:
    corner = shop.corner("preview")
    return stills.preview(
        source.path,
        corner / "preview.webp",
        probe=source.probe,
        ffmpeg=shop.ffmpeg,
        scratch=corner,
        limits=shop.limits,
        at_ms=video.cover_at_ms or 0,
    )


def _render(
    shop: Workshop, source: Source, rung: Rung, on_progress: Callable[[float], None]
) -> transcode.Rendition:
    assert source.loudness is not None, "listened to before"
    return transcode.render(
        source.path,
        rung,
        shop.scratch / f"{rung.short_edge}.mp4",
        probe=source.probe,
        loudness=source.loudness,
        ffmpeg=shop.ffmpeg,
        scratch=shop.scratch,
        limits=shop.limits,
        on_progress=on_progress,
    )


def _scaled(lease: Lease, done: float, parts: int) -> Callable[[float], None]:
    return lambda share: lease.report(done + share / parts)


def _add_rendition(video: Video, made: transcode.Rendition, rung: Rung, key: str) -> None:
    Rendition.objects.create(
        video=video,
        short_edge=rung.short_edge,
        width=made.width,
        height=made.height,
        bitrate=made.bitrate,
        size=made.size_bytes,
        key=key,
    )


def _upload(video: Video) -> Upload:
    assert video.upload is not None, "a clip is made of an upload"
    return video.upload
