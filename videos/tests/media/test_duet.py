"""Two clips in one picture: who is where, what is heard, how long it lasts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from videos.media import duet, ladder, stills
from videos.media.duet import Duet
from videos.media.loudness import TARGET_LUFS, measure_loudness
from videos.media.transcode import Rendition
from videos.tests.media import samples
from videos.tests.media.conftest import Kit
from videos.tests.media.test_transcode import BLUE, RED, first_frame
from videos.tests.media.test_transcode import near as nearly

BLACK = (0, 0, 0)


def near(pixel: object, color: tuple[int, int, int]) -> bool:
    """Allow for samples that do not say by which matrix their colours are meant."""
    return nearly(pixel, color, off=40)


def paired(kit: Kit, left: Path, right: Path) -> Duet:
    made = Duet(left, kit.probe(left), right, kit.probe(right))
    own = measure_loudness(left, probe=made.left_probe, **tools(kit))
    return replace(made, left_loudness=own)


def tools(kit: Kit) -> Any:
    """Return what every step is given."""
    return {"ffmpeg": kit.ffmpeg, "scratch": kit.scratch, "limits": kit.limits}


def rendered(kit: Kit, both: Duet, number: int = 0) -> Rendition:
    rung = ladder.plan(both.probe(kit.limits))[number]
    loudness = duet.measure_mix(both, **tools(kit))
    out = kit.scratch / f"duet-{rung.short_edge}.mp4"
    shares: list[float] = []
    made = duet.render(both, rung, out, loudness=loudness, on_progress=shares.append, **tools(kit))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    return made


def tones(path: Path, *frequencies: int) -> list[float]:
    """Return how strong each tone is in the sound of a file."""
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    wave = np.concatenate(frames)
    strength = np.abs(np.fft.rfft(wave)) / len(wave)
    at = np.fft.rfftfreq(len(wave), 1 / 48000)
    return [float(strength[np.abs(at - hertz) < 5].max()) for hertz in frequencies]


def colors(picture: Image.Image, *places: tuple[float, float]) -> list[object]:
    width, height = picture.size
    return [picture.getpixel((int(width * x), int(height * y))) for x, y in places]


def test_the_new_one_is_left_the_original_right_and_both_are_heard(
    any_kit: Kit, tmp_path: Path
) -> None:
    # Recorded quietly; of the original, which we levelled, nothing is changed.
    left = samples.plain(tmp_path, "red", size="720x1280", tone=440, volume=0.2)
    right = samples.plain(tmp_path, "blue", size="360x640", tone=1000, seconds=3)
    both = paired(any_kit, left, right)
    whole = both.probe(any_kit.limits)
    assert (whole.width, whole.height) == (1440, 1280)
    assert [rung.short_edge for rung in ladder.plan(whole)] == [360, 540, 720, 1080]
    small, large = rendered(any_kit, both), rendered(any_kit, both, 2)
    for made, size in ((small, (404, 360)), (large, (810, 720))):
        found = made.probe
        assert (made.width, made.height) == size
        assert (found.video_codec, found.audio_codec, found.nb_streams) == ("h264", "aac", 2)
        assert found.duration_ms == pytest.approx(2000, abs=120)
        picture = first_frame(made.path)
        one, other = colors(picture, (0.25, 0.5), (0.75, 0.5))
        assert near(one, RED)
        assert near(other, BLUE)
        corners = colors(picture, (0.01, 0.01), (0.48, 0.99), (0.52, 0.01), (0.99, 0.99))
        assert all(map(near, corners, (RED, RED, BLUE, BLUE)))
    low, high = tones(small.path, 440, 1000)
    assert 0.2 < low / high < 5
    heard = measure_loudness(small.path, probe=small.probe, **tools(any_kit))
    assert heard.integrated_lufs == pytest.approx(TARGET_LUFS, abs=1.5)


@pytest.mark.parametrize(
    "left_size, right_size, bars",
    [
        ("360x640", "640x360", "right"),
        ("640x360", "360x640", "left"),
        ("400x400", "360x640", "left"),
    ],
)
def test_a_lying_picture_keeps_its_shape_between_bars(
    kit: Kit, tmp_path: Path, left_size: str, right_size: str, bars: str
) -> None:
    left = samples.plain(tmp_path, "red", size=left_size)
    right = samples.plain(tmp_path, "blue", size=right_size, rate=25)
    made = rendered(kit, paired(kit, left, right))
    assert made.probe.nb_streams == 1, "two silent clips are silent together"
    picture = first_frame(made.path)
    assert made.width / made.height == pytest.approx(9 / 8, abs=0.02)
    middles = colors(picture, (0.25, 0.5), (0.75, 0.5))
    assert all(map(near, middles, (RED, BLUE)))
    tops = colors(picture, (0.25, 0.02), (0.75, 0.02))
    expected = (BLACK, BLUE) if bars == "left" else (RED, BLACK)
    assert all(map(near, tops, expected))


@pytest.mark.parametrize("audible", ["left", "right"])
def test_one_of_them_may_be_silent(kit: Kit, tmp_path: Path, audible: str) -> None:
    left = samples.plain(tmp_path, "red", tone=440 if audible == "left" else None, seconds=3)
    right = samples.plain(tmp_path, "blue", tone=440 if audible == "right" else None)
    made = rendered(kit, paired(kit, left, right))
    assert (made.probe.has_audio, made.probe.nb_streams) == (True, 2)
    assert made.probe.duration_ms == pytest.approx(2000, abs=120)
    loud, other = tones(made.path, 440, 1000)
    assert loud > 20 * other


def test_what_browsers_record_stands_beside_what_phones_film(kit: Kit, tmp_path: Path) -> None:
    both = paired(kit, samples.live_webm(tmp_path), samples.portrait_hevc_mov(tmp_path))
    made = rendered(kit, both)
    picture = first_frame(made.path)
    upper, lower = colors(picture, (0.75, 0.25), (0.75, 0.75))
    assert near(upper, RED)
    assert near(lower, BLUE)


@pytest.mark.parametrize("at_ms", [0, 1000, 99_000])
def test_pictures_are_taken_of_both(kit: Kit, tmp_path: Path, at_ms: int) -> None:
    left = samples.plain(tmp_path, "red", size="720x1280")
    right = samples.plain(tmp_path, "blue", size="720x1280")
    out = tmp_path / "moment.mp4"
    found = duet.excerpt(paired(kit, left, right), at_ms, out, short_edge=720, **tools(kit))
    still = stills.cover(out, 0, tmp_path / "cover.jpg", probe=found, **tools(kit))
    assert (still.width, still.height) == (810, 720)
    with Image.open(still.path) as picture:
        assert near(picture.getpixel((200, 360)), RED)
        assert near(picture.getpixel((600, 360)), BLUE)
