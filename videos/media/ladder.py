"""Which renditions a source gets: sizes named by their short edge, never upscaled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from videos.media.probe import Probe

# Short edge -> most bits a second of picture at 30 frames a second.
_CAPS: Final[dict[int, int]] = {360: 900_000, 540: 1_800_000, 720: 3_000_000, 1080: 5_500_000}
_LARGEST: Final = max(_CAPS)
# Above this, phones' decoders of H.264 level 5.1 give up.
_MAX_LONG_EDGE: Final = 4096
# A phone's own recording is heavier than our encodes; past this it is re-encoded to spare data.
_REMUX_BITRATE_FACTOR: Final = 1.5
_REMUX_KEYFRAME_GAP_MS: Final = 10_000
_WEB_PROFILES: Final = ("Baseline", "Constrained Baseline", "Main", "High")


@dataclass(frozen=True)
class Rung:
    """One rendition to make. ``remux`` copies the picture as it is; sound is still levelled."""

    short_edge: int
    width: int
    height: int
    mode: Literal["encode", "remux"]
    max_video_bitrate: int


def plan(probe: Probe) -> list[Rung]:
    """Return the renditions of a source, smallest first: 360, 540, 720, 1080 by short edge.

    A source smaller than 360 gets one of its own (even) size. One that browsers play as it is
    (H.264, AAC or silent, MP4/MOV, upright) is remuxed for the rung of its own size.
    """
    source = probe.short_edge
    edges = [edge for edge in _CAPS if edge <= source] or [source // 2 * 2 or 2]
    remux = is_web_safe(probe)
    if remux and source not in edges:
        edges.append(source)
    return [_rung(probe, edge, remux=remux and edge == source) for edge in edges]


def is_web_safe(probe: Probe) -> bool:
    """Whether the source's own picture can be sent to browsers and phones unchanged."""
    return (
        probe.container in ("mp4", "mov")
        and probe.video_codec == "h264"
        and probe.pixel_format == "yuv420p"
        and probe.video_profile in _WEB_PROFILES
        and probe.audio_codec in ("", "aac")
        and not (probe.rotation or probe.is_flipped or probe.is_interlaced or probe.is_hdr)
        and probe.color_primaries != "bt2020"
        and probe.has_square_pixels
        and not probe.is_vfr
        and not probe.is_excerpt  # a copied picture can only be cut where a keyframe is
        and probe.fps <= 60.5
        and probe.width % 2 == 0
        and probe.height % 2 == 0
        and probe.short_edge <= _LARGEST
        and max(probe.width, probe.height) <= _MAX_LONG_EDGE
        and probe.keyframe_gap_ms <= _REMUX_KEYFRAME_GAP_MS
        and probe.bitrate <= _cap(probe, probe.width, probe.height) * _REMUX_BITRATE_FACTOR
    )


def _rung(probe: Probe, edge: int, *, remux: bool) -> Rung:
    if remux:
        width, height = probe.width, probe.height
    else:
        width, height = _fit(probe.width, probe.height, edge)
    return Rung(
        short_edge=min(width, height),
        width=width,
        height=height,
        mode="remux" if remux else "encode",
        max_video_bitrate=_cap(probe, width, height),
    )


def _fit(width: int, height: int, edge: int) -> tuple[int, int]:
    """Scale to a short edge of ``edge``, both sides even (H.264 halves the colour planes)."""
    scale = min(edge / min(width, height), _MAX_LONG_EDGE / max(width, height))
    return _even(width * scale), _even(height * scale)


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)


def _cap(probe: Probe, width: int, height: int) -> int:
    """Most bits a second for a picture size: by area between the named sizes, more above 32 fps."""
    edge = min(width, height)
    base = next((bits for size, bits in _CAPS.items() if edge <= size), _CAPS[_LARGEST])
    if edge < min(_CAPS):
        base = max(250_000, base * edge // min(_CAPS))
    return round(base * 1.4) if probe.fps > 32 else base
