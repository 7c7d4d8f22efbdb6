"""Every crash point of the pipeline: die there for real, start again, sweep, and all is well.

What dies is a process of its own with the product's code in it, by `CRASH_AT`; the invariants are
looked at after one sweep, and in the end the video is there exactly once.
"""

import hashlib
import json
import os
import secrets
import shutil
import signal
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from videos.tests.crash.machine import Machine, machines, wait_for
from videos.tests.media import samples

pytestmark = pytest.mark.crash
KILLED = {"signal": signal.SIGKILL}
AWAY = ("database", "storage", "disk")
WIDTHS = [90, 120, 150]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of two rungs."""
    return samples.landscape_h264(tmp_path_factory.mktemp("clip"), size="960x540", seconds=1)


@pytest.fixture(scope="module")
def theatre(
    prepared: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machine]:
    """One product for all tests of this file: each has an author of its own."""
    template, env = prepared
    data = tmp_path_factory.mktemp("theatre") / "data"
    shutil.copytree(template, data)
    yield from machines(data, {**env, "DATA_DIR": str(data)})


@pytest.fixture(scope="module")
def prop(theatre: Machine, clip: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the media tools make of the clip."""
    folder = tmp_path_factory.mktemp("props") / "canned"
    theatre.rehearse("can", str(clip), str(folder))
    return folder


