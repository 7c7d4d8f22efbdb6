from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from videos.media import stills
from videos.media.stills import Still
from videos.tests.media import samples
from videos.tests.media.conftest import Kit
from videos.tests.media.test_transcode import BLUE, RED, near

Sample = Callable[[Callable[[Path], Path]], Path]


def cover(kit: Kit, path: Path, at_ms: int = 500, name: str = "cover.jpg") -> Still:
    return stills.cover(
        path,
        at_ms,
        kit.scratch / name,
        probe=kit.probe(path),
        ffmpeg=kit.ffmpeg,
        scratch=kit.scratch,
        limits=kit.limits,
    )


def preview(kit: Kit, path: Path) -> Still:
    return stills.preview(
        path,
        kit.scratch / "preview.webp",
        probe=kit.probe(path),
        ffmpeg=kit.ffmpeg,
        scratch=kit.scratch,
        limits=kit.limits,
    )


@pytest.mark.parametrize("name", ["cover.jpg", "cover.webp"])
def test_a_cover_is_upright_true_in_colour_and_says_nothing_else(
    any_kit: Kit, sample: Sample, name: str
) -> None:
    still = cover(any_kit, sample(samples.portrait_hevc_mov), name=name)
    with Image.open(still.path) as picture:
        assert picture.format == ("JPEG" if name.endswith("jpg") else "WEBP")
        assert picture.size == (still.width, still.height) == (360, 480)
        assert near(picture.convert("RGB").getpixel((180, 60)), RED)
        assert near(picture.convert("RGB").getpixel((180, 420)), BLUE)
        assert not {"exif", "comment", "xmp", "icc_profile"} & set(picture.info)
    assert all(trace not in still.path.read_bytes() for trace in samples.GPS_TRACES)
    assert len(still.blurhash) == 28
    assert sorted(p.name for p in any_kit.scratch.iterdir()) == [name]


@pytest.mark.parametrize("at_ms", [-5, 0, 1999, 2000, 999_999])
def test_any_moment_gives_a_cover(kit: Kit, sample: Sample, at_ms: int) -> None:
    assert cover(kit, sample(samples.vp9_webm), at_ms).size_bytes > 0


def test_the_moment_is_the_one_asked_for(kit: Kit, sample: Sample) -> None:
    early, late = (cover(kit, sample(samples.landscape_h264), at, f"{at}.jpg") for at in (0, 1500))
    assert early.path.read_bytes() != late.path.read_bytes()


@pytest.mark.parametrize("make", [samples.hdr_10_bit, samples.four_k, samples.cover_art_first])
def test_covers_of_every_kind(kit: Kit, sample: Sample, make: Callable[[Path], Path]) -> None:
    still = cover(kit, sample(make), 0)
    assert min(still.width, still.height) <= 720
    assert still.width > still.height


@pytest.mark.parametrize("make", [samples.landscape_h264, samples.vp9_webm, samples.four_k])
def test_a_preview_moves_and_is_small(
    any_kit: Kit, sample: Sample, make: Callable[[Path], Path]
) -> None:
    still = preview(any_kit, sample(make))
    with Image.open(still.path) as picture:
        assert picture.format == "WEBP"
        assert getattr(picture, "n_frames", 1) > 3
        assert picture.size == (still.width, still.height)
        assert min(picture.size) == 240
    assert still.size_bytes <= stills.PREVIEW_MAX_BYTES


def test_a_preview_is_upright_and_says_nothing_else(kit: Kit, sample: Sample) -> None:
    still = preview(kit, sample(samples.portrait_hevc_mov))
    assert (still.width, still.height) == (240, 320)
    assert all(trace not in still.path.read_bytes() for trace in samples.GPS_TRACES)


def test_a_noisy_clip_gets_a_coarser_preview(kit: Kit, tmp_path: Path) -> None:
    assert preview(kit, samples.noise(tmp_path)).size_bytes <= stills.PREVIEW_MAX_BYTES
