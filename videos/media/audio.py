"""The audio of a rendition as a file of its own: as it is, or as programs for speech want it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from videos.media import ffmpeg as tool
from videos.media import sandbox
from videos.media.limits import Limits

_DEMUXER: Final = "mov"


def take(source: Path, out: Path, *, ffmpeg: str, limits: Limits) -> None:
    """Write the audio of a rendition, which must have one, to ``out`` (``.m4a``) as it is."""
    as_it_is = ["-c:a", "copy", *tool.strip_args(), "-movflags", "+faststart", "-f", "ipod"]
    _write(source, out, as_it_is, ffmpeg=ffmpeg, limits=limits)


def wave(source: Path, out: Path, *, ffmpeg: str, limits: Limits) -> None:
    """Write the audio of a rendition, which must have one, to ``out`` as 16 kHz mono WAV."""
    pcm = ["-ac", "1", "-ar", "16000", "-c:a", "pcm_s16le", *tool.strip_args(), "-f", "wav"]
    _write(source, out, pcm, ffmpeg=ffmpeg, limits=limits)


def _write(source: Path, out: Path, form: list[str], *, ffmpeg: str, limits: Limits) -> None:
    done = sandbox.run(
        [
            *tool.base_args(ffmpeg),
            *("-protocol_whitelist", "file,pipe", "-format_whitelist", _DEMUXER, "-f", _DEMUXER),
            *("-i", f"file:{source.resolve()}", "-map", "0:a:0", "-vn"),
            *(*form, f"file:{out.resolve()}"),
        ],
        scratch=out.parent,
        limits=limits.for_image(),
        readable=[source],
    )
    if done.returncode != 0:
        raise tool.failure(done)
