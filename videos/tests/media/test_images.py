from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from videos.media import images
from videos.media.errors import MediaError
from videos.media.limits import Limits

ORIENTATION, GPS_IFD, MODEL = 0x0112, 0x8825, 0x0110


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def halves() -> Image.Image:
    """80 x 40, red on the left, blue on the right."""
    picture = Image.new("RGB", (80, 40), "blue")
    picture.paste("red", (0, 0, 40, 40))
    return picture


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "WEBP"
    return picture


def bomb(side: int = 20_000) -> bytes:
    """A one-bit PNG of ``side`` squared: a few kilobytes, 400 million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_becomes_a_webp_no_larger_than_asked(kind: str) -> None:
    picture = opened(images.reencode(saved(Image.new("RGB", (900, 600)), kind), max_edge=300))
    assert picture.size == (300, 200)


def test_is_never_enlarged() -> None:
    assert opened(images.reencode(saved(halves(), "PNG"), max_edge=512)).size == (80, 40)


def test_square_cuts_out_the_middle() -> None:
    picture = opened(images.reencode(saved(halves(), "PNG"), max_edge=32, square=True))
    assert picture.size == (32, 32)


def test_a_path_is_as_good_as_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a;b -i %d.png"
    path.write_bytes(saved(halves(), "PNG"))
    assert opened(images.reencode(path, max_edge=64, scratch=tmp_path)).size == (64, 32)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_turned_upright_and_nothing_told(kind: str) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turn a quarter clockwise to show
    exif[MODEL] = "Phone 99"
    exif.get_ifd(GPS_IFD)[2] = (10.0, 46.0, 36.84)
    options: dict[str, object] = {"exif": exif, "comment": b"at 10.7769"}
    if kind == "PNG":
        note = PngImagePlugin.PngInfo()
        note.add_text("Comment", "at 10.7769")
        options = {"exif": exif, "pnginfo": note}
    data = saved(halves(), kind, **options)
    assert b"Phone 99" in data
    result = images.reencode(data, max_edge=512)
    picture = opened(result)
    assert picture.size == (40, 80)
    red, _, blue = picture.convert("RGB").getpixel((20, 10))  # type: ignore[misc]
    assert red > 200
    assert blue < 60
    assert not picture.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(picture.info)
    assert b"Phone 99" not in result
    assert b"10.7769" not in result


def test_transparency_is_kept() -> None:
    picture = opened(images.reencode(saved(Image.new("RGBA", (9, 9)), "PNG"), max_edge=64))
    assert picture.mode == "RGBA"


def test_of_an_animation_the_first_picture() -> None:
    frames = [Image.new("RGB", (16, 16), color) for color in ("red", "blue")]
    data = saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    picture = opened(images.reencode(data, max_edge=64))
    assert getattr(picture, "n_frames", 1) == 1
    assert picture.convert("RGB").getpixel((8, 8))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize(
    "data, code",
    [
        (b"", "empty_file"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "unsupported_format"),
        (b"<!doctype html><script>alert(1)</script>", "unsupported_format"),
        (b"GIF89a/*<script>*/=1;", "unsupported_format"),
        (saved(halves(), "GIF"), "unsupported_format"),
        (saved(halves(), "TIFF"), "unsupported_format"),
        (saved(halves(), "EPS"), "unsupported_format"),
        (saved(halves(), "ICNS"), "unsupported_format"),
        (saved(halves(), "PNG")[:-30], "corrupt"),
        (saved(halves(), "JPEG")[:400], "corrupt"),
        (bomb(), "too_large"),
    ],
)
def test_refuses_with_a_reason_about_pictures(data: bytes, code: str) -> None:
    with pytest.raises(MediaError) as refusal:
        images.reencode(data, max_edge=256)
    assert refusal.value.code == code
    assert "picture" in refusal.value.detail


def test_a_bomb_within_the_pixel_cap_meets_the_memory_limit() -> None:
    tight = replace(Limits(), address_space_bytes=400 * 1024 * 1024)
    with pytest.raises(MediaError, match="resource_limit"):
        images.reencode(bomb(), max_edge=256, max_pixels=10**9, limits=tight)
