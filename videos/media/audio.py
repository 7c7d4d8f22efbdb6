"""The audio of a rendition as a file of its own: as it is, or as programs for speech want it."""

from __future__ import annotations

from pathlib import Path

from videos.media import ffmpeg as tool
from videos.media import sandbox
from videos.media.limits import Limits
from videos.media.probe import Probe


def take(source: Path, out: Path, *, probe: Probe, ffmpeg: str, limits: Limits) -> bool:
    """Write the audio of one of our renditions to ``out`` (``.m4a``); False when it has none."""
    as_it_is = ["-c:a", "copy", *tool.strip_args(), "-movflags", "+faststart", "-f", "ipod"]
    return _write(source, out, as_it_is, probe=probe, ffmpeg=ffmpeg, limits=limits)


def wave(source: Path, out: Path, *, probe: Probe, ffmpeg: str, limits: Limits) -> bool:
    """Write the audio of one of our renditions to ``out`` as 16 kHz mono WAV; False without any."""
    pcm = ["-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", *tool.strip_args(), "-f", "wav"]
    return _write(source, out, pcm, probe=probe, ffmpeg=ffmpeg, limits=limits)


def _write(
    source: Path, out: Path, form: list[str], *, probe: Probe, ffmpeg: str, limits: Limits
) -> bool:
    if probe.audio_index is None:
        return False
    done = sandbox.run(
        [
            *tool.base_args(ffmpeg),
            *tool.input_args(source, probe, limits),
            *("-map", f"0:{probe.audio_index}", "-vn", *form, f"file:{out.resolve()}"),
        ],
        scratch=out.parent,
        limits=limits.for_image(),
        readable=[source],
    )
    if done.returncode != 0:
        raise tool.failure(done)
    return True
