"""Captions that a program writes: beside the author's own, and never in the way of the clip.

The programs are real ones, in scripts of a few lines that stand for what an operator sets up.
"""

import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf, BrowserOf
from core.testing import run_jobs
from videos import services
from videos.leases import LeaseLost
from videos.media import transcript
from videos.media.limits import Limits
from videos.models import CaptionTrack, ProcessingJob, Video
from videos.services import processing, sweeping
from videos.tests.factories import posted
from videos.tests.invariants import check_invariants

pytestmark = pytest.mark.django_db
OWN = "WEBVTT\n\n00:00.000 --> 00:01.000\nMine"
SAYS = 'print("WEBVTT\\n\\nNOTE language: pt-BR\\n\\n00:00.000 --> 00:00.900\\nOlá <b>você</b>")'
Setup = Callable[..., None]


@pytest.fixture
def program(tmp_path: Path, settings: Any) -> Setup:
    """Set up a program of these lines of Python, called as `... {audio} {output} {language}`."""

    def set_up(*lines: str, seconds: int = 30) -> None:
        path = tmp_path / "write-down"
        path.write_text("\n".join([f"#!{sys.executable} -ISB", "import os, sys, time", *lines]))
        path.chmod(0o755)
        settings.CAPTIONS_COMMAND = [str(path), "{audio}", "{output}", "{language}"]
        settings.CAPTIONS_SECONDS = seconds

    return set_up


def stage() -> ProcessingJob:
    return ProcessingJob.objects.get(stage="captions")


def test_off_unless_set_up(alice: User) -> None:
    posted(alice)
    assert "videos.process_captions" not in run_jobs()
    assert not ProcessingJob.objects.filter(stage="captions").exists()


def test_a_program_writes_them_and_the_author_has_the_last_word(
    alice: User, bob: User, api: ApiOf, browser: BrowserOf, anon: APIClient, program: Setup
) -> None:
    program(SAYS)
    video = posted(alice)
    assert "videos.process_captions" in run_jobs()
    assert (stage().state, stage().tries) == ("done", 1)
    path = f"/api/v1/videos/{video.pk}/captions"
    (track,) = anon.get(path).json()["results"]
    assert (track["lang"], track["automatic"]) == ("pt-br", True)
    assert "Olá você" in anon.get(track["url"]).content.decode()
    assert (
        'label="pt-br (automatic)"'
        in browser(bob).get(f"/@alice/video/{video.pk}").content.decode()
    )
    assert "Automatic</span>" in browser(alice).get(f"/studio/{video.pk}").content.decode()
    check_invariants()
    # Its author corrects it, or has another file of the same language: the program's is gone.
    assert api(alice).put(f"{path}/pt-br", {"body": OWN}).json()["automatic"] is False
    CaptionTrack.objects.update(automatic=True)
    api(alice).put(f"{path}/pt", {"body": OWN})
    assert [row["lang"] for row in anon.get(path).json()["results"]] == ["pt"]
    # It is not written twice, and what its author took away does not come back.
    assert api(alice).delete(f"{path}/pt").status_code == 204
    processing.process_captions(video_id=video.pk)
    sweeping.sweep()
    run_jobs()
    assert not CaptionTrack.objects.exists()


def test_what_the_author_wrote_meanwhile_stands(alice: User, program: Setup) -> None:
    program(SAYS)
    video = posted(alice)
    processing.process_playable(video_id=video.pk)
    services.put_captions(actor=alice, video_id=video.pk, lang="pt", body=OWN)
    run_jobs()
    assert stage().state == "done"
    track = CaptionTrack.objects.get()
    assert (track.lang, track.automatic, "Mine" in track.body) == ("pt", False, True)


def test_the_program_hears_speech_quality_and_may_write_a_file(
    alice: User, program: Setup, settings: Any, tmp_path: Path
) -> None:
    settings.CAPTIONS_LANGUAGE = "vi"
    secret = tmp_path / "secret"
    secret.write_text("of the operator")
    program(
        "import wave",
        "with wave.open(sys.argv[1]) as heard:",
        "    facts = (heard.getframerate(), heard.getnchannels(), heard.getsampwidth())",
        "try:",
        f"    facts += (open({str(secret)!r}).read(),)",
        "except OSError:",
        "    facts += (sys.argv[3],)",
        "with open(sys.argv[2] + '.vtt', 'w') as file:",
        "    file.write('WEBVTT\\n\\n00:00.000 --> 00:00.900\\n' + repr(facts))",
    )
    posted(alice)
    run_jobs()
    track = CaptionTrack.objects.get()
    assert track.lang == "vi"
    assert "(16000, 1, 2, 'vi')" in track.body


@pytest.mark.parametrize(
    "lines,tries",
    [
        (["time.sleep(60)"], 1),
        (["print('Once upon a time')"], 1),
        (["while True:", "    sys.stdout.write('x' * 65536)"], 1),
        (["open(sys.argv[2] + '.vtt', 'w').write('x' * 300000)"], 1),
        (["os.symlink('/etc/passwd', sys.argv[2] + '.vtt')"], 1),
        (["sys.exit('out of memory')"], 3),
    ],
    ids=["hangs", "garbage", "endless", "huge", "link", "fails"],
)
def test_a_program_that_does_badly_costs_the_clip_nothing(
    alice: User, program: Setup, lines: list[str], tries: int
) -> None:
    program(*lines, seconds=2)
    video = posted(alice)
    started = time.monotonic()
    run_jobs()
    assert time.monotonic() - started < 30
    assert (stage().state, stage().tries) == ("failed", tries)
    video = Video.objects.get()
    assert (video.processing_state, video.error_code, video.progress) == ("ready", "", 1.0)
    assert video.published_at is not None
    assert not CaptionTrack.objects.exists()
    check_invariants()


def test_a_lost_message_or_worker_is_made_good_and_a_deleted_clip_is_let_be(
    alice: User, program: Setup, settings: Any, tmp_path: Path
) -> None:
    program(SAYS)
    video = posted(alice)
    processing.process_playable(video_id=video.pk)
    past = timezone.now() - timedelta(minutes=5)
    ProcessingJob.objects.filter(stage="captions").update(
        state="running", attempt=1, tries=1, lease_expires_at=past
    )
    sweeping.sweep()
    run_jobs()
    assert (stage().state, stage().tries) == ("done", 2)
    assert CaptionTrack.objects.get().automatic
    # Of a clip that is deleted meanwhile nothing is written, and a program that runs is ended.
    other = posted(alice)
    processing.process_playable(video_id=other.pk)
    services.delete_video(actor=alice, video_id=other.pk)
    processing.process_captions(video_id=other.pk)
    assert CaptionTrack.objects.count() == 1
    program("time.sleep(60)")
    started = time.monotonic()

    def gone() -> None:
        if time.monotonic() - started > 0.5:
            raise LeaseLost

    heard = tmp_path / "heard" / "captions.wav"
    heard.parent.mkdir()
    with pytest.raises(LeaseLost):
        transcript.write_down(
            heard,
            command=settings.CAPTIONS_COMMAND,
            language="",
            readable=(),
            limits=Limits(),
            on_check=gone,
        )
    assert time.monotonic() - started < 5
