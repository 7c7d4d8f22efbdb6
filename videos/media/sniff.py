"""The magic check before any decoder: which container do the first bytes say this is?

ffmpeg opens anything, including text files that name other files (HLS, ffconcat, DASH, SDP).
Here a file is one of four binary containers or it is nothing.
"""

from __future__ import annotations

from typing import Final

HEAD_BYTES: Final = 4096

# Still images and sound share the ISO container with video; they are not videos.
_NOT_VIDEO_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif", b"M4A ", b"M4B ", b"crx ", b"jp2 "}
)
_QUICKTIME_FIRST_ATOMS: Final = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_EBML: Final = b"\x1a\x45\xdf\xa3"

# Name of the demuxer for each container: ffmpeg is told this one and may choose no other.
DEMUXERS: Final[dict[str, str]] = {
    "mp4": "mov",
    "mov": "mov",
    "webm": "matroska",
    "matroska": "matroska",
}


def sniff(head: bytes) -> str | None:
    """Return mp4, mov, webm or matroska for the first bytes of a file, or None for all else."""
    if head[:4] == _EBML:
        return _ebml_doctype(head)
    if len(head) < 12:
        return None
    size, kind = int.from_bytes(head[:4], "big"), head[4:8]
    if kind == b"ftyp":
        return _iso_brand(head, size)
    # Old QuickTime files start without ftyp; size 1 announces a 64-bit size.
    if kind in _QUICKTIME_FIRST_ATOMS and (size in (0, 1) or size >= 8):
        return "mov"
    return None


def _iso_brand(head: bytes, size: int) -> str | None:
    # A real ftyp is a short list of four-letter brands; HTML with "ftyp" at byte 4 is not.
    if not 16 <= size <= 1024 or size % 4:
        return None
    brand = head[8:12]
    if brand in _NOT_VIDEO_BRANDS:
        return None
    return "mov" if brand == b"qt  " else "mp4"


def _ebml_doctype(head: bytes) -> str | None:
    at = head.find(b"\x42\x82", 4, 128)
    if at < 0 or at + 3 > len(head):
        return None
    length = head[at + 2] & 0x7F
    doctype = head[at + 3 : at + 3 + length].rstrip(b"\0")
    return {b"webm": "webm", b"matroska": "matroska"}.get(doctype)


def is_picture(head: bytes) -> bool:
    """Return whether a file begins like a JPEG, PNG or WebP; its decoder decides the rest."""
    webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return head[:3] == b"\xff\xd8\xff" or head[:8] == b"\x89PNG\r\n\x1a\n" or webp
