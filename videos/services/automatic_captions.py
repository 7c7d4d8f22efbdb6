"""Captions that a program of the operator's writes (`CAPTIONS_COMMAND`), once a clip plays.

A stage of its own in a queue of its own: it never holds up, fails or hides the clip. What the
author wrote in a language always stands; what the program wrote is the author's to change or
delete, and is never written a second time.
"""

from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.db.models import F

from core import events
from core.errors import Invalid
from videos import webvtt
from videos.events import VideoChanged
from videos.media import audio, transcript
from videos.media.errors import MediaError
from videos.media.limits import Limits
from videos.media.probe import probe
from videos.models import CaptionTrack, ProcessingJob, Video
from videos.services.publishing import tell_worker
from videos.services.subtitles import MOST, language_name, primary
from videos.workshop import Workshop

NICE = 19
UNKNOWN_LANGUAGE = "und"


def want_captions(video: Video) -> None:
    """Queue the writing down of a clip that plays now, where set up; call inside a transaction."""
    if settings.CAPTIONS_COMMAND:
        job = ProcessingJob.objects.create(video=video, stage=ProcessingJob.Stage.CAPTIONS)
        tell_worker(job)


def make_captions(shop: Workshop, video: Video) -> None:
    """Run the program on what is heard in the clip and keep its words; raises MediaError."""
    text = _write_down(shop, video)
    with transaction.atomic():
        Video.objects.select_for_update().get(pk=video.pk)
        shop.lease.finish(ProcessingJob.State.DONE)
        if text is not None:
            _keep(video, *_checked(text))


def _write_down(shop: Workshop, video: Video) -> str | None:
    """Return what the program wrote; None when there is nothing to hear or no need."""
    first = video.renditions.order_by("short_edge").first()
    if first is None or (settings.CAPTIONS_LANGUAGE and _has_own(video, _language(""))):
        return None
    corner = shop.corner("captions")
    clip = shop.bring(first.key, "heard.mp4")
    found = probe(clip, scratch=shop.scratch, limits=shop.limits)
    heard = corner / "captions.wav"
    if found.audio_index is None:
        return None
    audio.wave(clip, heard, ffmpeg=shop.ffmpeg, limits=shop.limits)
    clip.unlink()
    return transcript.write_down(
        heard,
        command=settings.CAPTIONS_COMMAND,
        language=settings.CAPTIONS_LANGUAGE,
        readable=settings.CAPTIONS_FILES,
        limits=_limits(shop.limits),
        on_check=lambda: shop.lease.report(0.0),
    )


def _limits(limits: Limits) -> Limits:
    return replace(
        limits,
        nice=NICE,
        wall_seconds=float(settings.CAPTIONS_SECONDS),
        cpu_seconds=settings.CAPTIONS_SECONDS * limits.threads,
        address_space_bytes=settings.CAPTIONS_MEMORY_BYTES,
        stdout_bytes=webvtt.MAX_BYTES,
    )


def _checked(text: str) -> tuple[str, str | None]:
    """Return language and file as kept, no file when nothing is said; raises MediaError."""
    try:
        if not webvtt.parse(text):
            return "", None
        return _language(text), webvtt.clean(text)
    except Invalid as error:
        detail = "The program for captions wrote no WebVTT."
        raise MediaError("encoder_failed", detail, log=f"{error.errors} {text[:500]}") from error


def _language(text: str) -> str:
    chosen = settings.CAPTIONS_LANGUAGE or webvtt.language(text) or UNKNOWN_LANGUAGE
    return language_name(chosen)


def _has_own(video: Video, lang: str) -> bool:
    own = video.caption_tracks.filter(automatic=False).values_list("lang", flat=True)
    return any(primary(name) == primary(lang) for name in own)


def _keep(video: Video, lang: str, body: str | None) -> None:
    if body is None or _has_own(video, lang):
        return
    rows = CaptionTrack.objects.filter(video=video, lang=lang)
    if not rows.update(body=body, version=F("version") + 1):
        if CaptionTrack.objects.filter(video=video).count() >= MOST:
            return
        CaptionTrack.objects.create(video=video, lang=lang, body=body, automatic=True)
    events.publish(VideoChanged(video.pk))