class Stage:
    """One product, one clip, one author, and media tools that answer from the can."""

    def __init__(self, machine: Machine, clip: Path, prop: Path, name: str) -> None:
        self.machine, self.clip, self.name = machine, str(clip), name
        self.canned = {"CANNED": str(prop)}

    def __call__(self, order: str, *arguments: object, **env: str) -> Any:
        return self.machine.rehearse(order, *arguments, **env)

    def dies(self, order: str, *arguments: object, **env: str) -> None:
        """Do something that ends with kill -9."""
        assert self.machine.risk(order, *arguments, **env) == KILLED

    def recover(self) -> None:
        """Start again: leases of the dead run out, one sweep, then the invariants."""
        self("later")
        self("sweep")
        self("check")

    @cached_property
    def token(self) -> str:
        """An access token of the author."""
        return str(self("token", self.name))

    def post(self) -> str:
        return str(self("post", self.name, self.clip))

    def album_is_well(self, video_id: str, attempts: int) -> None:
        """Work until nothing is left to do: all its pictures in their order, once."""
        self("work")
        self("sweep")
        self("check")
        found = self("state", video_id)
        assert (found["processing"], found["published"], found["photos"]) == ("ready", True, WIDTHS)
        assert (found["jobs"], found["videos"]) == ({"playable": ["done", attempts]}, 1)
        # Two sizes of each picture; no source, no output of an attempt that died.
        assert len(self("objects", f"videos/{video_id}/")) == 2 * len(WIDTHS)
        assert self("uploads_of", video_id) == []

    def all_is_well(self, video_id: str) -> dict[str, Any]:
        """Work until nothing is left to do; the video is there, whole, once, and nothing else."""
        for _ in range(2):
            self("work", **self.canned)
            self("later")
            self("sweep")
        self("check")
        found: dict[str, Any] = self("state", video_id)
        assert (found["processing"], found["published"], found["renditions"]) == ("ready", True, 2)
        states = {stage: state for stage, (state, _) in found["jobs"].items()}
        assert states == {"playable": "done", "ladder": "done"}
        # Two renditions, cover, preview and sound; no source, no output of an attempt that died.
        assert len(self("objects", f"videos/{video_id}/")) == 5
        assert self("objects", f"uploads/{found['upload']}/") == []
        return found


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Three pictures, told apart by how wide they are."""
    folder = tmp_path_factory.mktemp("pictures")
    paths = [folder / f"{width}.png" for width in WIDTHS]
    for path, width in zip(paths, WIDTHS, strict=True):
        Image.new("RGB", (width, 60), "teal").save(path)
    return [str(path) for path in paths]


@pytest.fixture
def stage(theatre: Machine, clip: Path, prop: Path) -> Stage:
    return Stage(theatre, clip, prop, f"author_{secrets.token_hex(4)}")


def test_an_upload_dies_at_every_step_and_goes_on(stage: Stage, clip: Path) -> None:
    size = clip.stat().st_size
    stage.dies("create", stage.name, size, "key", CRASH_AT="upload.created")
    stage.recover()
    upload_id = stage("create", stage.name, size, "key")
    for point in ("upload.piece_reserved", "upload.piece_stored"):
        stage.dies("append", stage.name, upload_id, stage.clip, CRASH_AT=point)
        stage.recover()
        assert stage("offset", upload_id) == 0
    stage.dies("append", stage.name, upload_id, stage.clip, CRASH_AT="upload.received")
    stage.recover()
    assert stage("create", stage.name, size, "key") == upload_id
    assert stage("content", upload_id) == hashlib.sha256(clip.read_bytes()).hexdigest()
    # After the commit, before the answer; and before the queue is told.
    for point in ("jobs.committed", "publish.committed"):
        stage.machine.risk("publish", stage.name, upload_id, "once", CRASH_AT=point)
        stage.recover()
    video_id = stage("publish", stage.name, upload_id, "once")
    assert stage("publish", stage.name, upload_id, "once") == video_id
    stage.all_is_well(video_id)


def test_the_queue_is_never_told(stage: Stage, clip: Path) -> None:
    upload_id = stage("create", stage.name, clip.stat().st_size, "key")
    stage("append", stage.name, upload_id, stage.clip)
    stage.dies("publish", stage.name, upload_id, "once", CRASH_AT="jobs.committed")
    assert "videos.process_playable" not in stage("work", **stage.canned)
    stage.recover()
    assert "videos.process_playable" in stage("work", **stage.canned)
    stage.all_is_well(stage("publish", stage.name, upload_id, "once"))


@pytest.mark.parametrize(
    "point,attempts",
    [
        ("worker.claimed", (2, 1)),
        ("playable.stored", (2, 1)),
        ("ladder.rung", (1, 2)),
        ("ladder.stored", (1, 2)),
    ],
)
def test_a_worker_dies(stage: Stage, point: str, attempts: tuple[int, int]) -> None:
    video_id = stage.post()
    stage.dies("work", CRASH_AT=point, **stage.canned)
    if attempts == (1, 2):
        assert stage("state", video_id)["published"]
    stage.recover()
    jobs = stage.all_is_well(video_id)["jobs"]
    assert (jobs["playable"][1], jobs["ladder"][1]) == attempts


def test_a_worker_dies_over_another_cover(stage: Stage) -> None:
    video_id = stage.post()
    stage("work", **stage.canned)
    first = set(stage("objects", f"videos/{video_id}/"))
    stage("ask_for_cover", stage.name, video_id)
    stage.dies("work", CRASH_AT="cover.stored", **stage.canned)
    stage.recover()
    stage("work", **stage.canned)
    stage("later")
    stage("sweep")
    stage("check")
    assert stage("state", video_id)["jobs"]["cover"] == ["done", 2]
    # One cover went, one came; nothing of the attempt that died.
    kept = set(stage("objects", f"videos/{video_id}/"))
    assert (len(kept), len(kept & first)) == (5, 4)


@pytest.mark.parametrize("program", ["probe_child", "360.mp4"])
def test_a_worker_dies_while_its_decoder_runs(stage: Stage, program: str) -> None:
    video_id = stage.post()
    stage.dies("work", DIE_WITH=program)
    wait_for(lambda: not stage.machine.decoders(), what="the decoder to die with its worker")
    stage.recover()
    stage.all_is_well(video_id)


def test_a_worker_dies_while_a_program_writes_captions(stage: Stage, tmp_path: Path) -> None:
    program = tmp_path / "write-down"
    program.write_text("#!/bin/sh\nwhile :; do sleep 0.1; done\n")
    program.chmod(0o755)
    env = {**stage.canned, "CAPTIONS_PROGRAM": str(program)}
    video_id = stage.post()
    stage.dies("work", DIE_WITH="write-down", **env)
    wait_for(lambda: not stage.machine.decoders("write-down"), what="the program to die")
    assert stage("state", video_id)["published"]
    program.write_text("#!/bin/sh\nprintf 'WEBVTT\\n\\n00:00.000 --> 00:00.900\\nHello'\n")
    stage.recover()
    stage("work", **env)
    found = stage("state", video_id)
    assert (found["jobs"]["captions"], found["captions"]) == (["done", 2], ["und"])


@pytest.mark.parametrize(
    "point,name", [("playable.stored", "playable"), ("ladder.stored", "ladder")]
)
def test_a_frozen_worker_cannot_overwrite(stage: Stage, point: str, name: str) -> None:
    video_id = stage.post()
    frozen = stage.machine.risk("work", CRASH_AT=f"stop:{point}", **stage.canned)["stopped"]
    stage.recover()
    stage("work_on", video_id, name, **stage.canned)
    before = stage("objects", f"videos/{video_id}/{name[0]}2/")
    assert before
    assert "value" in stage.machine.wake(frozen)
    found = stage.all_is_well(video_id)
    assert found["jobs"][name] == ["done", 2]
    assert stage("objects", f"videos/{video_id}/{name[0]}2/") == before
    # Of the first attempt stays what it had shown before it froze, and nothing else.
    shown = [f"videos/{video_id}/l1/540.mp4"] if name == "ladder" else []
    assert stage("objects", f"videos/{video_id}/{name[0]}1/") == shown


def test_its_owner_deletes_a_video_under_a_frozen_worker(stage: Stage) -> None:
    video_id = stage.post()
    frozen = stage.machine.risk("work", CRASH_AT="stop:playable.stored", **stage.canned)["stopped"]
    stage("delete", stage.name, video_id)
    status, _, _ = stage("call", "GET", f"/api/v1/videos/{video_id}", stage.token, {})
    assert status == 404
    assert "value" in stage.machine.wake(frozen)
    for _ in range(2):
        stage("sweep")
    stage("check")
    assert stage("objects", f"videos/{video_id}/") == []


def test_between_the_object_and_its_row(stage: Stage) -> None:
    video_id = stage.post()
    stage("work", **stage.canned)
    stage("delete", stage.name, video_id)
    stage.dies("sweep", CRASH_AT="files.object_deleted")
    stage.recover()
    assert stage("objects", f"videos/{video_id}/") == []


def test_a_poison_that_kills_its_worker_does_not_hold_up_twenty_others(stage: Stage) -> None:
    ids = stage("posts", stage.name, stage.clip, 21)
    poison = ids.pop(10)
    for _ in range(4):
        # Whoever touches the poison dies; all others are as good as ever.
        stage.machine.risk("work", POISON=poison, **stage.canned)
        stage("later")
        stage("sweep")
    stage("check")
    assert stage("state", poison)["processing"] == "failed"
    assert stage("published", ids) == 20


@pytest.mark.parametrize("broken", AWAY)
def test_what_is_away_is_503_and_a_retry_converges(stage: Stage, clip: Path, broken: str) -> None:
    size = str(clip.stat().st_size)
    begin = {"Upload-Length": size, "Idempotency-Key": "key"}
    post = {"json": json.dumps({"caption": "x"}), "Idempotency-Key": "once"}

    def step(method: str, path: str, headers: dict[str, str], file: str = "") -> Any:
        status, told, body = stage("call", method, path, stage.token, headers, file, BROKEN=broken)
        if status == 503:
            assert int(told["Retry-After"]) > 0
            assert body["code"] == "unavailable"
            refused.append(method)
            stage("check")
        status, told, body = stage("call", method, path, stage.token, headers, file)
        assert status < 300, body
        return told, body

    refused: list[str] = []
    told, _ = step("POST", "/api/v1/uploads", begin)
    step("PATCH", told["Location"], {"Upload-Offset": "0"}, stage.clip)
    upload_id = told["Location"].rsplit("/", 1)[1]
    post["json"] = json.dumps({"upload_id": upload_id})
    _, video = step("POST", "/api/v1/videos", post)
    # Storage is needed by the bytes alone; a full disk takes a database on it along.
    everything = broken == "database" or (broken == "disk" and "DATABASE_URL" not in os.environ)
    assert refused == (["POST", "PATCH", "POST"] if everything else ["PATCH"])
    stage.all_is_well(video["id"])


@pytest.mark.parametrize("point", ["jobs.committed", "publish.committed"])
def test_an_album_is_posted_and_nobody_hears_of_it(
    stage: Stage, pictures: list[str], point: str
) -> None:
    stage.dies("album", stage.name, pictures, "once", CRASH_AT=point)
    stage.recover()
    video_id = stage("album", stage.name, pictures, "once")
    assert stage("album", stage.name, pictures, "once") == video_id
    stage.album_is_well(video_id, attempts=1)


@pytest.mark.parametrize("point", ["worker.claimed", "album.picture1", "album.stored"])
def test_a_worker_dies_over_an_album(stage: Stage, pictures: list[str], point: str) -> None:
    video_id = stage("album", stage.name, pictures, "once")
    stage.dies("work", CRASH_AT=point)
    found = stage("state", video_id)
    assert (found["published"], found["photos"]) == (False, [])
    stage.recover()
    stage.album_is_well(video_id, attempts=2)


def test_a_worker_dies_over_an_album_with_a_sound(stage: Stage, pictures: list[str]) -> None:
    clip_id = stage.post()
    stage("work", **stage.canned)
    sound_id = stage("state", clip_id)["sound"]
    video_id = stage("album", stage.name, pictures, "once", sound_id)
    stage.dies("work", CRASH_AT="album.stored")
    # Its clip goes away before the second try: the pictures come out all the same, in silence.
    stage("delete", stage.name, clip_id)
    stage.recover()
    stage.album_is_well(video_id, attempts=2)
    told = stage("call", "GET", f"/api/v1/videos/{video_id}", stage.token, {})
    assert (told[0], told[2]["sound"]) == (200, None)
    assert stage("objects", f"videos/{clip_id}/") == []


def test_an_album_under_a_frozen_worker(stage: Stage, pictures: list[str]) -> None:
    video_id = stage("album", stage.name, pictures, "once")
    frozen = stage.machine.risk("work", CRASH_AT="stop:album.picture1")["stopped"]
    stage.recover()
    stage("work_on", video_id, "playable")
    assert "value" in stage.machine.wake(frozen)
    stage.album_is_well(video_id, attempts=2)
    assert len(stage("objects", f"videos/{video_id}/p2/")) == 2 * len(WIDTHS)
