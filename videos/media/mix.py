"""What is heard in a clip: its own sound, a chosen one under or in place of it, each at a level."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from videos.media.limits import Limits
from videos.media.loudness import CEILING_DBTP, Loudness
from videos.media.probe import Probe

_DEMUXER: Final = "mov"


@dataclass(frozen=True)
class Mix:
    """The file of a chosen sound, levelled when it was made, and how loud each of the two is.

    Levels are shares of full loudness, 0.0 to 1.0; 0.0 leaves one out. The chosen sound begins
    with the clip, again when it is at its end, and ends with it.
    """

    own_level: float = 1.0
    music: Path | None = None
    music_level: float = 1.0

    @property
    def is_own(self) -> bool:
        """Whether nothing is mixed: the clip's own sound as it is."""
        return self.music is None and self.own_level == 1

    def is_heard(self, probe: Probe) -> bool:
        """Whether the clip that ``probe`` describes has any sound then."""
        own = probe.audio_index is not None and self.own_level > 0
        return own or (self.music is not None and self.music_level > 0)

    @property
    def files(self) -> list[Path]:
        """What a sandbox must let be read."""
        return [self.music] if self.music is not None else []

    def input_args(self, limits: Limits) -> list[str]:
        """Return the arguments that open the chosen sound as the second input, if there is one."""
        if self.music is None:
            return []
        return [
            *("-stream_loop", "-1", "-protocol_whitelist", "file,pipe"),
            *("-format_whitelist", _DEMUXER, "-f", _DEMUXER),
            *("-max_streams", str(limits.max_streams), "-i", f"file:{self.music.resolve()}"),
        ]

    def graph(self, probe: Probe, own: list[str], loudness: Loudness) -> str | None:
        """Return the filter graph from the inputs to ``[a]``; None when nothing is heard.

        ``own`` are the filters that the clip's own sound gets before it is levelled. What both
        add up to is kept under the ceiling of true peaks by a limiter.
        """
        chains = []
        if probe.audio_index is not None and self.own_level > 0:
            levelled = ",".join([*own, *loudness.filters(), "aresample=48000"])
            chains.append(f"[0:{probe.audio_index}]{levelled},volume={self.own_level:.3f}")
        if self.music is not None and self.music_level > 0:
            chains.append(f"[1:a:0]aresample=48000,volume={self.music_level:.3f}")
        if len(chains) < 2:
            return f"{chains[0]}[a]" if chains else None
        ceiling = 10 ** (CEILING_DBTP / 20)
        return (
            f"{chains[0]}[own];{chains[1]}[music];"
            "[own][music]amix=inputs=2:duration=longest:normalize=0,"
            f"alimiter=limit={ceiling:.4f}:level=disabled:attack=5:release=80:latency=1[a]"
        )


PLAIN: Final = Mix()
