from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from videos.media.errors import SENTENCES, MediaError
from videos.media.probe import Probe
from videos.tests.media import samples
from videos.tests.media.conftest import Kit

Sample = Callable[[Callable[[Path], Path]], Path]


@pytest.mark.parametrize(
    "make, expected",
    [
        (samples.landscape_h264, {"container": "mp4", "width": 640, "height": 360, "rotation": 0}),
        (samples.landscape_h264, {"video_codec": "h264", "audio_codec": "aac", "is_vfr": False}),
        (samples.portrait_hevc_mov, {"width": 360, "height": 480, "rotation": 90}),
        (samples.portrait_hevc_mov, {"container": "mov", "video_codec": "hevc"}),
        (samples.square, {"width": 400, "height": 400}),
        (samples.vp9_webm, {"container": "webm", "video_codec": "vp9", "audio_codec": "opus"}),
        (samples.silent, {"has_audio": False, "audio_index": None}),
        (samples.variable_rate, {"is_vfr": True}),
        (samples.hdr_10_bit, {"is_hdr": True, "bit_depth": 10, "color_transfer": "smpte2084"}),
        (samples.four_k, {"width": 3840, "height": 2160}),
        (samples.anamorphic, {"width": 720, "height": 480, "has_square_pixels": False}),
        (samples.playlist_in_matroska, {"container": "matroska", "width": 320}),
    ],
)
def test_tells_what_is_in_a_file(
    kit: Kit, sample: Sample, make: Callable[..., Path], expected: dict[str, object]
) -> None:
    if make is samples.playlist_in_matroska:
        path = samples.playlist_in_matroska(kit.scratch, Path("/etc/passwd"), 9)
    else:
        path = sample(make)
    found = kit.probe(path)
    assert {name: getattr(found, name) for name in expected} == expected
    assert found.duration_ms == pytest.approx(500 if found.width in (720, 3840) else 2000, abs=60)
    assert found.fps == pytest.approx(30, rel=0.01)


def test_measures_a_recording_that_does_not_say_how_long_it_is(kit: Kit, sample: Sample) -> None:
    assert kit.probe(sample(samples.live_webm)).duration_ms == pytest.approx(2000, abs=60)


def test_a_recording_in_bursts_has_the_rate_of_its_time(kit: Kit, sample: Sample) -> None:
    found = kit.probe(sample(samples.in_bursts))
    assert found.is_vfr
    assert found.fps == pytest.approx(30, rel=0.1)


def test_the_picture_is_the_video_not_the_cover_art(kit: Kit, sample: Sample) -> None:
    found: Probe = kit.probe(sample(samples.cover_art_first))
    assert (found.width, found.height, found.video_codec) == (640, 360, "h264")


@pytest.mark.parametrize(
    "make, code",
    [
        (samples.zero_bytes, "empty_file"),
        (samples.random_bytes, "unsupported_format"),
        (samples.random_after_ftyp, "corrupt"),
        (samples.png_named_mp4, "unsupported_format"),
        (samples.without_moov, "corrupt"),
        (samples.cut_off, "corrupt"),
        (samples.thousand_fps, "bad_frame_rate"),
        (samples.many_streams, "too_many_streams"),
        (samples.sound_only, "no_video"),
        (samples.hundred_hours, "too_long"),
        (samples.vast_picture, "too_large"),
    ],
)
def test_refuses_with_a_reason_for_the_owner(
    any_kit: Kit, sample: Sample, make: Callable[[Path], Path], code: str
) -> None:
    with pytest.raises(MediaError) as refusal:
        any_kit.probe(sample(make))
    assert (refusal.value.code, refusal.value.detail) == (code, SENTENCES[code])


def test_refuses_a_length_that_only_reading_shows(kit: Kit, sample: Sample) -> None:
    short = replace(kit, limits=replace(kit.limits, max_duration_ms=1500))
    with pytest.raises(MediaError, match="too_long"):
        short.probe(sample(samples.live_webm))


def test_refuses_an_encoded_picture_larger_than_its_header_says(kit: Kit, sample: Sample) -> None:
    """The container claims 64 x 36; max_pixels holds the decoder too."""
    lying = bytearray(sample(samples.landscape_h264).read_bytes())
    at = lying.index(b"avc1", lying.index(b"stsd")) + 4 + 24
    assert lying[at : at + 4] == (640).to_bytes(2, "big") + (360).to_bytes(2, "big")
    lying[at : at + 4] = (64).to_bytes(2, "big") + (36).to_bytes(2, "big")
    path = kit.scratch / "lying.mp4"
    path.write_bytes(lying)
    tight = replace(kit, limits=replace(kit.limits, max_pixels=128 * 128))
    with pytest.raises(MediaError) as refusal:
        tight.probe(path)
    assert refusal.value.code in ("corrupt", "too_large")
