"""How loud the sound is (EBU R128) and what brings it to the level all videos share."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from videos.media import ffmpeg as tool
from videos.media import sandbox
from videos.media.limits import Limits
from videos.media.probe import Probe
from videos.media.sniff import DEMUXERS

TARGET_LUFS: Final = -14.0
# AAC overshoots a little, so the limiter stays half a decibel under the usual -1 dBTP.
CEILING_DBTP: Final = -1.5
_MAX_BOOST_DB: Final = 20.0
_SILENCE_LUFS: Final = -60.0
_LEAVE_ALONE_DB: Final = 0.5

_INTEGRATED = re.compile(r"^\s*I:\s+(\S+) LUFS", re.MULTILINE)
_PEAK = re.compile(r"^\s*Peak:\s+(\S+) dBFS", re.MULTILINE)


@dataclass(frozen=True)
class Loudness:
    """What was measured and the plan: ``gain_db`` for all, a limiter if peaks would clip."""

    integrated_lufs: float
    true_peak_dbtp: float
    gain_db: float
    needs_limiter: bool

    @property
    def is_untouched(self) -> bool:
        """Whether the sound is right as it is."""
        return self.gain_db == 0 and not self.needs_limiter

    def filters(self) -> list[str]:
        """The audio filters of the plan; the limiter runs at 4 x rate to catch true peaks."""
        chain = [] if self.gain_db == 0 else [f"volume={self.gain_db:.2f}dB"]
        if self.needs_limiter:
            ceiling = 10 ** (CEILING_DBTP / 20)
            chain += [
                "aresample=192000",
                f"alimiter=limit={ceiling:.4f}:level=disabled:attack=5:release=80:latency=1",
            ]
        return chain


UNTOUCHED: Final = Loudness(-math.inf, -math.inf, 0.0, needs_limiter=False)


def measure_loudness(
    source: Path, *, probe: Probe, ffmpeg: str, scratch: Path, limits: Limits
) -> Loudness:
    """Measure the sound of ``source`` in one pass that skips the picture, and plan the gain.

    A silent file or one without sound is left as it is. Raises ``MediaError`` (corrupt,
    encoder_failed, timed_out, resource_limit).
    """
    if probe.audio_index is None:
        return UNTOUCHED
    seconds = limits.max_duration_ms / 1000
    done = sandbox.run(
        [
            *(ffmpeg, "-hide_banner", "-nostdin", "-nostats", "-loglevel", "info"),
            # The picture is not decoded, so nothing needs to be found out about it.
            *(("-analyzeduration", "1") if DEMUXERS[probe.container] == "mov" else ()),
            *tool.input_args(source, probe, limits),
            *("-map", f"0:{probe.audio_index}", "-t", f"{seconds:.3f}"),
            *("-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"),
        ],
        scratch=scratch,
        limits=limits,
        readable=[source],
    )
    if done.returncode != 0:
        raise tool.failure(done)
    return read_loudness(done.stderr)


def read_loudness(log: str) -> Loudness:
    """Read what the filter ``ebur128`` logged, and plan the gain."""
    return _plan(_last(_INTEGRATED, log), _last(_PEAK, log))


def _last(pattern: re.Pattern[str], log: str) -> float:
    found = pattern.findall(log)
    value = float(found[-1]) if found else -math.inf
    return -math.inf if math.isnan(value) else value


def _plan(integrated: float, peak: float) -> Loudness:
    if integrated < _SILENCE_LUFS:
        return Loudness(integrated, peak, 0.0, needs_limiter=False)
    gain = min(TARGET_LUFS - integrated, _MAX_BOOST_DB)
    if abs(gain) < _LEAVE_ALONE_DB:
        gain = 0.0
    return Loudness(integrated, peak, gain, needs_limiter=peak + gain > CEILING_DBTP + 0.5)
