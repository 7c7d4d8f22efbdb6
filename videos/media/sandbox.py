"""Running a tool on a stranger's file: a child that can do little and dies with its worker.

Every child has its own process group, resource limits, a wall clock, a cap on what it writes
and no environment. Where bubblewrap works it also has no network and sees nothing but the
system's libraries, the files it was given (read-only) and one writable scratch directory.
Without bubblewrap the kernel's Landlock, where it is, allows the same files and no TCP.
"""

from __future__ import annotations

import functools
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from videos.media import bubblewrap, encoders, landlock
from videos.media.errors import MediaError
from videos.media.limits import Limits

_LAUNCHER: Final = Path(__file__).with_name("launcher.py").resolve()
_ROOT: Final = Path(__file__).resolve().parents[2]
_TICK_SECONDS: Final = 0.1
_CHECK_SECONDS: Final = 0.25
_KEEP_BYTES: Final = 256 * 1024
_DRAIN_SECONDS: Final = 2.0
_NO_MORE_TASKS: Final = ("Resource temporarily unavailable", "Cannot fork")
# SIGKILL that we did not send ourselves is the kernel's, for memory or CPU time.
_KILLED_BY_LIMIT: Final = frozenset({signal.SIGXCPU, signal.SIGXFSZ, signal.SIGKILL})


@dataclass(frozen=True)
class Completed:
    """A child that ended by itself. ``stdout`` and ``stderr`` hold their last 256 KiB."""

    returncode: int
    stdout: str
    stderr: str
    elapsed_seconds: float


@functools.cache
def sandbox_kind() -> str:
    """The best this host can do (tried once): ``bubblewrap``, ``landlock`` or ``rlimits``."""
    if bubblewrap.works():
        return "bubblewrap"
    return "landlock" if landlock.works() else "rlimits"


def python_argv(module: str, *args: str) -> list[str]:
    """The command line of one of this package's own child modules."""
    return [sys.executable, "-B", "-s", "-P", "-m", module, *args]


def run(
    argv: list[str],
    *,
    scratch: Path,
    limits: Limits,
    on_stdout_line: Callable[[str], None] | None = None,
    on_check: Callable[[], None] | None = None,
    readable: Iterable[Path] = (),
) -> Completed:
    """Run ``argv`` to its end inside ``scratch`` and return what it said.

    Raises ``MediaError`` ``timed_out`` (wall clock) or ``resource_limit`` (CPU, bytes written,
    processes); the whole process group is dead by then. What ``on_stdout_line`` and ``on_check``
    (called every quarter of a second) raise ends the child too and passes through, so a caller
    that lost its lease can stop the work.
    """
    scratch = scratch.resolve()
    kind = sandbox_kind() if limits.sandbox == "auto" else limits.sandbox
    program = shutil.which(argv[0])
    if program is None:
        raise FileNotFoundError(f"{argv[0]!r} is not a program")
    argv = [program, *argv[1:]]
    given = [path.resolve() for path in readable]
    if kind == "bubblewrap":
        argv = [
            *bubblewrap.prefix(program, scratch, given, encoders.devices(limits.encoder)),
            *argv,
        ]
    isolation: dict[str, object] = {"isolate": kind != "bubblewrap"}
    if kind == "landlock":
        isolation["landlock"] = landlock.rule(
            program, scratch, given, encoders.devices(limits.encoder)
        )
    started = time.monotonic()
    child = _start(argv, scratch=scratch, limits=limits, isolation=isolation)
    watch = _Watch(child, scratch=scratch, limits=limits, started=started, on_check=on_check)
    try:
        output = _pump(child, watch, on_stdout_line)
    finally:
        _end_group(child)
    elapsed = time.monotonic() - started
    code = child.returncode
    if kind == "bubblewrap" and code == 1 and output[1].startswith("bwrap: "):
        raise OSError(f"the sandbox could not start: {output[1].strip()}")
    if code != 0 and any(word in output[1] for word in _NO_MORE_TASKS):
        raise MediaError("resource_limit", log=output[1])
    # bubblewrap reports a child killed by signal n as 128 + n.
    if -code in _KILLED_BY_LIMIT or code - 128 in _KILLED_BY_LIMIT:
        raise MediaError("resource_limit", log=output[1])
    return Completed(code, output[0], output[1], elapsed)


