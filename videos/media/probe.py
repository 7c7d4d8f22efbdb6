"""What is in a file: read by PyAV in a child process, judged against the limits here."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from videos.media import sandbox
from videos.media.errors import MediaError
from videos.media.limits import Limits
from videos.media.sniff import DEMUXERS, HEAD_BYTES, sniff


@dataclass(frozen=True)
class Probe:
    """One source file. ``width`` and ``height`` are as shown: rotated and with square pixels.

    ``rotation`` is degrees clockwise (0 to 359, mostly a quarter) that a player turns the picture;
    ``fps`` frames a second, on average; ``bitrate`` bits a second of the whole file; the
    ``color_*`` fields are ffmpeg's names, ``unknown`` when the file does not say; ``tags`` are
    the names (never the values) of the metadata found. Of an excerpt, ``start_ms`` is where it
    begins in the file and ``duration_ms`` its own length.
    """

    container: str
    duration_ms: int
    width: int
    height: int
    rotation: int
    is_flipped: bool
    has_square_pixels: bool
    fps: float
    is_vfr: bool
    is_interlaced: bool
    video_codec: str
    video_profile: str
    pixel_format: str
    bit_depth: int
    is_hdr: bool
    color_transfer: str
    color_space: str
    color_primaries: str
    color_range: str
    keyframe_gap_ms: int
    has_audio: bool
    audio_codec: str
    audio_channels: int
    bitrate: int
    size_bytes: int
    nb_streams: int
    video_index: int
    audio_index: int | None
    tags: tuple[str, ...]
    start_ms: int = 0
    is_excerpt: bool = False

    @property
    def short_edge(self) -> int:
        """The smaller of width and height, by which renditions are named."""
        return min(self.width, self.height)


def probe(path: Path, *, scratch: Path, limits: Limits) -> Probe:
    """Read ``path`` and return what it holds, or raise ``MediaError`` saying why it is refused.

    Codes: empty_file, unsupported_format, no_video, too_long, too_large, too_many_streams,
    bad_frame_rate, corrupt, timed_out, resource_limit.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise MediaError("empty_file")
    container = sniff(head)
    if container is None:
        raise MediaError("unsupported_format")
    bounds = limits.for_probe()
    question = json.dumps(
        {"path": str(path.resolve()), "demuxer": DEMUXERS[container], **_input_bounds(limits)}
    )
    done = sandbox.run(
        sandbox.python_argv("videos.media.probe_child", question),
        scratch=scratch,
        limits=bounds,
        readable=[path],
    )
    found, size = _answer(done), path.stat().st_size
    bitrate = size * 8000 // max(found["duration_ms"], 1)
    found |= {"container": container, "size_bytes": size, "bitrate": bitrate}
    return Probe(**(found | {"tags": tuple(found["tags"])}))


def excerpt(found: Probe, start_ms: int | None, end_ms: int | None, *, limits: Limits) -> Probe:
    """Return what is found of the part from ``start_ms`` to ``end_ms`` alone, or all without them.

    An end past the file's is its end. Raises ``MediaError`` (trim_outside, too_long).
    """
    if start_ms is None and end_ms is None:
        return found
    start, end = start_ms or 0, min(end_ms or found.duration_ms, found.duration_ms)
    if end - start < limits.min_duration_ms:
        raise MediaError("trim_outside")
    if end - start > limits.max_duration_ms:
        raise MediaError("too_long")
    return replace(found, start_ms=start, duration_ms=end - start, is_excerpt=True)


def _input_bounds(limits: Limits) -> dict[str, float]:
    return {
        "max_duration_ms": limits.max_duration_ms,
        "min_duration_ms": limits.min_duration_ms,
        "max_pixels": limits.max_pixels,
        "max_streams": limits.max_streams,
        "max_fps": limits.max_fps,
    }


def _answer(done: sandbox.Completed) -> dict[str, Any]:
    """The child's last word, or the reason why there is none."""
    if done.returncode != 0:
        # MemoryError is the address-space limit; anything else a file PyAV cannot read.
        code = "resource_limit" if "MemoryError" in done.stderr else "corrupt"
        raise MediaError(code, log=done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "code" in answer:
        raise MediaError(answer["code"], log=answer.get("log", ""))
    return answer
