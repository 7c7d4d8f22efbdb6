"""Which ffmpeg, and the arguments that every run of it shares."""

from __future__ import annotations

import shutil
from pathlib import Path

import imageio_ffmpeg

from videos.media.errors import MediaError
from videos.media.limits import Limits
from videos.media.probe import Probe
from videos.media.sandbox import Completed
from videos.media.sniff import DEMUXERS

_CORRUPT = ("Invalid data", "moov atom", "Error opening input", "decode", "Decod", "demuxing")


def ffmpeg_path(override: str | None = None) -> str:
    """Return the absolute path of ffmpeg: ``override`` (a path or a name) or the wheel's own.

    Raises ``FileNotFoundError`` when the override names nothing that can be run.
    """
    if not override:
        return str(Path(imageio_ffmpeg.get_ffmpeg_exe()).resolve())
    found = shutil.which(override)
    if found is None:
        raise FileNotFoundError(f"ffmpeg is set to {override!r}, which is not a program")
    return str(Path(found).resolve())


def base_args(ffmpeg: str) -> list[str]:
    """Quiet, never reading the terminal, never asking."""
    return [ffmpeg, "-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y"]


def input_args(
    source: Path, probe: Probe, limits: Limits, *, at_ms: int = 0, for_ms: int | None = None
) -> list[str]:
    """Open one local file with one demuxer and nothing else: no playlist, no network.

    From ``at_ms`` of the excerpt that ``probe`` describes, to its end or for ``for_ms``.
    """
    demuxer = DEMUXERS[probe.container]
    begin, length = probe.start_ms + at_ms, for_ms
    if length is None and probe.is_excerpt:
        length = max(1, probe.duration_ms - at_ms)
    return [
        *(("-ss", seconds(begin)) if begin else ()),
        *(("-t", seconds(length)) if length is not None else ()),
        *("-protocol_whitelist", "file,pipe", "-format_whitelist", demuxer, "-f", demuxer),
        *("-max_pixels", str(limits.max_pixels), "-max_streams", str(limits.max_streams)),
        *("-threads", str(limits.threads)),
        *("-i", f"file:{source.resolve()}"),
    ]


def seconds(milliseconds: int) -> str:
    """Return a time as ffmpeg reads it."""
    return f"{milliseconds / 1000:.3f}"


def strip_args() -> list[str]:
    """Take no subtitle, data track, chapter or tag along, and write none of our own."""
    return [
        *("-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"),
        *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
    ]


def failure(done: Completed) -> MediaError:
    """Turn a non-zero exit of ffmpeg into the error the owner reads."""
    log = done.stderr
    if "Cannot allocate memory" in log:
        return MediaError("resource_limit", log=log)
    if any(word in log for word in _CORRUPT):
        return MediaError("corrupt", log=log)
    return MediaError("encoder_failed", log=log)
