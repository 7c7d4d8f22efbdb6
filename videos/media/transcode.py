"""Making one rendition: an H.264/AAC MP4 that starts playing before it is all there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Final

from videos.media import color, encoders, sandbox
from videos.media import ffmpeg as tool
from videos.media.errors import MediaError
from videos.media.ladder import Rung
from videos.media.limits import Limits
from videos.media.loudness import Loudness, measure_loudness
from videos.media.mix import PLAIN, Mix
from videos.media.probe import Probe
from videos.media.probe import probe as examine

__all__ = ["Rendition", "command", "measure_loudness", "render"]

_KEYFRAME_SECONDS: Final = 2
_STEADY_RATES: Final = (24, 25, 30, 48, 50, 60)
_AAC: Final = ("-c:a", "aac", "-b:a", "128k", "-ar", "48000")
# Of the source's length; less means the file ended early though its header promised more.
_MIN_KEPT: Final = 0.9
# Names that our own muxer writes; anything else in an output came from the source.
_OWN_TAGS: Final = frozenset(
    {"major_brand", "minor_version", "compatible_brands"}
    | {"handler_name", "vendor_id", "language", "encoder"}
)


@dataclass(frozen=True)
class Rendition:
    """A finished file; ``bitrate`` in bits a second.

    ``probe`` is what a second look found, with which ``stills.preview`` can read this smaller
    file instead of the source.
    """

    path: Path
    width: int
    height: int
    bitrate: int
    size_bytes: int
    duration_ms: int
    probe: Probe


def render(
    source: Path,
    rung: Rung,
    out: Path,
    *,
    probe: Probe,
    loudness: Loudness,
    ffmpeg: str,
    scratch: Path,
    limits: Limits,
    mix: Mix = PLAIN,
    on_progress: Callable[[float], None] = lambda share: None,
    on_written: Callable[[Path], None] = lambda out: None,
) -> Rendition:
    """Write ``rung`` of ``source`` to ``out`` (inside ``scratch``) and check what was written.

    ``loudness`` is that of its own sound. ``on_progress`` gets 0.0 to 1.0; what it raises stops the
    work. ``on_written`` gets ``out`` before it is checked. Raises ``MediaError`` (corrupt,
    encoder_failed, timed_out, resource_limit).
    """
    argv = command(
        source,
        rung,
        out,
        probe=probe,
        loudness=loudness,
        ffmpeg=ffmpeg,
        limits=limits,
        mix=mix,
    )
    return run(
        argv,
        rung,
        out,
        readable=[source, *mix.files],
        duration_ms=probe.duration_ms,
        scratch=scratch,
        limits=limits,
        on_progress=on_progress,
        on_written=on_written,
    )


def run(
    argv: list[str],
    rung: Rung,
    out: Path,
    *,
    readable: list[Path],
    duration_ms: int,
    scratch: Path,
    limits: Limits,
    on_progress: Callable[[float], None],
    on_written: Callable[[Path], None],
) -> Rendition:
    """Run a command that writes ``rung`` to ``out`` and check what it wrote; see `render`."""
    done = sandbox.run(
        argv,
        scratch=scratch,
        limits=limits,
        readable=readable,
        on_stdout_line=_progress(duration_ms, on_progress),
    )
    if done.returncode != 0:
        raise tool.failure(done)
    on_progress(1.0)
    on_written(out)
    return _checked(out, rung, source_ms=duration_ms, scratch=scratch, limits=limits)


def command(
    source: Path,
    rung: Rung,
    out: Path,
    *,
    probe: Probe,
    loudness: Loudness,
    ffmpeg: str,
    limits: Limits,
    mix: Mix = PLAIN,
) -> list[str]:
    """Return the run of ffmpeg that makes ``rung`` of ``source``."""
    picture = _copy_args() if rung.mode == "remux" else _encode_args(probe, rung, limits)
    return [
        *tool.base_args(ffmpeg),
        *(encoders.device_args(limits.encoder) if rung.mode == "encode" else ()),
        *("-progress", "pipe:1", "-stats_period", "0.25"),
        *tool.input_args(source, probe, limits),
        *mix.input_args(limits),
        *("-map", f"0:{probe.video_index}"),
        *picture,
        *_audio_args(probe, rung, loudness, mix),
        *tool.strip_args(),
        # A chosen sound has no end of its own; otherwise sound and picture end where they end.
        *("-t", tool.seconds(probe.duration_ms if mix.music else limits.max_duration_ms)),
        *("-movflags", "+faststart", "-f", "mp4", f"file:{out.resolve()}"),
    ]


def frame_rate(probe: Probe, limits: Limits) -> str | None:
    """The constant rate to encode at, as ffmpeg reads it; None keeps the source's even rate."""
    if probe.fps > limits.max_output_fps * 1.01:
        return str(limits.max_output_fps)
    if not probe.is_vfr:
        return None
    steady = min(_STEADY_RATES, key=lambda rate: abs(rate - probe.fps))
    if abs(steady - probe.fps) <= 0.1 * steady:
        return str(steady)
    return str(Fraction(probe.fps).limit_denominator(1001))


