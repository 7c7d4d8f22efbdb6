from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import pytest
from PIL import Image

from videos.media import ladder, transcode
from videos.media.errors import MediaError
from videos.media.ladder import Rung
from videos.media.limits import Limits
from videos.media.loudness import UNTOUCHED
from videos.tests.media import samples
from videos.tests.media.conftest import Kit
from videos.tests.media.test_ladder import PHONE

Sample = Callable[[Callable[[Path], Path]], Path]

RED, BLUE = (254, 0, 0), (0, 0, 254)


def first_frame(path: Path) -> Image.Image:
    with av.open(str(path)) as container:
        pixels = next(container.decode(video=0)).to_ndarray(format="rgb24")
    return Image.fromarray(pixels)


def near(pixel: object, color: tuple[int, int, int], off: int = 20) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= off for a, b in zip(pixel, color, strict=True))


@pytest.mark.parametrize(
    "make, size, has_audio",
    [
        (samples.landscape_h264, (640, 360), True),
        (samples.portrait_hevc_mov, (360, 480), True),
        (samples.square, (360, 360), True),
        (samples.vp9_webm, (480, 360), True),
        (samples.live_webm, (320, 240), True),
        (samples.silent, (640, 360), False),
        (samples.variable_rate, (640, 360), True),
        (samples.hdr_10_bit, (640, 360), False),
        (samples.four_k, (640, 360), True),
        (samples.anamorphic, (540, 360), False),
        (samples.cover_art_first, (640, 360), False),
    ],
)
def test_whatever_comes_in_browsers_and_phones_can_play_what_comes_out(
    any_kit: Kit,
    sample: Sample,
    make: Callable[[Path], Path],
    size: tuple[int, int],
    has_audio: bool,
) -> None:
    rendition = any_kit.render(sample(make))
    found = rendition.probe
    assert (rendition.width, rendition.height) == size
    assert (found.video_codec, found.pixel_format, found.bit_depth) == ("h264", "yuv420p", 8)
    assert (found.rotation, found.has_square_pixels, found.is_hdr) == (0, True, False)
    assert (found.has_audio, found.nb_streams) == (has_audio, 1 + has_audio)
    assert found.audio_codec == ("aac" if has_audio else "")
    assert not found.is_vfr
    assert found.keyframe_gap_ms <= 2100
    assert found.duration_ms == pytest.approx(any_kit.probe(sample(make)).duration_ms, abs=120)
    assert rendition.size_bytes == rendition.path.stat().st_size


def test_playing_can_start_before_the_file_is_there(kit: Kit, sample: Sample) -> None:
    data = kit.render(sample(samples.vp9_webm)).path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_turned_phone_clip_comes_out_upright(kit: Kit, sample: Sample) -> None:
    picture = first_frame(kit.render(sample(samples.portrait_hevc_mov)).path)
    assert picture.size == (360, 480)
    assert near(picture.getpixel((180, 60)), RED)
    assert near(picture.getpixel((180, 420)), BLUE)


@pytest.mark.parametrize("make", [samples.portrait_hevc_mov, samples.web_safe_with_gps])
def test_no_place_device_or_chapter_is_left(
    kit: Kit, sample: Sample, make: Callable[[Path], Path]
) -> None:
    source = sample(make)
    assert any(trace in source.read_bytes() for trace in samples.GPS_TRACES)
    for rung in ladder.plan(kit.probe(source)):
        rendition = kit.render(source, rung)
        data = rendition.path.read_bytes()
        for trace in (*samples.GPS_TRACES, b"Phone 99", b"At home", b"x264 - core"):
            assert trace not in data
        assert "location" not in " ".join(rendition.probe.tags)


def test_a_web_safe_source_keeps_its_very_picture(kit: Kit, sample: Sample) -> None:
    source = sample(samples.landscape_h264)
    (rung,) = ladder.plan(kit.probe(source))
    assert rung.mode == "remux"
    copied = kit.render(source, rung)
    with av.open(str(source)) as before, av.open(str(copied.path)) as after:
        pictures = [
            [frame.to_ndarray() for frame in opened.decode(video=0)] for opened in (before, after)
        ]
    assert len(pictures[0]) == 60
    assert all((a == b).all() for a, b in zip(*pictures, strict=True))


