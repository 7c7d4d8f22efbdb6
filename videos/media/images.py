"""Pictures people upload (avatars, photos): decoded by a limited child, written anew as WebP."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from videos.media import sandbox
from videos.media.errors import MediaError
from videos.media.limits import Limits

FORMATS: Final = ("JPEG", "PNG", "WEBP")
# 50 megapixels: what the largest phone cameras take.
MAX_PIXELS: Final = 50_000_000

DETAILS: Final = {
    "empty_file": "The picture is empty. Choose it again.",
    "unsupported_format": "This kind of picture is not accepted. Use a JPEG, PNG or WebP file.",
    "too_large": "The picture has too many pixels. Make it smaller and try again.",
    "corrupt": "The picture is damaged. Save it again and upload the new file.",
    "timed_out": "The picture took too long to read. Use a smaller one.",
    "resource_limit": "The picture needs too much memory. Use a smaller one.",
}


def reencode(
    src: Path | bytes,
    *,
    max_edge: int,
    square: bool = False,
    formats: Sequence[str] = FORMATS,
    max_pixels: int = MAX_PIXELS,
    limits: Limits | None = None,
    scratch: Path | None = None,
) -> bytes:
    """Return ``src`` as a WebP of at most ``max_edge`` pixels a side, upright, without metadata.

    Of an animation the first frame; ``square`` cuts the middle out. ``scratch`` is the directory
    in which a temporary one is made. Raises ``MediaError`` (empty_file, unsupported_format,
    too_large, corrupt, timed_out, resource_limit).
    """
    try:
        with tempfile.TemporaryDirectory(dir=scratch, prefix="image-") as name:
            return _reencode(
                src,
                Path(name),
                {"max_edge": max_edge, "square": square, "max_pixels": max_pixels},
                formats,
                (limits or Limits()).for_image(),
            )
    except MediaError as error:
        raise MediaError(error.code, DETAILS[error.code], log=error.log) from error


def _reencode(
    src: Path | bytes,
    work: Path,
    question: dict[str, object],
    formats: Sequence[str],
    limits: Limits,
) -> bytes:
    source = src if isinstance(src, Path) else work / "in"
    if isinstance(src, bytes):
        source.write_bytes(src)
    if source.stat().st_size == 0:
        raise MediaError("empty_file")
    out = work / "out.webp"
    question |= {"source": str(source.resolve()), "out": str(out.resolve()), "formats": [*formats]}
    done = sandbox.run(
        sandbox.python_argv("videos.media.image_child", json.dumps(question)),
        scratch=work,
        limits=limits,
        readable=[source],
    )
    if done.returncode != 0:
        code = "resource_limit" if "MemoryError" in done.stderr else "corrupt"
        raise MediaError(code, log=done.stderr)
    answer = json.loads(done.stdout)
    if "code" in answer:
        raise MediaError(answer["code"], log=answer.get("log", ""))
    return out.read_bytes()
