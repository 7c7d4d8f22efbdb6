"""What workers do: real clips in, published videos out, and every way in which that ends badly."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live
from django.utils import timezone

from accounts.models import User
from conftest import ApiOf
from core import storage
from core.errors import Conflict
from core.models import StoredFile
from core.testing import run_jobs
from videos import leases, playback, policies, services
from videos.leases import LeaseLost, Stage
from videos.media import transcode
from videos.media.ladder import plan
from videos.models import ProcessingJob, Rendition, UploadChunk, Video
from videos.services import processing, sweeping
from videos.tests.factories import clip, fake_file, posted
from videos.tests.invariants import check_invariants
from videos.tests.media import samples

pytestmark = pytest.mark.django_db


def test_a_clip_is_playable_first_then_complete(alice: User) -> None:
    video = posted(alice, clip("960x540"), caption="#real")
    processing.process_playable(video_id=video.pk)
    video.refresh_from_db()
    assert (video.processing_state, video.error_code) == ("ready", "")
    assert video.published_at is not None
    assert [source["height"] for source in playback.sources(video)] == [360]
    assert (video.width, video.height, len(video.blurhash) > 6) == (960, 540, True)
    assert policies.can_view(None, video)
    assert run_jobs().count("videos.process_ladder") == 1
    video = Video.objects.get()
    assert [source["height"] for source in playback.sources(video)] == [360, 540]
    assert playback.preview_url(video)
    assert UploadChunk.objects.count() == 0
    sweeping.sweep()
    check_invariants()
    live_files = StoredFile.objects.exclude(state="deleted")
    assert set(live_files.values_list("state", flat=True)) == {"referenced"}
    assert list(live.SCRATCH_DIR.glob("job-*")) == []


@pytest.mark.parametrize(
    "make,code",
    [
        (samples.random_after_ftyp, "corrupt"),
        (samples.without_moov, "corrupt"),
        (samples.sound_only, "no_video"),
        (samples.hundred_hours, "too_long"),
    ],
)
def test_a_bad_file_fails_with_a_reason(
    alice: User, api: ApiOf, tmp_path: Path, make: Callable[[Path], Path], code: str
) -> None:
    video = posted(alice, make(tmp_path).read_bytes())
    run_jobs()
    answer = api(alice).get(f"/api/v1/videos/{video.pk}/status").json()
    assert (answer["processing_state"], answer["error"]["code"]) == ("failed", code)
    assert "/" not in answer["error"]["detail"]
    assert answer["error"]["detail"].endswith(".")
    check_invariants()


@pytest.mark.parametrize(
    "make",
    [samples.portrait_hevc_mov, samples.web_safe_with_gps, samples.vp9_webm, samples.silent],
    ids=lambda make: make.__name__,
)
def test_what_people_upload_plays_and_tells_no_place(
    alice: User, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    video = posted(alice, make(tmp_path).read_bytes())
    run_jobs()
    video.refresh_from_db()
    assert (video.processing_state, video.error_code) == ("ready", "")
    assert video.width is not None
    assert video.height is not None
    assert (video.height > video.width) == (make is samples.portrait_hevc_mov)
    derived = StoredFile.objects.filter(key__startswith="videos/", state="referenced")
    assert derived.count() >= 3
    for stored in derived:
        body = b"".join(storage.read(stored.key))
        assert not any(trace in body for trace in samples.GPS_TRACES), stored.key


def test_the_first_rendition_of_everybody_comes_before_the_second_of_anybody(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    early = posted(alice)
    processing.process_playable(video_id=early.pk)
    late = posted(alice)
    order: list[int] = []
    render = transcode.render

    def noted(source: Path, rung: Any, *args: Any, **kwargs: Any) -> Any:
        order.append(kwargs["limits"].nice)
        return render(source, rung, *args, **kwargs)

    monkeypatch.setattr(transcode, "render", noted)
    monkeypatch.setattr(processing, "plan", two_rungs)
    processing.process_ladder(video_id=early.pk)
    late.refresh_from_db()
    assert late.processing_state == "ready"
    # Its first, then our second; and what nobody waits for steps aside for what somebody does.
    assert order == [5, 15]


def two_rungs(found: Any) -> list[Any]:
    (first,) = plan(found)
    second = replace(first, short_edge=358, height=358, mode="encode")
    return [first, second]


def test_what_the_first_stage_found_out_is_not_looked_for_again(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = posted(alice)
    processing.process_playable(video_id=video.pk)
    findings = ProcessingJob.objects.get(stage="ladder").findings
    assert findings["probe"]["width"] == 640
    monkeypatch.setattr("videos.workshop.probe", pytest.fail)
    monkeypatch.setattr("videos.workshop.measure_loudness", pytest.fail)
    processing.process_ladder(video_id=video.pk)
    assert ProcessingJob.objects.get(stage="ladder").state == "done"


def test_findings_of_another_version_are_looked_for_again(alice: User) -> None:
    video = posted(alice)
    processing.process_playable(video_id=video.pk)
    ProcessingJob.objects.filter(stage="ladder").update(findings={"probe": {"old": 1}})
    processing.process_ladder(video_id=video.pk)
    assert ProcessingJob.objects.get(stage="ladder").state == "done"


def test_poison_does_not_hold_up_the_others(alice: User, tmp_path: Path) -> None:
    poison = posted(alice, samples.without_moov(tmp_path).read_bytes())
    good = [posted(alice) for _ in range(3)]
    run_jobs()
    states = dict(Video.objects.values_list("pk", "processing_state"))
    assert states == {poison.pk: "failed", **{video.pk: "ready" for video in good}}


def test_a_failed_video_can_be_tried_again(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    video = posted(alice)
    monkeypatch.setattr(live, "FFMPEG", "/bin/false")
    for _ in range(3):
        processing.process_playable(video_id=video.pk)
        video.refresh_from_db()
    assert (video.processing_state, video.error_code) == ("failed", "encoder_failed")
    monkeypatch.undo()
    services.retry_video(actor=alice, video_id=video.pk)
    run_jobs()
    video.refresh_from_db()
    assert video.processing_state == "ready"
    with pytest.raises(Conflict):
        services.retry_video(actor=alice, video_id=video.pk)


def break_storage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the storage away, as a full disk or an unreachable bucket would."""

    def refuse(key: str, path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.storage.save_path", refuse)


def test_our_own_faults_are_tried_three_times_then_told(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = posted(alice)
    break_storage(monkeypatch)
    for tries in (1, 2, 3):
        processing.process_playable(video_id=video.pk)
        video.refresh_from_db()
        job = ProcessingJob.objects.get()
        assert job.tries == tries
        assert video.processing_state == ("queued" if tries < 3 else "failed")
    assert video.error_code == "processing_error"
    processing.process_playable(video_id=video.pk)
    assert ProcessingJob.objects.get().attempt == 3
    monkeypatch.undo()
    services.retry_video(actor=alice, video_id=video.pk)
    run_jobs()
    video.refresh_from_db()
    assert video.processing_state == "ready"
    sweeping.sweep()
    check_invariants()


def test_a_ladder_that_fails_leaves_the_video_ready(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = posted(alice, clip("960x540"))
    processing.process_playable(video_id=video.pk)
    monkeypatch.setattr(live, "FFMPEG", "/bin/false")
    processing.process_ladder(video_id=video.pk)
    video.refresh_from_db()
    assert (video.processing_state, video.error_code) == ("ready", "")
    assert video.published_at is not None
    assert Rendition.objects.count() == 1
    assert ProcessingJob.objects.get(stage="ladder").state == "failed"
    assert UploadChunk.objects.count() == 0
    sweeping.sweep()
    check_invariants()


def test_a_zombie_cannot_overwrite(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker sleeps past its lease; another publishes; the first one wakes up."""
    video = posted(alice)
    render = transcode.render

    def slow(*args: Any, **kwargs: Any) -> Any:
        made = render(*args, **kwargs)
        monkeypatch.setattr(transcode, "render", render)
        ProcessingJob.objects.update(lease_expires_at=timezone.now() - dt.timedelta(seconds=1))
        assert sweeping.release_expired_leases() == 1
        processing.process_playable(video_id=video.pk)
        return made

    monkeypatch.setattr(transcode, "render", slow)
    processing.process_playable(video_id=video.pk)
    job = ProcessingJob.objects.get(stage="playable")
    assert (job.state, job.attempt) == ("done", 2)
    rendition = Rendition.objects.get()
    assert rendition.key.startswith(f"videos/{video.pk}/p2/")
    sweeping.sweep()
    check_invariants()
    assert not StoredFile.objects.filter(
        key__startswith=f"videos/{video.pk}/p1/", state="referenced"
    ).exists()


def test_a_worker_stops_when_the_video_is_deleted(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = posted(alice)
    render = transcode.render

    def delete_meanwhile(*args: Any, **kwargs: Any) -> Any:
        services.delete_video(actor=alice, video_id=video.pk)
        return render(*args, **kwargs)

    monkeypatch.setattr(transcode, "render", delete_meanwhile)
    processing.process_playable(video_id=video.pk)
    assert Rendition.objects.count() == 0
    video.refresh_from_db()
    assert video.published_at is None
    sweeping.sweep()
    sweeping.sweep()
    check_invariants()
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"deleted"}


def test_the_heartbeat_renews_tells_and_notices(alice: User, settings: Any) -> None:
    settings.PROCESSING_LEASE = dt.timedelta(seconds=4)
    video = posted(alice, fake_file(5_000))
    lease = leases.claim(video_id=video.pk, stage=Stage.PLAYABLE)
    assert lease is not None
    assert leases.claim(video_id=video.pk, stage=Stage.PLAYABLE) is None
    lease.report(0.5)
    video.refresh_from_db()
    assert video.progress == 0.0
    before = ProcessingJob.objects.get().lease_expires_at
    assert before is not None
    lease.beat_at -= 1.1
    lease.report(0.5)
    video.refresh_from_db()
    assert video.progress == 0.5
    assert (ProcessingJob.objects.get().lease_expires_at or before) > before
    ProcessingJob.objects.update(attempt=7)
    lease.beat_at -= 1.1
    with pytest.raises(LeaseLost):
        lease.report(0.6)


def test_drafts_and_scheduled_videos_wait(alice: User, bob: User) -> None:
    draft = posted(alice, draft=True)
    later = posted(alice, publish_at=timezone.now() + dt.timedelta(hours=1))
    run_jobs()
    for video in (draft, later):
        video.refresh_from_db()
        assert video.processing_state == "ready"
        assert not policies.can_view(bob, video)
    assert draft.published_at is None
    past = timezone.now() - dt.timedelta(seconds=1)
    Video.objects.filter(pk=later.pk).update(scheduled_for=past, published_at=past)
    assert sweeping.sweep().announced == 1
    assert sweeping.sweep().announced == 0
    assert policies.can_view(bob, later)


def test_tasks_for_nothing_do_nothing(alice: User) -> None:
    video = posted(alice)
    run_jobs()
    before = list(StoredFile.objects.values_list("key", "state"))
    processing.process_playable(video_id=video.pk)
    processing.process_ladder(video_id=video.pk)
    processing.process_playable(video_id=alice.pk)
    assert list(StoredFile.objects.values_list("key", "state")) == before
