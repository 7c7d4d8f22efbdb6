"""The audio of a rendition as a file of its own: taken over as it is, levelled and stripped."""

from __future__ import annotations

from pathlib import Path

from videos.media import ffmpeg as tool
from videos.media import sandbox
from videos.media.limits import Limits
from videos.media.probe import Probe


def take(source: Path, out: Path, *, probe: Probe, ffmpeg: str, limits: Limits) -> bool:
    """Write the audio of one of our renditions to ``out`` (``.m4a``); False when it has none."""
    if probe.audio_index is None:
        return False
    done = sandbox.run(
        [
            *tool.base_args(ffmpeg),
            *tool.input_args(source, probe, limits),
            *("-map", f"0:{probe.audio_index}", "-vn", "-c:a", "copy", *tool.strip_args()),
            *("-movflags", "+faststart", "-f", "ipod", f"file:{out.resolve()}"),
        ],
        scratch=out.parent,
        limits=limits.for_image(),
        readable=[source],
    )
    if done.returncode != 0:
        raise tool.failure(done)
    return True
