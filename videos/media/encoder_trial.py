"""Whether an encoder works on this machine: being compiled into ffmpeg says little about that."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from videos.media import encoders, sandbox
from videos.media import ffmpeg as tool
from videos.media.errors import MediaError
from videos.media.limits import Limits

_PICTURE: Final = "color=black:size=640x360:rate=30:duration=0.1"


def problem(*, ffmpeg: str, scratch: Path, limits: Limits) -> str:
    """Encode a few frames with ``limits.encoder`` as a job would; return what went wrong, or ""."""
    out = scratch / "trial.mp4"
    filters = "format=yuv420p" + encoders.upload_filter(limits.encoder)
    argv = [
        *tool.base_args(ffmpeg),
        *encoders.device_args(limits.encoder),
        *("-f", "lavfi", "-i", _PICTURE, "-vf", filters),
        *(*encoders.args(limits.encoder, 360), "-profile:v", "high"),
        *("-f", "mp4", f"file:{out.resolve()}"),
    ]
    try:
        done = sandbox.run(argv, scratch=scratch, limits=limits.for_image())
    except MediaError as error:
        return error.code
    if done.returncode == 0 and out.exists() and out.stat().st_size:
        return ""
    first, _, _ = done.stderr.strip().partition("\n")
    return first[:300] or f"ffmpeg ended with {done.returncode}"