def test_hdr_is_mapped_not_merely_relabelled(kit: Kit, sample: Sample) -> None:
    """Taken as SDR, PQ code values look washed out: mapped, white is white."""
    source = sample(samples.hdr_10_bit)
    mapped = kit.render(source)
    assert mapped.probe.color_transfer == mapped.probe.color_primaries == "bt709"
    found = kit.probe(source)
    naive = replace(found, is_hdr=False, color_primaries="bt709")
    relabelled = transcode.render(
        source,
        Rung(360, 640, 360, "encode", 900_000),
        kit.scratch / "naive.mp4",
        probe=naive,
        loudness=UNTOUCHED,
        ffmpeg=kit.ffmpeg,
        scratch=kit.scratch,
        limits=kit.limits,
    )
    ours, theirs = (first_frame(item.path).convert("L") for item in (mapped, relabelled))
    assert ours.tobytes() != theirs.tobytes()
    assert max(ours.tobytes()) > 200


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_hdr_that_names_only_its_curve_is_mapped_too(kit: Kit, transfer: str) -> None:
    rendition = kit.render(samples.hdr_half_tagged(kit.scratch, transfer=transfer))
    assert rendition.probe.color_transfer == rendition.probe.color_space == "bt709"


@pytest.mark.parametrize("turn", [("-display_hflip",), ("-display_rotation", "180")])
def test_a_mirrored_or_upended_clip_is_encoded_not_copied(
    kit: Kit, sample: Sample, turn: tuple[str, ...]
) -> None:
    source = samples.turned(kit.scratch, sample(samples.silent), *turn)
    (rung,) = ladder.plan(kit.probe(source))
    assert rung.mode == "encode"
    before, after = first_frame(sample(samples.silent)), first_frame(kit.render(source).path)
    assert not near(before.getpixel((20, 20)), after.getpixel((20, 20)))  # type: ignore[arg-type]


def test_4k_hdr_fits_the_default_limits(kit: Kit, tmp_path: Path) -> None:
    source = samples.hdr_10_bit(tmp_path, size="3840x2160", seconds=0.2)
    rung = ladder.plan(kit.probe(source))[-1]
    assert rung.short_edge == 1080
    many_cores = replace(kit, limits=replace(kit.limits, threads=8))
    assert many_cores.render(source, rung).height == 1080


@pytest.mark.parametrize(
    "fps, is_vfr, rate",
    [
        (30.0, False, None),
        (59.94, False, None),
        (120.0, False, "60"),
        (240.0, True, "60"),
        (28.7, True, "30"),
        (23.5, True, "24"),
        (12.0, True, "12"),
    ],
)
def test_the_rate_is_constant_and_at_most_60(fps: float, is_vfr: bool, rate: str | None) -> None:
    assert transcode.frame_rate(replace(PHONE, fps=fps, is_vfr=is_vfr), Limits()) == rate


def test_progress_grows_to_one(kit: Kit, sample: Sample) -> None:
    seen: list[float] = []
    kit.render(sample(samples.vp9_webm), on_progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_a_caller_that_gives_up_stops_the_work(kit: Kit, sample: Sample) -> None:
    class LeaseLostError(Exception):
        pass

    def give_up(share: float) -> None:
        raise LeaseLostError

    with pytest.raises(LeaseLostError):
        kit.render(sample(samples.four_k), on_progress=give_up)


def test_a_file_damaged_in_the_middle_of_its_data_says_so(kit: Kit, sample: Sample) -> None:
    """The index is whole, most of the frames are zeros."""
    data = bytearray(sample(samples.vp9_webm).read_bytes())
    data[4000:-2000] = bytes(len(data) - 6000)
    source = kit.scratch / "damaged.webm"
    source.write_bytes(data)
    with pytest.raises(MediaError) as refusal:
        kit.render(source)
    assert refusal.value.code == "corrupt"


def test_what_is_written_is_bounded(kit: Kit, sample: Sample) -> None:
    tight = replace(kit, limits=replace(kit.limits, output_bytes=20_000))
    with pytest.raises(MediaError, match="resource_limit"):
        tight.render(sample(samples.vp9_webm))


@pytest.mark.parametrize(
    "encoder,words",
    [
        ("libx264", ["-preset faster -crf 25", "format=yuv420p"]),
        ("h264_nvenc", ["-rc vbr -cq 23"]),
        ("h264_qsv", ["-global_quality 23"]),
        ("h264_vaapi", ["-vaapi_device /dev/dri/renderD128", ",format=nv12,hwupload"]),
        ("h264_videotoolbox", ["-q:v 54"]),
    ],
)
def test_the_encoder_is_chosen_by_configuration(
    tmp_path: Path, encoder: str, words: list[str]
) -> None:
    rung = ladder.plan(PHONE)[0]
    argv = transcode.command(
        tmp_path / "in.mp4",
        rung,
        tmp_path / "out.mp4",
        probe=PHONE,
        loudness=UNTOUCHED,
        ffmpeg="/usr/bin/ffmpeg",
        limits=Limits(encoder=encoder),
    )
    line = " ".join(argv)
    assert f"-c:v {encoder} " in line
    assert f"-maxrate {rung.max_video_bitrate}" in line
    assert [word for word in words if word not in line] == []
