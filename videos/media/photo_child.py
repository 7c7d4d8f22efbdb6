"""The child that makes a carousel's picture: a large and a small WebP, and its blurhash."""

from __future__ import annotations

import json
import sys
from typing import Any, Final

import blurhash
from PIL import Image

from videos.media.image_child import answered, cleaned, opened_upright

_BLUR_EDGE: Final = 32


def main() -> None:
    """Answer the question in argv: sizes and blurhash, or the code of the refusal."""
    question = json.loads(sys.argv[1])
    sys.stdout.write(json.dumps(answered(lambda: make(question))))


def make(question: dict[str, Any]) -> dict[str, Any]:
    """Read ``source``, write ``large`` and ``small``; raises as ``opened_upright``."""
    picture = opened_upright(question, edge=question["large_edge"])
    picture.thumbnail((question["large_edge"],) * 2, Image.Resampling.LANCZOS)
    cleaned(picture, question["large"])
    small = picture.copy()
    small.thumbnail((question["small_edge"],) * 2, Image.Resampling.LANCZOS)
    cleaned(small, question["small"])
    tiny = small.convert("RGB")
    tiny.thumbnail((_BLUR_EDGE,) * 2, Image.Resampling.BOX)
    across, down = (4, 3) if tiny.width >= tiny.height else (3, 4)
    found = str(blurhash.encode(tiny, x_components=across, y_components=down))
    return {"width": picture.width, "height": picture.height, "blurhash": found}


if __name__ == "__main__":
    main()
