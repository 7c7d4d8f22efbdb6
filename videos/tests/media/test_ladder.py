from __future__ import annotations

from typing import Any

import pytest

from videos.media import ladder
from videos.media.probe import Probe

PHONE = Probe(
    container="mp4",
    duration_ms=10_000,
    width=1080,
    height=1920,
    rotation=0,
    is_flipped=False,
    has_square_pixels=True,
    fps=30.0,
    is_vfr=False,
    is_interlaced=False,
    video_codec="h264",
    video_profile="High",
    pixel_format="yuv420p",
    bit_depth=8,
    is_hdr=False,
    color_transfer="bt709",
    color_space="bt709",
    color_primaries="bt709",
    color_range="tv",
    keyframe_gap_ms=1000,
    has_audio=True,
    audio_codec="aac",
    audio_channels=2,
    bitrate=5_000_000,
    size_bytes=6_250_000,
    nb_streams=2,
    video_index=0,
    audio_index=1,
    tags=(),
)


def changed(**fields: Any) -> Probe:
    return Probe(**(PHONE.__dict__ | fields))


@pytest.mark.parametrize(
    "width, height, sizes",
    [
        (1080, 1920, [(360, 640), (540, 960), (720, 1280), (1080, 1920)]),
        (3840, 2160, [(640, 360), (960, 540), (1280, 720), (1920, 1080)]),
        (720, 720, [(360, 360), (540, 540), (720, 720)]),
        (853, 480, [(640, 360)]),
        (359, 641, [(358, 640)]),
        (101, 101, [(100, 100)]),
        (100, 9000, [(46, 4096)]),
    ],
)
def test_sizes_by_short_edge_never_upscaled(
    width: int, height: int, sizes: list[tuple[int, int]]
) -> None:
    rungs = ladder.plan(changed(width=width, height=height, video_codec="hevc"))
    assert [(rung.width, rung.height) for rung in rungs] == sizes
    assert {rung.mode for rung in rungs} == {"encode"}


def test_a_web_safe_source_is_remuxed_for_its_own_size_alone() -> None:
    modes = [(rung.short_edge, rung.mode) for rung in ladder.plan(PHONE)]
    assert modes == [(360, "encode"), (540, "encode"), (720, "encode"), (1080, "remux")]


def test_a_web_safe_source_between_two_rungs_keeps_its_own_size() -> None:
    rungs = ladder.plan(changed(width=854, height=480, bitrate=900_000))
    assert [(rung.short_edge, rung.mode) for rung in rungs] == [(360, "encode"), (480, "remux")]


@pytest.mark.parametrize(
    "flaw",
    [
        {"container": "matroska"},
        {"video_codec": "hevc"},
        {"pixel_format": "yuv422p"},
        {"pixel_format": "yuvj420p"},
        {"video_profile": "High 10"},
        {"audio_codec": "pcm_s16le"},
        {"rotation": 90},
        {"is_flipped": True},
        {"is_interlaced": True},
        {"is_hdr": True},
        {"color_primaries": "bt2020"},
        {"has_square_pixels": False},
        {"is_vfr": True},
        {"fps": 120.0},
        {"width": 1081},
        {"width": 2160, "height": 3840},
        {"keyframe_gap_ms": 60_000},
        {"bitrate": 40_000_000},
    ],
)
def test_one_flaw_and_the_picture_is_encoded(flaw: dict[str, Any]) -> None:
    assert not ladder.is_web_safe(changed(**flaw))


def test_faster_pictures_may_use_more_bits() -> None:
    slow, fast = (ladder.plan(changed(fps=fps))[0].max_video_bitrate for fps in (30.0, 60.0))
    assert fast > slow
