"""The child of `core.images`: picture on stdin, square WebP on stdout, reason on stderr.

Run by path in isolated mode, so it imports Pillow and nothing of ours.
"""

import io
import sys
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
MAX_PIXELS: Final = 50_000_000  # what the largest phone cameras take
QUALITY: Final = 82


class RefusedError(Exception):
    """The picture cannot be used; the message is the reason's code."""


def convert(data: bytes, edge: int) -> bytes:
    """Return `data` as a WebP of at most `edge` pixels a side; raises RefusedError."""
    if not data:
        raise RefusedError("empty_file")
    # Our own cap below is stricter and says why; Pillow's would be a warning first.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise RefusedError("too_many_pixels")
            # JPEG: let the decoder skip detail that would be thrown away.
            opened.draft("RGB", (edge * 2, edge * 2))
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            has_alpha = upright.has_transparency_data
            plain = upright.convert("RGBA" if has_alpha else "RGB")
    except UnidentifiedImageError as error:
        raise RefusedError("unsupported_format") from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise RefusedError("corrupt") from error
    side = min(edge, *plain.size)
    square = ImageOps.fit(plain, (side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    square.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=None)
    return out.getvalue()


def main() -> int:
    """Convert stdin to stdout; return the exit status."""
    try:
        sys.stdout.buffer.write(convert(sys.stdin.buffer.read(), int(sys.argv[1])))
    except RefusedError as error:
        sys.stderr.write(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
