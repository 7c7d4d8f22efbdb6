"""Files that name other files: nothing they point at is read, nothing they point at is called."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from videos.media import stills, transcode
from videos.media.errors import MediaError
from videos.media.ladder import Rung
from videos.media.loudness import UNTOUCHED
from videos.tests.media import samples
from videos.tests.media.conftest import Canary, Kit

Sample = Callable[[Callable[[Path], Path]], Path]

SCRIPTS = [
    samples.hls,
    samples.ffconcat,
    samples.dash,
    samples.sdp,
    samples.svg,
    samples.html_polyglot,
]


@pytest.mark.parametrize("make", SCRIPTS)
def test_scripts_named_mp4_are_refused_before_any_decoder(
    any_kit: Kit, canary: Canary, make: Callable[[Path, Path, int], Path]
) -> None:
    with pytest.raises(MediaError, match="unsupported_format"):
        any_kit.probe(make(any_kit.scratch, canary.file, canary.port))
    assert canary.hits == 0


@pytest.mark.parametrize("make", SCRIPTS)
def test_ffmpeg_itself_would_not_follow_them_either(
    any_kit: Kit, sample: Sample, canary: Canary, make: Callable[[Path, Path, int], Path]
) -> None:
    """The second wall: even if the magic check let a script through."""
    believed = any_kit.probe(sample(samples.silent))
    source = make(any_kit.scratch, canary.file, canary.port)
    out = any_kit.scratch / "out.mp4"
    with pytest.raises(MediaError, match="corrupt"):
        transcode.render(
            source,
            Rung(360, 640, 360, "encode", 900_000),
            out,
            probe=believed,
            loudness=UNTOUCHED,
            ffmpeg=any_kit.ffmpeg,
            scratch=any_kit.scratch,
            limits=any_kit.limits,
        )
    assert canary.hits == 0
    assert not out.exists() or canary.secret not in out.read_bytes()


def test_a_playlist_attached_to_a_real_video_stays_shut(any_kit: Kit, canary: Canary) -> None:
    source = samples.playlist_in_matroska(any_kit.scratch, canary.file, canary.port)
    rendition = any_kit.render(source)
    assert canary.hits == 0
    assert canary.secret not in rendition.path.read_bytes()
    assert rendition.probe.nb_streams == 1


def test_media_said_to_lie_in_another_file_is_not_fetched(any_kit: Kit, canary: Canary) -> None:
    source = samples.external_reference_mov(any_kit.scratch, canary.file, canary.port)
    with pytest.raises(MediaError, match="corrupt"):
        any_kit.probe(source)


def test_that_reference_is_a_real_one(kit: Kit, canary: Canary) -> None:
    """Told to follow references, ffmpeg does open the canary: so the test above means something."""
    source = samples.external_reference_mov(kit.scratch, canary.file, canary.port)
    careless = ("-enable_drefs", "1", "-use_absolute_path", "1", "-i", str(source), "-f", "null")
    done = subprocess.run(
        [kit.ffmpeg, "-v", "debug", "-nostdin", *careless, "-"], capture_output=True, timeout=30
    )
    assert f"Opening '{canary.file}' for reading".encode() in done.stderr


@pytest.mark.parametrize("name", ["-i.mp4", "a b'c.mp4", "concat:a|b.mp4", "%d.mp4", "é\n.mp4"])
def test_a_file_name_is_never_an_argument(kit: Kit, sample: Sample, name: str) -> None:
    source = kit.scratch / name
    source.write_bytes(sample(samples.silent).read_bytes())
    found = kit.probe(source)
    still = stills.cover(
        source,
        0,
        kit.scratch / "cover.webp",
        probe=found,
        ffmpeg=kit.ffmpeg,
        scratch=kit.scratch,
        limits=kit.limits,
    )
    assert (still.width, still.height) == (640, 360)
