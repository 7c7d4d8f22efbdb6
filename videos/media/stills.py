"""Pictures taken from a video: the cover with its blurhash, and the moving preview."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import blurhash
from PIL import Image

from videos.media import color, sandbox
from videos.media import ffmpeg as tool
from videos.media.errors import MediaError
from videos.media.limits import Limits
from videos.media.probe import Probe

COVER_SHORT_EDGE: Final = 720
PREVIEW_SHORT_EDGE: Final = 240
PREVIEW_SECONDS: Final = 3.0
PREVIEW_MAX_BYTES: Final = 400_000
_BLUR_EDGE: Final = 32
# Tried in turn until the preview is small enough: frames a second, WebP quality.
_PREVIEW_TRIES: Final = ((10, 55), (8, 35), (6, 20), (4, 5))


@dataclass(frozen=True)
class Still:
    """A picture file. ``blurhash`` is empty for a moving preview."""

    path: Path
    width: int
    height: int
    size_bytes: int
    blurhash: str


def cover(
    source: Path,
    at_ms: int,
    out: Path,
    *,
    probe: Probe,
    ffmpeg: str,
    scratch: Path,
    limits: Limits,
) -> Still:
    """Write the frame at ``at_ms`` to ``out`` (``.jpg`` or ``.webp`` inside ``scratch``).

    A moment past the end gives the last frame that can be had. Raises ``MediaError``.
    """
    width, height = _size(probe, COVER_SHORT_EDGE)
    tiny_width, tiny_height = _size(probe, _BLUR_EDGE)
    tiny = out.with_suffix(".rgb")
    split = (
        f"[0:{probe.video_index}]{color.filters(probe, width, height)},split[a][b];"
        f"[a]{color.for_picture(full_range=out.suffix != '.webp')}[big];"
        f"[b]scale={tiny_width}:{tiny_height}:flags=area:in_color_matrix=bt709,format=rgb24[tiny]"
    )
    bounds = limits.for_image()
    failure = MediaError("corrupt")
    for moment in _moments(at_ms, probe.duration_ms):
        done = sandbox.run(
            [
                *tool.base_args(ffmpeg),
                *tool.input_args(source, probe, limits, at_ms=moment),
                *("-filter_complex", split),
                *("-map", "[big]", "-frames:v", "1", *tool.strip_args(), *_format(out)),
                f"file:{out.resolve()}",
                *("-map", "[tiny]", "-frames:v", "1", "-f", "rawvideo", f"file:{tiny.resolve()}"),
            ],
            scratch=scratch,
            limits=bounds,
            readable=[source],
        )
        if done.returncode == 0 and _has_bytes(out) and _has_bytes(tiny):
            hash_ = _blurhash(tiny.read_bytes(), tiny_width, tiny_height)
            tiny.unlink()
            return Still(out, width, height, out.stat().st_size, hash_)
        if done.returncode != 0:
            failure = tool.failure(done)
    raise failure


def preview(
    source: Path,
    out: Path,
    *,
    probe: Probe,
    ffmpeg: str,
    scratch: Path,
    limits: Limits,
    at_ms: int = 0,
) -> Still:
    """Write about three seconds from ``at_ms`` on to ``out`` as a looping WebP of at most 400 kB.

    Cheapest from a small rendition: pass its path and its probe. Raises ``MediaError``.
    """
    width, height = _size(probe, PREVIEW_SHORT_EDGE)
    length = min(round(PREVIEW_SECONDS * 1000), probe.duration_ms)
    start = min(max(at_ms, 0), probe.duration_ms - length)
    to_webp = color.for_picture(full_range=False)
    for fps, quality in _PREVIEW_TRIES:
        done = sandbox.run(
            [
                *tool.base_args(ffmpeg),
                *tool.input_args(source, probe, limits, at_ms=start, for_ms=length),
                *("-map", f"0:{probe.video_index}", "-an", *tool.strip_args()),
                *("-vf", f"{color.filters(probe, width, height, fps=str(fps))},{to_webp}"),
                *("-c:v", "libwebp_anim", "-quality", str(quality), "-compression_level", "2"),
                *("-loop", "0", "-f", "webp", f"file:{out.resolve()}"),
            ],
            scratch=scratch,
            limits=limits.for_image(),
            readable=[source],
        )
        if done.returncode != 0:
            raise tool.failure(done)
        if out.stat().st_size <= PREVIEW_MAX_BYTES:
            break
    return Still(out, width, height, out.stat().st_size, "")


def _size(probe: Probe, short_edge: int) -> tuple[int, int]:
    """The size with the given short edge, never larger than the source, both sides even."""
    scale = min(1.0, short_edge / probe.short_edge, short_edge * 4 / max(probe.width, probe.height))
    return _even(probe.width * scale), _even(probe.height * scale)


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)


def _moments(at_ms: int, duration_ms: int) -> Iterator[int]:
    """Where to look: the wish, then ever earlier, since sound may outlast the picture."""
    wish = min(max(at_ms, 0), duration_ms)
    yield wish
    for earlier in (duration_ms - 250, duration_ms // 2, 0):
        if 0 <= earlier < wish:
            yield earlier


def _format(out: Path) -> list[str]:
    if out.suffix == ".webp":
        return ["-c:v", "libwebp", "-quality", "80", "-f", "webp"]
    return ["-c:v", "mjpeg", "-q:v", "4", "-f", "mjpeg"]


def _has_bytes(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _blurhash(rgb: bytes, width: int, height: int) -> str:
    picture = Image.frombytes("RGB", (width, height), rgb)
    across, down = (4, 3) if width >= height else (3, 4)
    return str(blurhash.encode(picture, x_components=across, y_components=down))
