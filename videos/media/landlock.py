"""What a child may touch where there is no bubblewrap: the kernel's own rule, without privileges.

Landlock (Linux 5.13 and later) works in containers that withhold namespaces. The launcher takes
the rule on; here is only what is in it.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from videos.media import bubblewrap

_CREATE_RULESET: Final = 444
_VERSION: Final = 1
_ROOT: Final = Path(__file__).resolve().parents[2]
# How many processors there are, and randomness; nothing that tells of other processes.
_HOST: Final = ("/sys/devices/system/cpu", "/dev/urandom", "/dev/zero")


def works() -> bool:
    """Whether this kernel has Landlock switched on."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)) >= 1


def rule(
    program: str, scratch: Path, readable: Sequence[Path], devices: Sequence[str] = ()
) -> dict[str, list[str]]:
    """Return the paths that a child may read and run, write, and list by name."""
    return {
        "read": [*bubblewrap.system_paths(program), *_HOST, *map(str, readable)],
        "write": [str(scratch), "/dev/null", *devices],
        # Python looks for its modules by listing where they may be.
        "list": [str(_ROOT)],
    }
