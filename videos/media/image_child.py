"""The child that decodes a stranger's picture with Pillow: JSON in argv, JSON on stdout."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from typing import Any, Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

_QUALITY: Final = 82


class Refused(Exception):
    """The picture is not acceptable; the argument is the error's code."""


def main() -> None:
    """Answer the question in argv: an empty object, or the code of the refusal."""
    question = json.loads(sys.argv[1])
    sys.stdout.write(json.dumps(answered(lambda: reencode(question))))


def answered(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what ``work`` returns, or the code of why a picture cannot be used."""
    try:
        return work()
    except Refused as refusal:
        return {"code": str(refusal)}
    except UnidentifiedImageError as error:
        return {"code": "unsupported_format", "log": repr(error)}
    except Image.DecompressionBombError as error:
        return {"code": "too_large", "log": repr(error)}
    except MemoryError as error:
        return {"code": "resource_limit", "log": repr(error)}
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError) as error:
        # What Pillow's readers raise on damaged data, by their documentation and by fuzzing.
        return {"code": "corrupt", "log": repr(error)}


def reencode(question: dict[str, Any]) -> dict[str, Any]:
    """Read ``source``, write ``out`` as WebP; raises ``Refused`` and whatever Pillow raises."""
    edge = question["max_edge"]
    picture = opened_upright(question, edge=edge)
    if question["square"]:
        side = min(picture.size)
        picture = ImageOps.fit(picture, (min(side, edge),) * 2, Image.Resampling.LANCZOS)
    picture.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    cleaned(picture, question["out"])
    return {}


def opened_upright(question: dict[str, Any], *, edge: int) -> Image.Image:
    """Return the first frame of ``source``, upright, in sRGB; ``edge`` is the most one needs."""
    # The size is checked below, before a pixel is read; Pillow's own cap would only warn.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(question["source"], formats=question["formats"]) as opened:
        if opened.width * opened.height > question["max_pixels"]:
            raise Refused("too_large")
        opened.seek(0)
        opened.draft("RGB", (edge * 2, edge * 2))  # a large JPEG is decoded at a fraction
        profile = opened.info.get("icc_profile")
        picture = ImageOps.exif_transpose(opened)
        picture.load()
    has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    return _to_srgb(picture.convert("RGBA" if has_alpha else "RGB"), profile)


def cleaned(picture: Image.Image, out: str) -> None:
    """Write a new picture of the pixels alone: no EXIF, XMP, ICC or comment can come along."""
    clean = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    clean.save(out, "WEBP", quality=_QUALITY, method=4)


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Apply the colour profile (phones use Display P3), which is dropped from the file."""
    if not profile or picture.mode != "RGB":
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"))
    except ImageCms.PyCMSError:  # a broken or foreign profile: the colours stay as numbers
        return picture
    return converted or picture


if __name__ == "__main__":
    main()
