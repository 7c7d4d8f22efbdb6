"""How much this machine, or this container, can do at once."""

import os
from pathlib import Path

from django.conf import settings

# What one transcode may need beside its encoder's threads: a minute of 4K stays below this.
BYTES_EACH = 1024**3
CORES_EACH = 2
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
MEMINFO = Path("/proc/meminfo")


def transcoders() -> int:
    """Return how many transcodes to run at once: TRANSCODERS, or what cores and memory bear."""
    if settings.TRANSCODERS:
        return int(settings.TRANSCODERS)
    return max(1, min(cores() // CORES_EACH, memory() // BYTES_EACH))


def cores() -> int:
    """Return the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory() -> int:
    """Return the bytes that may still be used here; a lot when the system does not say."""
    known = []
    if MEMINFO.exists():
        lines = MEMINFO.read_text().splitlines()
        known += [int(one.split()[1]) * 1024 for one in lines if one.startswith("MemAvailable:")]
    if CGROUP_LIMIT.exists():
        limit = CGROUP_LIMIT.read_text().strip()
        known += [int(limit)] if limit.isdecimal() else []
    return min(known, default=2**62)
