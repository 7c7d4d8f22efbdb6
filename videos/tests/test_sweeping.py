"""The sweeper's duties that no other test meets."""

import datetime as dt
import os
import shutil
import time

import pytest
from django.conf import settings as live
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from core import files, testing
from core.errors import Conflict
from core.models import StoredFile
from core.testing import commit, run_jobs
from videos import leases, services
from videos.leases import Stage
from videos.models import ProcessingJob, Upload, UploadChunk, Video
from videos.services import processing, sweeping
from videos.tests.factories import fake_file, posted, received
from videos.tests.invariants import check_invariants

pytestmark = pytest.mark.django_db


def test_a_lost_message_is_sent_again_but_not_at_once(alice: User) -> None:
    posted(alice, fake_file(5_000))
    commit()
    testing.purge_jobs()
    assert sweeping.sweep().told == 0
    ProcessingJob.objects.update(queued_at=timezone.now() - dt.timedelta(seconds=11))
    assert sweeping.sweep().told == 1
    assert sweeping.sweep().told == 0
    assert run_jobs() == ["videos.process_playable"]


def test_a_backlog_does_not_flood_the_broker(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "TOLD_AGAIN", 2)
    for _ in range(3):
        posted(alice, fake_file(5_000))
    ProcessingJob.objects.update(queued_at=timezone.now() - dt.timedelta(minutes=1))
    assert [sweeping.tell_workers_again() for _ in range(3)] == [2, 1, 0]


def test_a_dead_workers_job_is_given_to_the_next_three_times(alice: User) -> None:
    video = posted(alice, fake_file(5_000))
    for attempt in (1, 2, 3):
        lease = leases.claim(video_id=video.pk, stage=Stage.PLAYABLE)
        assert lease is not None
        assert lease.attempt == attempt
        files.reserve(owner_id=alice.pk, purpose="test", key=f"{lease.folder}360.mp4", size=1)
        assert sweeping.sweep().leases == 0
        ProcessingJob.objects.update(lease_expires_at=timezone.now() - dt.timedelta(seconds=1))
        assert sweeping.sweep().leases == 1
        video.refresh_from_db()
        check_invariants()
    assert (video.processing_state, video.error_code) == ("failed", "processing_error")
    assert video.error_detail
    outputs = StoredFile.objects.filter(key__startswith="videos/")
    assert set(outputs.values_list("state", flat=True)) == {"deleted"}


def test_a_dead_ladder_keeps_what_it_had_published(alice: User) -> None:
    video = posted(alice)
    processing.process_playable(video_id=video.pk)
    lease = leases.claim(video_id=video.pk, stage=Stage.LADDER)
    assert lease is not None
    ProcessingJob.objects.filter(stage="ladder").update(
        lease_expires_at=timezone.now() - dt.timedelta(seconds=1)
    )
    sweeping.sweep()
    video.refresh_from_db()
    assert video.processing_state == "ready"
    check_invariants()
    ProcessingJob.objects.filter(stage="ladder").update(
        queued_at=timezone.now() - dt.timedelta(minutes=1)
    )
    sweeping.sweep()
    run_jobs()
    assert ProcessingJob.objects.get(stage="ladder").state == "done"


def test_sources_of_failed_videos_are_kept_a_week(alice: User) -> None:
    video = posted(alice, fake_file(5_000))
    run_jobs()
    sweeping.sweep()
    assert UploadChunk.objects.count() == 1
    ProcessingJob.objects.update(finished_at=timezone.now() - dt.timedelta(days=8))
    assert sweeping.sweep().sources == 1
    assert UploadChunk.objects.count() == 0
    with pytest.raises(Conflict) as caught:
        services.retry_video(actor=alice, video_id=video.pk)
    assert caught.value.code == "source_gone"
    video.refresh_from_db()
    assert video.processing_state == "failed"


def test_old_scratch_goes_and_new_scratch_stays() -> None:
    old_file, old_folder = live.SCRATCH_DIR / "upload-old", live.SCRATCH_DIR / "job-old"
    young = live.SCRATCH_DIR / "job-young"
    old_file.write_bytes(b"x")
    for folder in (old_folder, young):
        (folder / "deep").mkdir(parents=True)
    past = time.time() - 25 * 3600
    for path in (old_file, old_folder):
        os.utime(path, (past, past))
    assert sweeping.clear_scratch() == 2
    assert not old_file.exists()
    assert not old_folder.exists()
    assert young.exists()
    shutil.rmtree(young)


def test_sweeping_twice_changes_nothing(alice: User, capsys: pytest.CaptureFixture[str]) -> None:
    received(alice, fake_file(5_000))
    posted(alice, fake_file(5_000))
    call_command("sweep")
    before = [list(model.objects.values()) for model in (Upload, Video, StoredFile)]
    call_command("sweep")
    assert [list(model.objects.values()) for model in (Upload, Video, StoredFile)] == before
    assert "leases=0" in capsys.readouterr().out


def test_what_a_dying_worker_stored_for_a_deleted_video_goes(alice: User) -> None:
    video = posted(alice, fake_file(5_000))
    lease = leases.claim(video_id=video.pk, stage=Stage.PLAYABLE)
    assert lease is not None
    services.delete_video(actor=alice, video_id=video.pk)
    files.reserve(owner_id=alice.pk, purpose="test", key=f"{lease.folder}360.mp4", size=1)
    sweeping.sweep()
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"deleted"}
