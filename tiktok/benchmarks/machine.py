"""What the figures were measured on."""

import os
import platform
import time
from pathlib import Path

STEP = 0.25  # seconds
IDLE = 0.15


def describe() -> str:
    """Return processor, cores, memory, kernel and the load before the run, in one line."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    load = os.getloadavg()[0]
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}, "
        f"Python {platform.python_version()}, load {load:.1f} at the start"
    )


def settle(*, quiet: float = 2.0, at_most: float = 90.0) -> None:
    """Wait until the processors were nearly idle for `quiet` seconds: work behind answers is over.

    What is measured is then the thing itself, and not what was asked before it; a machine that
    does not come to rest is not waited for longer than `at_most` seconds.
    """
    deadline, calm = time.monotonic() + at_most, 0.0
    busy, total = _ticks()
    while calm < quiet and time.monotonic() < deadline:
        time.sleep(STEP)
        before, (busy, total) = (busy, total), _ticks()
        share = (busy - before[0]) / max(1, total - before[1])
        calm = calm + STEP if share < IDLE else 0.0


def _ticks() -> tuple[int, int]:
    """Return how long the processors were busy, and altogether, in ticks since the start."""
    user, nice, system, idle, waiting, *rest = map(
        int, Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    )
    busy = user + nice + system + sum(rest)
    return busy, busy + idle + waiting
