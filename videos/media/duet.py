"""Two clips side by side in one picture, the new one on the left, with the sound of both.

Each has a 9:16 half. A picture of another shape is scaled so that at most a quarter of it is cut
off; what it leaves of its half stays black. Both begin together, and the shorter one ends it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Final

from videos.media import color, encoders, sandbox, transcode
from videos.media import ffmpeg as tool
from videos.media.ladder import Rung
from videos.media.limits import Limits
from videos.media.loudness import UNTOUCHED, Loudness, read_loudness
from videos.media.probe import Probe
from videos.media.probe import probe as examine

_HALF: Final = 9 / 16
_MOST_CUT: Final = 1 / 4
_TALLEST: Final = 1920
_AUDIO: Final = ("-c:a", "aac", "-b:a", "128k", "-ar", "48000")
STILL_MS: Final = 200


@dataclass(frozen=True)
class Duet:
    """The two files; of the right one, a rendition of ours, the sound is levelled already."""

    left: Path
    left_probe: Probe
    right: Path
    right_probe: Probe
    left_loudness: Loudness | None = None

    def probe(self, limits: Limits) -> Probe:
        """What a file of the composed picture would be found to hold; nothing is ever upscaled."""
        height = _even(min(max(map(_own_height, self._probes)), _TALLEST))
        rate = max((_rate(probe, limits) for probe in self._probes), key=Fraction)
        audible = any(probe.audio_index is not None for probe in self._probes)
        return Probe(
            container="mp4",
            duration_ms=min(probe.duration_ms for probe in self._probes),
            width=2 * _even(height * _HALF),
            height=height,
            rotation=0,
            is_flipped=False,
            has_square_pixels=True,
            fps=float(Fraction(rate)),
            is_vfr=False,
            is_interlaced=False,
            video_codec="rawvideo",
            video_profile="",
            pixel_format="yuv420p",
            bit_depth=8,
            is_hdr=False,
            color_transfer="bt709",
            color_space="bt709",
            color_primaries="bt709",
            color_range="tv",
            keyframe_gap_ms=0,
            has_audio=audible,
            audio_codec="",
            audio_channels=2 if audible else 0,
            bitrate=0,
            size_bytes=0,
            nb_streams=2 if audible else 1,
            video_index=0,
            audio_index=1 if audible else None,
            tags=(),
        )

    @property
    def _probes(self) -> tuple[Probe, Probe]:
        return self.left_probe, self.right_probe

    def inputs(self, limits: Limits, at_ms: int = 0) -> list[str]:
        """Return the arguments that open both files at a moment."""
        return [
            *tool.input_args(self.left, self.left_probe, limits, at_ms=at_ms),
            *tool.input_args(self.right, self.right_probe, limits, at_ms=at_ms),
        ]

    def picture(self, width: int, height: int, limits: Limits) -> str:
        """Return the graph from both pictures to `[v]`, of `width` x `height` (both even)."""
        rate = max((_rate(probe, limits) for probe in self._probes), key=Fraction)
        left = _even(width / 2)
        halves = zip(range(2), self._probes, (left, width - left), "lr", strict=True)
        chains = [
            f"[{number}:{probe.video_index}]{_half(probe, wide, height, rate)}[{name}]"
            for number, probe, wide, name in halves
        ]
        return ";".join([*chains, "[l][r]hstack=inputs=2,setsar=1"])

    def sound(self) -> str | None:
        """Return the graph from both sounds to their mix at equal level, None where none is."""
        boost = (self.left_loudness or UNTOUCHED).gain_db
        chains = [
            # async fills the gaps that phones and browsers leave, as in `transcode`.
            f"[{number}:{probe.audio_index}]aresample=48000:async=1000:first_pts=0,"
            f"aformat=sample_fmts=fltp:channel_layouts=stereo,volume={gain:.2f}dB"
            for number, probe, gain in zip(range(2), self._probes, (boost, 0.0), strict=True)
            if probe.audio_index is not None
        ]
        if len(chains) < 2:
            return chains[0] if chains else None
        named = ";".join(f"{chain}[{name}]" for chain, name in zip(chains, "mn", strict=True))
        return f"{named};[m][n]amix=inputs=2:duration=longest:normalize=0"


def measure_mix(duet: Duet, *, ffmpeg: str, scratch: Path, limits: Limits) -> Loudness:
    """Measure how loud both sound together, and plan the gain; `left_loudness` is known before.

    Raises ``MediaError`` as `loudness.measure_loudness`.
    """
    mix = duet.sound()
    if mix is None:
        return UNTOUCHED
    done = sandbox.run(
        [
            *(ffmpeg, "-hide_banner", "-nostdin", "-nostats", "-loglevel", "info"),
            *duet.inputs(limits),
            *("-filter_complex", f"{mix},ebur128=peak=true:framelog=quiet[a]", "-map", "[a]"),
            *("-t", tool.seconds(duet.probe(limits).duration_ms), "-f", "null", "-"),
        ],
        scratch=scratch,
        limits=limits,
        readable=[duet.left, duet.right],
    )
    if done.returncode != 0:
        raise tool.failure(done)
    return read_loudness(done.stderr)


def render(
    duet: Duet,
    rung: Rung,
    out: Path,
    *,
    loudness: Loudness,
    ffmpeg: str,
    scratch: Path,
    limits: Limits,
    on_progress: Callable[[float], None] = lambda share: None,
    on_written: Callable[[Path], None] = lambda out: None,
) -> transcode.Rendition:
    """Write ``rung`` of the composed picture to ``out``, as `transcode.render` does of one file.

    Every rung is made from the two files themselves: a composed file between would cost an
    encode, a generation of quality and, for ten minutes, more room than a job has.
    """
    return transcode.run(
        command(duet, rung, out, loudness=loudness, ffmpeg=ffmpeg, limits=limits),
        rung,
        out,
        readable=[duet.left, duet.right],
        duration_ms=duet.probe(limits).duration_ms,
        scratch=scratch,
        limits=limits,
        on_progress=on_progress,
        on_written=on_written,
    )


def command(
    duet: Duet, rung: Rung, out: Path, *, loudness: Loudness, ffmpeg: str, limits: Limits
) -> list[str]:
    """Return the run of ffmpeg that makes ``rung`` of both."""
    whole, mix = duet.probe(limits), duet.sound()
    upload = encoders.upload_filter(limits.encoder)
    graph = [f"{duet.picture(rung.width, rung.height, limits)}{upload}[v]"]
    audio: tuple[str, ...] = ("-an",)
    if mix is not None:
        graph.append(",".join([mix, *loudness.filters(), "aresample=48000[a]"]))
        audio = ("-map", "[a]", *_AUDIO)
    return [
        *tool.base_args(ffmpeg),
        *encoders.device_args(limits.encoder),
        *("-progress", "pipe:1", "-stats_period", "0.25"),
        *duet.inputs(limits),
        *("-filter_complex", ";".join(graph), "-map", "[v]"),
        *transcode.encoder_args(rung, whole.fps, limits),
        *audio,
        *tool.strip_args(),
        *("-t", tool.seconds(whole.duration_ms)),
        *("-movflags", "+faststart", "-f", "mp4", f"file:{out.resolve()}"),
    ]


def excerpt(
    duet: Duet,
    at_ms: int,
    out: Path,
    *,
    short_edge: int,
    length_ms: int = STILL_MS,
    ffmpeg: str,
    scratch: Path,
    limits: Limits,
) -> Probe:
    """Write a silent moment of both to ``out``, for `stills` to take pictures from; examine it.

    The moment lies within the duet, and so does its end. Raises ``MediaError``.
    """
    whole = duet.probe(limits)
    scale = min(1.0, short_edge / whole.short_edge)
    width, height = _even(whole.width * scale), _even(whole.height * scale)
    start = max(0, min(at_ms, whole.duration_ms - length_ms))
    done = sandbox.run(
        [
            *tool.base_args(ffmpeg),
            *duet.inputs(limits, start),
            *("-filter_complex", f"{duet.picture(width, height, limits)}[v]", "-map", "[v]", "-an"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "14"),
            *tool.strip_args(),
            *("-t", tool.seconds(length_ms), "-f", "mp4", f"file:{out.resolve()}"),
        ],
        scratch=scratch,
        limits=limits.for_image(),
        readable=[duet.left, duet.right],
    )
    if done.returncode != 0:
        raise tool.failure(done)
    return examine(out, scratch=scratch, limits=replace(limits, min_duration_ms=1))


def _half(probe: Probe, width: int, height: int, rate: str) -> str:
    """The chain from one picture to its half: scaled, cut where it must be, on black."""
    scale = height / _own_height(probe)
    wide, high = _even(probe.width * scale), _even(probe.height * scale)
    # From the first moment on and at one rate, so that the halves meet frame by frame.
    chain = color.filters(probe, wide, high, fps=f"{rate}:start_time=0")
    cut = f"crop={min(wide, width)}:{min(high, height)}"
    return f"{chain},{cut},pad={width}:{height}:(ow-iw)/2:(oh-ih)/2:black"


def _own_height(probe: Probe) -> float:
    """The height of the half in which this picture has its own size."""
    shape = probe.width / probe.height
    if shape >= _HALF:
        return max(1 - _MOST_CUT, _HALF / shape) * probe.width / _HALF
    return max(1 - _MOST_CUT, shape / _HALF) * probe.height


def _rate(probe: Probe, limits: Limits) -> str:
    steady = transcode.frame_rate(probe, limits)
    return steady or str(Fraction(probe.fps).limit_denominator(1001))


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)