def _encode_args(probe: Probe, rung: Rung, limits: Limits) -> list[str]:
    rate = frame_rate(probe, limits)
    per_second = float(Fraction(rate)) if rate else probe.fps
    upload = encoders.upload_filter(limits.encoder)
    return [
        *("-vf", color.filters(probe, rung.width, rung.height, fps=rate) + upload),
        *encoder_args(rung, per_second, limits),
    ]


def encoder_args(rung: Rung, per_second: float, limits: Limits) -> list[str]:
    """Return how the picture of ``rung`` is encoded, at ``per_second`` frames."""
    return [
        *(
            "-fps_mode",
            "cfr",
            *encoders.args(limits.encoder, rung.short_edge),
            "-profile:v",
            "high",
        ),
        *("-maxrate", str(rung.max_video_bitrate), "-bufsize", str(rung.max_video_bitrate * 2)),
        *("-g", str(max(1, round(per_second * _KEYFRAME_SECONDS)))),
        *("-threads:v", str(limits.threads)),
        *_plain_stream(),
    ]


def _copy_args() -> list[str]:
    return ["-c:v", "copy", *_plain_stream()]


def _plain_stream() -> list[str]:
    # SEI messages carry what cameras and encoders say about themselves, drones their position.
    return ["-bsf:v", "filter_units=remove_types=6", "-tag:v", "avc1"]


def _audio_args(probe: Probe, rung: Rung, loudness: Loudness, mix: Mix) -> list[str]:
    # async fills the gaps that phones and browsers leave, so that sound stays with picture.
    steady = "aresample=async=1000:first_pts=0"
    if not mix.is_own:
        graph = mix.graph(probe, [steady], loudness)
        chosen = ["-filter_complex", graph, "-map", "[a]", "-ac", "2"] if graph else ["-an"]
        return [*chosen, *(_AAC if graph else ())]
    if probe.audio_index is None:
        return ["-an"]
    args = ["-map", f"0:{probe.audio_index}"]
    if rung.mode == "remux" and loudness.is_untouched and probe.audio_channels <= 2:
        return [*args, "-c:a", "copy"]
    chain = [steady, *loudness.filters(), "aresample=48000"]
    if probe.audio_channels > 2:
        args += ["-ac", "2"]
    return [*args, "-af", ",".join(chain), *_AAC]


def _progress(duration_ms: int, report: Callable[[float], None]) -> Callable[[str], None]:
    def on_line(line: str) -> None:
        name, _, value = line.partition("=")
        if name == "out_time_us" and value.strip().lstrip("-").isdigit():
            report(min(max(int(value) / 1000 / duration_ms, 0.0), 0.99))

    return on_line


def _checked(out: Path, rung: Rung, *, source_ms: int, scratch: Path, limits: Limits) -> Rendition:
    """Look at the output as a stranger would: right size, upright, nothing carried along."""
    bounds = replace(limits, min_duration_ms=1, max_duration_ms=limits.max_duration_ms + 1000)
    found = examine(out, scratch=scratch, limits=bounds)
    if found.duration_ms < source_ms * _MIN_KEPT - 500:
        raise MediaError("corrupt", log=f"{found.duration_ms} of {source_ms} ms came out")
    wrong = [
        (found.width, found.height) != (rung.width, rung.height),
        found.rotation != 0 or found.is_flipped,
        found.nb_streams > 2,
        found.video_codec != "h264" or found.pixel_format != "yuv420p",
        not _OWN_TAGS.issuperset(found.tags),
    ]
    if any(wrong):
        raise MediaError("encoder_failed", log=f"unexpected output: {found}")
    return Rendition(
        path=out,
        width=found.width,
        height=found.height,
        bitrate=found.bitrate,
        size_bytes=found.size_bytes,
        duration_ms=found.duration_ms,
        probe=found,
    )
