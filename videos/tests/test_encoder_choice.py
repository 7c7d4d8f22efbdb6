"""An encoder that ffmpeg has and this machine cannot run: said at start, and no video fails."""

import logging
import shutil
import subprocess
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from core.testing import run_jobs
from videos import encoder_choice, workshop
from videos.media.ffmpeg import ffmpeg_path
from videos.models import Video
from videos.tests.factories import clip, posted

pytestmark = pytest.mark.django_db
BROKEN = "h264_nvenc"


@pytest.fixture(autouse=True)
def without_the_device(settings: Any) -> None:
    """Choose an encoder that is compiled in and whose device is not here."""
    listed = subprocess.run(
        [ffmpeg_path(), "-encoders"], capture_output=True, text=True, check=True
    )
    if BROKEN not in listed.stdout or shutil.which("nvidia-smi"):
        pytest.skip(f"needs an ffmpeg with {BROKEN} on a machine without its device")
    settings.VIDEO_ENCODER = BROKEN
    encoder_choice._problem.cache_clear()


def worker_of(*queues: str) -> Any:
    found = SimpleNamespace(consume_from=dict.fromkeys(queues))
    return SimpleNamespace(app=SimpleNamespace(amqp=SimpleNamespace(queues=found)))


def test_it_is_said_at_start_and_videos_are_made_in_software(
    alice: User, caplog: pytest.LogCaptureFixture, client: Client, capsys: Any
) -> None:
    with caplog.at_level(logging.WARNING, "videos.encoder_choice"):
        encoder_choice.try_at_start(worker_of("default", "captions"))
        assert not caplog.records
        encoder_choice.try_at_start(worker_of("default", "media"))
        encoder_choice.try_at_start(worker_of("ladder"))
    (record,) = caplog.records  # once in a process, with ffmpeg's own words
    said = record.getMessage()
    assert said.startswith(f"{BROKEN} does not work on this machine: libx264 is used instead (")
    assert len(said) > 100
    assert client.get("/readyz").json()["encoder"] == f"libx264 ({BROKEN} does not work here)"
    call_command("check", deploy=True)
    assert "videos.W001" in capsys.readouterr().err
    posted(alice, clip("960x540"))
    run_jobs()
    assert Video.objects.get().renditions.count() == 2


def test_a_device_that_gives_up_later_costs_no_video(
    alice: User, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # As after a driver that died since the worker started.
    monkeypatch.setattr(workshop, "encoder", lambda: BROKEN)
    posted(alice, clip("960x540"))
    run_jobs()
    assert Video.objects.get().renditions.count() == 2
    assert f"{BROKEN} failed, done in software" in capfd.readouterr().err


def test_what_works_is_used_without_a_word(
    settings: Any, caplog: pytest.LogCaptureFixture, client: Client
) -> None:
    settings.VIDEO_ENCODER = "libx264"
    encoder_choice.try_at_start(worker_of("media"))
    assert (encoder_choice.encoder(), encoder_choice.check(), caplog.records) == ("libx264", [], [])
    assert client.get("/readyz").json()["encoder"] == "libx264"
