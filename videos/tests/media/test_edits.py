"""A part of a file, and other sound: what comes out is what was chosen."""

from __future__ import annotations

import math
import subprocess
from array import array
from pathlib import Path

import pytest
from PIL import Image

from videos.media import audio, ladder, stills, transcode
from videos.media.errors import MediaError
from videos.media.ffmpeg import ffmpeg_path
from videos.media.loudness import UNTOUCHED, measure_loudness
from videos.media.mix import PLAIN, Mix
from videos.media.probe import Probe, excerpt
from videos.tests.media import samples
from videos.tests.media.conftest import Kit

RATE = 48_000


def three_colours(folder: Path, *, name: str = "three.mp4", webm: bool = False) -> Path:
    """A second each of red, green and blue, with 300, 600 and 1200 Hz."""
    out = folder / name
    sources = [
        part
        for colour, tone in (("red", 300), ("lime", 600), ("blue", 1200))
        for part in (
            *("-f", "lavfi", "-t", "1", "-i", f"color={colour}:s=360x640:r=30"),
            *("-f", "lavfi", "-t", "1", "-i", f"sine=frequency={tone}:sample_rate=48000"),
        )
    ]
    joined = "[0:v][1:a][2:v][3:a][4:v][5:a]concat=n=3:v=1:a=1[v][a]"
    made = ("-filter_complex", joined, "-map", "[v]", "-map", "[a]")
    codec = (
        ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus", "-f", "webm", "-live", "1")
        if webm
        else (*samples._H264, "-g", "90", *samples._AAC)
    )
    # Through a pipe, as a browser's recorder writes: no index and no length in the WebM.
    target = "pipe:1" if webm else str(out)
    with out.open("wb") if webm else Path("/dev/null").open("wb") as file:
        argv = [ffmpeg_path(), "-v", "error", "-nostdin", "-y"]
        subprocess.run([*argv, *sources, *made, *codec, target], stdout=file, check=True)
    return out


def render(kit: Kit, path: Path, found: Probe, mix: Mix = PLAIN) -> transcode.Rendition:
    made = transcode.render(
        path,
        ladder.plan(found)[0],
        kit.scratch / "out.mp4",
        probe=found,
        loudness=UNTOUCHED,
        ffmpeg=kit.ffmpeg,
        scratch=kit.scratch,
        limits=kit.limits,
        mix=mix,
    )
    assert (made.probe.audio_index is not None) == mix.is_heard(found)
    return made


def colour_at(kit: Kit, path: Path, at_ms: int) -> str:
    """Return which of the three colours a rendition shows at a moment."""
    still = kit.scratch / "frame.png"
    argv = [kit.ffmpeg, "-v", "error", "-y", "-ss", f"{at_ms / 1000}", "-i", str(path)]
    subprocess.run([*argv, "-frames:v", "1", str(still)], check=True)
    pixel = Image.open(still).convert("RGB").getpixel((180, 320))
    assert isinstance(pixel, tuple)
    return ("red", "green", "blue")[pixel.index(max(pixel))]


def strength(kit: Kit, path: Path, tone: int, begin: float = 0, length: float = 0.5) -> float:
    """Return how strong a tone is in a part of a file's sound, full scale being 1 (Goertzel)."""
    argv = [kit.ffmpeg, "-v", "error", "-ss", str(begin), "-t", str(length), "-i", str(path)]
    raw = subprocess.run(
        [*argv, "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"], check=True, capture_output=True
    ).stdout
    values = array("f", raw)
    turn = 2 * math.pi * tone / RATE
    real = sum(value * math.cos(turn * n) for n, value in enumerate(values))
    imaginary = sum(value * math.sin(turn * n) for n, value in enumerate(values))
    return 2 * math.hypot(real, imaginary) / max(len(values), 1)


