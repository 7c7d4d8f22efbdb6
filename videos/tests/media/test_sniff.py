from __future__ import annotations

import pytest

from videos.media.sniff import sniff

EBML = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01"


@pytest.mark.parametrize(
    "head, container",
    [
        (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41", "mp4"),
        (b"\0\0\0\x1cftyp3gp4\0\0\0\x003gp4isom3gp6", "mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "mov"),
        (b"\0\0\0\x08wide\0\1\2\3mdat", "mov"),
        (b"\0\0\0\x01mdat\0\0\0\0\0\0\1\0", "mov"),
        (EBML + b"\x42\x82\x84webm\x42\x87\x81\x04", "webm"),
        (EBML + b"\x42\x82\x88matroska", "matroska"),
    ],
)
def test_knows_the_containers_that_are_accepted(head: bytes, container: str) -> None:
    assert sniff(head) == container


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\0\0\0\x20ftyp",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011">',
        b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n",
        b'<svg xmlns="http://www.w3.org/2000/svg">',
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"PK\x03\x04\x14\0\0\0\x08\0\0\0",
        b"MZ\x90\0\3\0\0\0\4\0\0\0",
        b"RIFF\0\0\0\0AVI LIST",
        b"<!--ftypisom--><script>alert(1)</script>",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"\0\0\0\x18ftypM4A \0\0\0\0M4A isom",
        EBML + b"\x42\x82\x84evil",
        EBML,
    ],
)
def test_everything_else_is_nothing(head: bytes) -> None:
    assert sniff(head) is None
