"""What a worker does with a video: playable first, then the rest of the ladder.

Each stage is claimed by lease, works in a folder of its own and shows its results only through
the fence (`videos.leases`). Safe to call again: with nothing to claim, nothing happens.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from core import crash, events, files
from videos import live
from videos.events import VideoChanged, VideoFailed
from videos.leases import Lease, LeaseLost, Stage, State, claim, kept_alive
from videos.media import audio, duet, stills, transcode
from videos.media.encoders import SOFTWARE
from videos.media.errors import MediaError
from videos.media.ladder import Rung, plan
from videos.models import ProcessingJob, Rendition, Sound, Video
from videos.services import covers, duets, edits
from videos.services.albums import make_photos
from videos.services.automatic_captions import make_captions, want_captions
from videos.services.editing import settle_publication
from videos.services.publishing import tell_worker
from videos.services.sources import let_cover_go, let_go
from videos.workshop import Source, Workshop, workshop

logger = logging.getLogger(__name__)
GAVE_UP = ("processing_error", "Something went wrong on our side. Try again.")
RETRY_SECONDS = 5
WAITING_AT_ONCE = 50


def process_playable(*, video_id: UUID) -> None:
    """Make the first rendition and the cover of a queued video, and publish it."""
    _attempt(video_id, Stage.PLAYABLE, _make_playable)


def process_ladder(*, video_id: UUID) -> None:
    """Make the remaining renditions and the preview; then the uploaded file is let go."""
    _serve_the_waiting()
    _attempt(video_id, Stage.LADDER, _make_ladder)


def process_captions(*, video_id: UUID) -> None:
    """Have what is said in a clip written down, where a program for that is set up."""
    if settings.CAPTIONS_COMMAND:
        _attempt(video_id, Stage.CAPTIONS, make_captions)


def process_cover(*, video_id: UUID) -> None:
    """Make the cover that a clip's author asked for."""
    _attempt(video_id, Stage.COVER, covers.make_cover)


def give_up(lease: Lease, code: str, detail: str) -> None:
    """End a stage for good. A video that plays keeps playing; another fails with a reason."""
    with transaction.atomic():
        video = Video.objects.select_for_update().get(pk=lease.video_id)
        lease.finish(State.FAILED)
        if lease.stage != Stage.PLAYABLE:
            if lease.stage == Stage.LADDER:
                let_go(video)
            if lease.stage == Stage.COVER:
                let_cover_go(video)
                found = {"error": {"code": code, "detail": detail}}
                ProcessingJob.objects.filter(pk=lease.job_id).update(findings=found)
            return
        video.processing_state, video.progress = Video.Processing.FAILED, 0.0
        video.error_code, video.error_detail = code, detail
        video.save(update_fields=["processing_state", "progress", "error_code", "error_detail"])
        events.publish(VideoFailed(video.pk, video.author_id))
        live.tell(video)


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
            live.tell(video)
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
        if stage == Stage.PLAYABLE:
            lease.on_progress = live.Meter(video)
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
    source = duets.beside(shop, video, edits.open_edited(shop, video, {}))
    picture = covers.fetch_picture(shop, video)
    rung = plan(source.probe)[0]
    # What is heard with somebody else's sound, or beside somebody, is no sound of its own.
    is_own = video.sound_id is None and not video.is_duet
    has_sound = is_own and source.mix.is_heard(source.probe)
    audio_path = shop.scratch / "sound.m4a"
    take = partial(audio.take, out=audio_path, ffmpeg=shop.ffmpeg, limits=shop.limits)
    # The cover needs one frame: it is made beside what keeps a core or two busy anyway.
    with ThreadPoolExecutor(2, "beside") as beside:
        coming = (
            beside.submit(covers.of_frame, shop, source, video.cover_at_ms)
            if picture is None
            else beside.submit(covers.of_picture, shop, picture)
        )
        taken: list[Future[None]] = []
        source = shop.listen(source)
        made = _render(
            shop,
            source,
            rung,
            lambda share: shop.lease.report(share * 0.9),
            on_written=lambda out: taken.append(beside.submit(take, out)) if has_sound else None,
        )
        cover = coming.result()
        for sound in taken:
            sound.result()
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
        let_cover_go(video)
        live.tell(video)
        ladder = ProcessingJob.objects.create(
            video=video, stage=Stage.LADDER, findings=source.findings()
        )
        tell_worker(ladder)
        want_captions(video)


def _make_ladder(shop: Workshop, video: Video) -> None:
    job = ProcessingJob.objects.get(pk=shop.lease.job_id)
    source = edits.open_edited(shop, video, job.findings)
    source = shop.listen(duets.beside(shop, video, source))
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
    length_ms = round(stills.PREVIEW_SECONDS * 1000)
    source, at_ms = duets.moment(
        shop, source, video.cover_at_ms or 0, stills.PREVIEW_SHORT_EDGE, corner, length_ms
    )
    return stills.preview(
        source.path,
        corner / "preview.webp",
        probe=source.probe,
        ffmpeg=shop.ffmpeg,
        scratch=corner,
        limits=shop.limits,
        at_ms=at_ms,
    )


def _render(
    shop: Workshop,
    source: Source,
    rung: Rung,
    on_progress: Callable[[float], None],
    on_written: Callable[[Path], None] = lambda out: None,
) -> transcode.Rendition:
    assert source.loudness is not None, "listened to before"
    out = shop.scratch / f"{rung.short_edge}.mp4"
    kind = (
        partial(duet.render, source.duet)
        if source.duet is not None
        else partial(transcode.render, source.path, probe=source.probe, mix=source.mix)
    )
    render = partial(
        kind,
        rung=rung,
        out=out,
        loudness=source.loudness,
        ffmpeg=shop.ffmpeg,
        scratch=shop.scratch,
        on_progress=on_progress,
        on_written=on_written,
    )
    try:
        return render(limits=shop.limits)
    except MediaError as error:
        if error.code != "encoder_failed" or shop.limits.encoder == SOFTWARE:
            raise
        # A device has its own limits (sizes, sessions) and may go away: no reason to fail a video.
        logger.warning("%s failed, done in software", shop.limits.encoder, extra={"log": error.log})
        return render(limits=replace(shop.limits, encoder=SOFTWARE))


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