@pytest.mark.parametrize("webm", [False, True], ids=["mp4, one keyframe", "a recorder's webm"])
def test_a_part_is_cut_where_it_was_chosen(kit: Kit, webm: bool) -> None:
    path = three_colours(kit.scratch, name="live.webm" if webm else "three.mp4", webm=webm)
    part = excerpt(kit.probe(path), 1100, 2900, limits=kit.limits)
    assert [rung.mode for rung in ladder.plan(part)] == ["encode"]
    made = render(kit, path, part)
    assert abs(made.duration_ms - 1800) < 80
    assert [colour_at(kit, made.path, at) for at in (50, 800, 1000, 1700)] == [
        "green",
        "green",
        "blue",
        "blue",
    ]
    assert strength(kit, made.path, 600, 0.1) > 5 * strength(kit, made.path, 300, 0.1)
    assert strength(kit, made.path, 1200, 1.2) > 5 * strength(kit, made.path, 600, 1.2)


def test_cover_preview_and_loudness_are_those_of_the_part(kit: Kit) -> None:
    path = three_colours(kit.scratch)
    part = excerpt(kit.probe(path), 1100, None, limits=kit.limits)
    tools = {"ffmpeg": kit.ffmpeg, "scratch": kit.scratch, "limits": kit.limits}
    cover = stills.cover(path, 200, kit.scratch / "c.jpg", probe=part, **tools)  # type: ignore[arg-type]
    pixel = Image.open(cover.path).convert("RGB").getpixel((100, 100))
    assert isinstance(pixel, tuple)
    assert pixel.index(max(pixel)) == 1
    preview = stills.preview(path, kit.scratch / "p.webp", probe=part, **tools)  # type: ignore[arg-type]
    frames = Image.open(preview.path)
    first, last = (_middle(frames, number) for number in (0, getattr(frames, "n_frames", 1) - 1))
    assert (first.index(max(first)), last.index(max(last))) == (1, 2)
    loud = measure_loudness(path, probe=part, **tools)  # type: ignore[arg-type]
    assert math.isfinite(loud.integrated_lufs)


def _middle(frames: Image.Image, number: int) -> tuple[int, ...]:
    frames.seek(number)
    pixel = frames.convert("RGB").getpixel((frames.width // 2, frames.height // 2))
    assert isinstance(pixel, tuple)
    return pixel


def test_a_part_outside_of_the_file_is_refused(kit: Kit) -> None:
    found = kit.probe(samples.silent(kit.scratch))
    assert excerpt(found, None, None, limits=kit.limits) is found
    assert excerpt(found, 500, 99_000, limits=kit.limits).duration_ms == found.duration_ms - 500
    with pytest.raises(MediaError, match="trim_outside"):
        excerpt(found, 5000, None, limits=kit.limits)


def test_a_chosen_sound_is_heard_at_its_level_to_the_end_and_no_longer(kit: Kit) -> None:
    clip = samples.plain(kit.scratch, "red", seconds=3, tone=300)
    short = samples.plain(kit.scratch, "blue", seconds=1, tone=1200)
    music = kit.scratch / "music.m4a"
    audio.take(short, music, ffmpeg=kit.ffmpeg, limits=kit.limits)
    found = kit.probe(clip)

    both = render(kit, clip, found, Mix(own_level=1, music=music, music_level=0.5))
    assert abs(both.duration_ms - 3000) < 80
    own, other = strength(kit, both.path, 300, 2.2), strength(kit, both.path, 1200, 2.2)
    assert own > 0.05
    assert other / own == pytest.approx(0.5, abs=0.12)  # again from its beginning, at half

    instead = render(kit, clip, found, Mix(own_level=0, music=music))
    assert strength(kit, instead.path, 300, 1) < 0.01 < strength(kit, instead.path, 1200, 1)
    assert abs(instead.duration_ms - 3000) < 80

    nothing = render(kit, clip, found, Mix(own_level=0))
    assert nothing.probe.audio_index is None

    silent = samples.silent(kit.scratch)
    under = render(kit, silent, kit.probe(silent), Mix(music=music))
    assert strength(kit, under.path, 1200, 0.5) > 0.05
