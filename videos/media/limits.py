"""What one job may cost. Every child process of the pipeline runs under a ``Limits``."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Literal

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of the input (checked by ``probe``) and of each child process (``sandbox``).

    Times in the unit their name says, sizes in bytes. ``processes`` is how many tasks may be
    added to what the user already runs (other jobs start theirs meanwhile, so it is generous);
    the kernel ignores that limit for root, whose children the parent counts itself.
    """

    max_duration_ms: int = 600_000
    min_duration_ms: int = 100
    max_pixels: int = 4096 * 2160
    max_streams: int = 8
    max_fps: float = 240.0
    max_output_fps: int = 60

    cpu_seconds: int = 7200
    wall_seconds: float = 3600.0
    # ffmpeg reserves far more than it uses (stacks and arenas of its threads).
    address_space_bytes: int = 4096 * MIB
    output_bytes: int = 1024 * MIB
    stdout_bytes: int = 64 * MIB
    processes: int = 512
    open_files: int = 256
    threads: int = min(os.cpu_count() or 2, 8)
    nice: int = 5
    encoder: str = "libx264"
    sandbox: Literal["auto", "bubblewrap", "landlock", "rlimits"] = "auto"

    def for_probe(self) -> Limits:
        """The tighter bounds of a child that only reads: seconds, not minutes."""
        return replace(
            self,
            cpu_seconds=min(self.cpu_seconds, 20),
            wall_seconds=min(self.wall_seconds, 30.0),
            address_space_bytes=min(self.address_space_bytes, 1536 * MIB),
            output_bytes=min(self.output_bytes, MIB),
            processes=min(self.processes, 128),
        )

    def for_image(self) -> Limits:
        """The bounds of a child that makes one picture."""
        return replace(
            self,
            cpu_seconds=min(self.cpu_seconds, 30),
            wall_seconds=min(self.wall_seconds, 60.0),
            output_bytes=min(self.output_bytes, 64 * MIB),
        )