def _start(
    argv: list[str], *, scratch: Path, limits: Limits, isolation: dict[str, object]
) -> subprocess.Popen[bytes]:
    spec = {
        "parent": os.getpid(),
        **isolation,
        "cpu_seconds": limits.cpu_seconds,
        "address_space_bytes": limits.address_space_bytes,
        "output_bytes": limits.output_bytes,
        "open_files": limits.open_files,
        "processes": limits.processes,
        "nice": limits.nice,
    }
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-B", str(_LAUNCHER), json.dumps(spec), *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=scratch,
        start_new_session=True,
        env={
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(_ROOT),
            # Each malloc arena reserves 64 MiB of addresses per thread, which RLIMIT_AS counts.
            "MALLOC_ARENA_MAX": "2",
        },
    )


class _Watch:
    """The bounds that only the parent can hold a child to."""

    def __init__(
        self,
        child: subprocess.Popen[bytes],
        *,
        scratch: Path,
        limits: Limits,
        started: float,
        on_check: Callable[[], None] | None,
    ) -> None:
        self.group = child.pid
        self.scratch = scratch
        self.limits = limits
        self.deadline = started + limits.wall_seconds
        self.on_check = on_check
        self.written_before = _bytes_under(scratch)

    def check(self) -> None:
        if time.monotonic() > self.deadline:
            raise MediaError("timed_out")
        if _bytes_under(self.scratch) - self.written_before > self.limits.output_bytes:
            raise MediaError("resource_limit", log="wrote too much")
        # For anyone but root the kernel itself holds the child to RLIMIT_NPROC.
        if os.getuid() == 0 and _processes_of_session(self.group) > self.limits.processes:
            raise MediaError("resource_limit", log="started too many processes")
        if self.on_check is not None:
            self.on_check()


class _Tail:
    """The last bytes of a stream, and its lines as they come."""

    def __init__(self, on_line: Callable[[str], None] | None, most: float = float("inf")) -> None:
        self.left = most
        self.kept = b""
        self.line = b""
        self.on_line = on_line

    def feed(self, data: bytes) -> None:
        self.left -= len(data)
        if self.left < 0:
            raise MediaError("resource_limit", log="said too much")
        self.kept = (self.kept + data)[-_KEEP_BYTES:]
        if self.on_line is None:
            return
        *lines, self.line = (self.line + data).split(b"\n")
        self.line = self.line[-_KEEP_BYTES:]
        for line in lines:
            self.on_line(line.decode("utf-8", "replace"))

    @property
    def text(self) -> str:
        return self.kept.decode("utf-8", "replace")


def _pump(
    child: subprocess.Popen[bytes], watch: _Watch, on_line: Callable[[str], None] | None
) -> tuple[str, str]:
    """Read both pipes until the child has ended, checking its bounds as time passes."""
    assert child.stdout is not None
    assert child.stderr is not None
    said = _Tail(on_line, watch.limits.stdout_bytes)
    tails: dict[IO[bytes], _Tail] = {child.stdout: said, child.stderr: _Tail(None)}
    next_check, drain_until = 0.0, float("inf")
    with selectors.DefaultSelector() as selector:
        for pipe, tail in tails.items():
            selector.register(pipe, selectors.EVENT_READ, tail)
        while selector.get_map() and time.monotonic() < drain_until:
            for key, _ in selector.select(_TICK_SECONDS):
                data = os.read(key.fd, 65536)
                if data:
                    key.data.feed(data)
                else:
                    selector.unregister(key.fileobj)
            if drain_until == float("inf") and _has_ended(child):
                # A grandchild may hold the pipes open for ever: end it, read what is left.
                _kill_group(child.pid)
                drain_until = time.monotonic() + _DRAIN_SECONDS
            if time.monotonic() >= next_check:
                watch.check()
                next_check = time.monotonic() + _CHECK_SECONDS
    while not _has_ended(child):
        watch.check()
        time.sleep(_TICK_SECONDS / 10)
    return tails[child.stdout].text, tails[child.stderr].text


def _has_ended(child: subprocess.Popen[bytes]) -> bool:
    # Not reaped yet: until then its number, which is the group's, cannot go to anyone else.
    flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, child.pid, flags) is not None


def _kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return  # everyone in it has ended


def _end_group(child: subprocess.Popen[bytes]) -> None:
    _kill_group(child.pid)
    child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()


def _bytes_under(directory: Path) -> int:
    total = 0
    for parent, _, names in os.walk(directory):
        for name in names:
            try:
                total += Path(parent, name).lstat().st_size
            except FileNotFoundError:  # renamed or removed by the child meanwhile
                continue
    return total


def _processes_of_session(session: int) -> int:
    """How many processes the child's session has now (Linux; 0 where /proc is missing)."""
    if not Path("/proc/self").is_dir():
        return 0
    count = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                fields = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()
            except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
                continue
            count += int(fields[3]) == session
    return count
