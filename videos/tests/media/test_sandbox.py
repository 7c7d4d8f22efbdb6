"""What a tool may do that has gone wrong: little, and not for long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from videos.media import bubblewrap, landlock, sandbox
from videos.media.errors import MediaError
from videos.media.ffmpeg import ffmpeg_path
from videos.media.limits import Limits
from videos.tests.media.conftest import Kit

ROOT = Path(__file__).resolve().parents[3]


PATIENT = 60.0  # seconds: on a busy machine one second of CPU takes many of the clock's


@pytest.fixture(params=["auto", "rlimits"])
def tight(request: pytest.FixtureRequest) -> Limits:
    return Limits(
        sandbox=request.param,
        wall_seconds=1.5,
        cpu_seconds=1,
        output_bytes=4_000_000,
        processes=12,
    )


def stub(scratch: Path, script: str) -> str:
    """A program in ffmpeg's place."""
    path = scratch / "stub-ffmpeg"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def running(mark: str) -> list[int]:
    """The processes whose command line holds ``mark``."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if mark.encode() in line:
                found.append(int(entry.name))
    return found


def gone(mark: str, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while running(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not running(mark)


# Whichever limit the row is about is the tight one: the other must not be reached before it.
@pytest.mark.parametrize(
    "script, code, wall_seconds",
    [
        ("sleep 77{mark}", "timed_out", 1.5),
        ("trap '' TERM INT; while :; do sleep 77{mark}; done", "timed_out", 1.5),
        ("while :; do sleep 77{mark} & done", "resource_limit", PATIENT),
        ("while :; do :; done # {mark}", "resource_limit", PATIENT),
        ("yes {mark} > big", "resource_limit", PATIENT),
        ("while :; do i=$((i+1)); head -c 500000 /dev/zero > f$i; done", "resource_limit", PATIENT),
        ("yes {mark}", "timed_out|resource_limit", 1.5),
        ("sleep 77{mark} & yes > /dev/null", "timed_out|resource_limit", 1.5),
    ],
    ids=["hangs", "ignores", "forks", "spins", "fills-a-file", "many-files", "talks", "orphans"],
)
def test_a_tool_gone_wrong_is_ended_with_all_it_started(
    tmp_path: Path, tight: Limits, script: str, code: str, wall_seconds: float
) -> None:
    mark = f"1{uuid4().int % 10**8:08d}"
    limits = replace(tight, wall_seconds=wall_seconds)
    with pytest.raises(MediaError) as failure:
        sandbox.run([stub(tmp_path, script.format(mark=mark))], scratch=tmp_path, limits=limits)
    assert failure.value.code in code.split("|")
    assert gone(mark)


def test_memory_is_bounded(tmp_path: Path, tight: Limits) -> None:
    hungry = [sys.executable, "-c", "x = bytearray(2_000_000_000)"]
    little = replace(tight, address_space_bytes=500_000_000)
    done = sandbox.run(hungry, scratch=tmp_path, limits=little)
    assert done.returncode == 1
    assert "MemoryError" in done.stderr


def test_what_it_says_is_kept_to_its_end(tmp_path: Path, tight: Limits) -> None:
    done = sandbox.run(
        [stub(tmp_path, "head -c 900000 /dev/zero | tr '\\0' a; echo end; echo oops >&2; exit 3")],
        scratch=tmp_path,
        limits=tight,
    )
    assert done.returncode == 3
    assert done.stdout.endswith("aend\n")
    assert len(done.stdout) <= 256 * 1024
    assert done.stderr == "oops\n"


def test_lines_come_as_they_are_said(tmp_path: Path, tight: Limits) -> None:
    lines: list[str] = []
    program = stub(tmp_path, "printf 'a=1\\nb='; printf '2\\n'")
    sandbox.run([program], scratch=tmp_path, limits=tight, on_stdout_line=lines.append)
    assert lines == ["a=1", "b=2"]


def test_the_worker_s_secrets_are_not_in_the_child_s_environment(
    tmp_path: Path, tight: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "hush")
    done = sandbox.run([stub(tmp_path, "env; pwd")], scratch=tmp_path, limits=tight)
    assert "hush" not in done.stdout
    assert str(tmp_path) in done.stdout


def test_what_a_child_sees_of_the_host(tmp_path: Path) -> None:
    """What it was given; with neither bubblewrap nor Landlock whatever the worker may read."""
    hidden = sandbox.sandbox_kind() != "rlimits"
    given, other, scratch = tmp_path / "given", tmp_path / "other", tmp_path / "scratch"
    scratch.mkdir()
    given.write_text("given")
    other.write_text("other")
    script = f"cat {given}; cat {other}; cat {ROOT}/manage.py; echo x > mine"
    done = sandbox.run([stub(scratch, script)], scratch=scratch, limits=Limits(), readable=[given])
    assert done.stdout.startswith("given")
    assert ("other" not in done.stdout) is hidden
    assert ("django" not in done.stdout) is hidden
    assert sorted(path.name for path in scratch.iterdir()) == ["mine", "stub-ffmpeg"]


def test_under_bubblewrap_nothing_but_scratch_can_be_written(tmp_path: Path) -> None:
    given, scratch = tmp_path / "given", tmp_path / "scratch"
    scratch.mkdir()
    given.write_text("given")
    args = bubblewrap.prefix("/bin/sh", scratch, [given])
    writable = [args[at + 1] for at, word in enumerate(args) if word in ("--bind", "--bind-try")]
    assert writable == [str(scratch)]
    assert {"--unshare-all", "--die-with-parent"} <= set(args)
    if bubblewrap.works():
        places = f"{given} /x /dev/shm/x /tmp/x /usr/x"
        script = f"for p in {places}; do echo x > $p && echo wrote $p; done; cat /proc/net/dev"
        done = sandbox.run(
            ["/bin/sh", "-c", script], scratch=scratch, limits=Limits(), readable=[given]
        )
        assert "wrote" not in done.stdout
        assert "eth" not in done.stdout
    assert given.read_text() == "given"


@pytest.mark.skipif(not landlock.works(), reason="this kernel has no Landlock")
def test_under_landlock_nothing_but_scratch_can_be_written(tmp_path: Path) -> None:
    given, scratch = tmp_path / "given", tmp_path / "scratch"
    scratch.mkdir()
    given.write_text("given")
    limits = Limits(sandbox="landlock")
    places = f"{given} {tmp_path}/new /x /dev/shm/x /tmp/x /usr/x {scratch}/x"
    script = (
        f"for p in {places}; do echo x > $p && echo wrote $p; done; cat /proc/1/environ /etc/passwd"
    )
    done = sandbox.run(["/bin/sh", "-c", script], scratch=scratch, limits=limits, readable=[given])
    assert done.stdout == f"wrote {scratch}/x\n"
    assert given.read_text() == "given"
    call = "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = sandbox.run([sys.executable, "-c", call], scratch=scratch, limits=limits)
    assert "PermissionError" in done.stderr or "unreachable" in done.stderr


@pytest.mark.parametrize("kind", ["auto", "rlimits"])
def test_ffmpeg_dies_with_a_worker_that_was_killed(tmp_path: Path, kind: str) -> None:
    mark = f"orphan-{uuid4().hex}.mp4"
    worker = textwrap.dedent(
        f"""
        from pathlib import Path
        from videos.media import sandbox
        from videos.media.limits import Limits
        here = Path({str(tmp_path)!r})
        sandbox.run(
            [{ffmpeg_path()!r}, "-v", "error", "-nostdin", "-re", "-f", "lavfi",
             "-i", "testsrc2=s=64x64", "-t", "60", "{mark}"],
            scratch=here, limits=Limits(sandbox={kind!r}),
        )
        """
    )
    process = subprocess.Popen([sys.executable, "-c", worker], cwd=ROOT)
    deadline = time.monotonic() + 10
    while not (tmp_path / mark).exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (tmp_path / mark).exists()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert gone(mark)


def test_a_missing_tool_is_the_operator_s_problem_not_the_owner_s(kit: Kit) -> None:
    with pytest.raises(FileNotFoundError):
        sandbox.run(["/nonexistent/ffmpeg"], scratch=kit.scratch, limits=kit.limits)
    with pytest.raises(FileNotFoundError, match="nonexistent"):
        ffmpeg_path("/nonexistent/ffmpeg")
    assert Path(ffmpeg_path("sh")).is_absolute()
