"""A carousel's picture: decoded by a limited child, written anew in two sizes, bare of metadata."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from videos.media import sandbox
from videos.media.errors import MediaError
from videos.media.images import DETAILS, FORMATS, MAX_PIXELS
from videos.media.limits import Limits

LARGE_EDGE: Final = 1920
SMALL_EDGE: Final = 640
_BLURHASH: Final = re.compile(r"[0-9A-Za-z#$%*+,\-.:;=?@\[\]^_{|}~]{6,64}")


@dataclass(frozen=True)
class Picture:
    """The two files of a picture, and what layouts need before they come."""

    large: Path
    small: Path
    width: int
    height: int
    blurhash: str


def picture(
    source: Path, name: str, *, scratch: Path, limits: Limits, large_edge: int = LARGE_EDGE
) -> Picture:
    """Write ``<name>.webp`` and ``<name>s.webp`` into ``scratch``; raises ``MediaError``."""
    large, small = scratch / f"{name}.webp", scratch / f"{name}s.webp"
    question = {
        "source": str(source.resolve()),
        "large": str(large.resolve()),
        "small": str(small.resolve()),
        "large_edge": large_edge,
        "small_edge": SMALL_EDGE,
        "formats": [*FORMATS],
        "max_pixels": MAX_PIXELS,
    }
    try:
        done = sandbox.run(
            sandbox.python_argv("videos.media.photo_child", json.dumps(question)),
            scratch=scratch,
            limits=limits.for_image(),
            readable=[source],
        )
        return _checked(done, large, small)
    except MediaError as error:
        raise MediaError(error.code, DETAILS[error.code], log=error.log) from error


def _checked(done: sandbox.Completed, large: Path, small: Path) -> Picture:
    """Believe nothing of what a child that read a stranger's file says but plain numbers."""
    if done.returncode != 0:
        raise MediaError("resource_limit" if "MemoryError" in done.stderr else "corrupt")
    answer = json.loads(done.stdout)
    if "code" in answer:
        raise MediaError(answer["code"], log=answer.get("log", ""))
    width, height = int(answer["width"]), int(answer["height"])
    hash_ = str(answer["blurhash"])
    whole = 0 < width <= LARGE_EDGE and 0 < height <= LARGE_EDGE
    if not whole or not _BLURHASH.fullmatch(hash_) or not _are_webp(large, small):
        raise MediaError("corrupt", log="unexpected output")
    return Picture(large, small, width, height, hash_)


def _are_webp(*paths: Path) -> bool:
    for path in paths:
        with path.open("rb") as stream:
            head = stream.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"WEBP":
            return False
    return True
