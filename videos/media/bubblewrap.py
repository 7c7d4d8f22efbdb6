"""The command line that puts a child into an empty root with nothing but what it needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent
_SYSTEM: Final = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/nix/store", "/etc/ld.so.cache")


def works() -> bool:
    """Whether bubblewrap is installed and this host lets us use it (containers often do not)."""
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        return False
    true = shutil.which("true") or "/bin/true"
    with tempfile.TemporaryDirectory() as scratch:
        argv = [*prefix(true, Path(scratch).resolve(), []), true]
        done = subprocess.run(argv, capture_output=True, timeout=10, check=False)
    return done.returncode == 0


def system_paths(program: str) -> list[str]:
    """Return what every child may read: libraries, Python, this package and the program itself."""
    paths = list(_SYSTEM)
    package = (str(_PACKAGE.parent / "__init__.py"), str(_PACKAGE))
    for path in (sys.base_prefix, sys.prefix, *package, program):
        if not any(Path(path).is_relative_to(known) for known in paths):
            paths.append(path)
    return paths


def prefix(
    program: str, scratch: Path, readable: Sequence[Path], devices: Sequence[str] = ()
) -> list[str]:
    """Arguments to put before a command: no network, no capabilities, ``scratch`` alone writable.

    Not bound on purpose: the project with its database and settings, /etc, /home, other scratch.
    """
    bwrap = shutil.which("bwrap") or "bwrap"
    args = [bwrap, "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"]
    for path in system_paths(program):
        args += ["--ro-bind-try", path, path]
    args += ["--proc", "/proc", "--dev", "/dev", "--bind", str(scratch), str(scratch)]
    for device in devices:
        args += ["--dev-bind-try", device, device]
    for file in readable:
        args += ["--ro-bind", str(file), str(file)]
    # The empty root and /dev are memory: a child could fill them, so they are read-only too.
    return [*args, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", str(scratch), "--"]
