"""Keeping hold of processes: nothing that we start outlives us, whoever is killed, and how."""

import ctypes
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Have the kernel send this process SIGTERM when its parent dies (Linux; kept over exec)."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent dies (Linux)."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1)


def children(pid: int) -> list[int]:
    """Return the direct children of a process, whichever of its threads started them."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def descendants(pid: int) -> list[int]:
    """Return everything below a process, nearest first."""
    found: list[int] = []
    waiting = children(pid)
    while waiting:
        child = waiting.pop(0)
        found.append(child)
        waiting += children(child)
    return found


def end_descendants() -> None:
    """SIGKILL everything below this process, which must have adopted its orphans, and reap it."""
    own = os.getpid()
    while below := descendants(own):
        for child in below:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        time.sleep(0.02)


def run_guarded(body: Callable[[], int]) -> int:
    """Run `body` in a child process and return its exit status, leaving no descendant behind.

    This process only passes signals on and adopts orphans. If the child is killed, this process
    ends what the child had started; if this process is killed, the child is told to stop.
    """
    adopt_orphans()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.setsid()  # the terminal's Ctrl-C reaches the guard alone, which passes it on once
        die_with_parent()
        os._exit(body() if os.getppid() == parent else 1)

    def forward(number: int, frame: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            os.kill(child, number)

    for number in FORWARDED:
        signal.signal(number, forward)
    if "MAKELEVEL" in os.environ:
        die_with_parent()
    status = _wait_for(child)
    end_descendants()
    return status


def _wait_for(child: int) -> int:
    """Reap until `child` has ended; return its exit status, shell-style for a signal."""
    while True:
        pid, status = os.wait()
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
