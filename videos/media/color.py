"""The chain of filters from any picture to what every browser shows: upright, SDR, BT.709.

Turning by the display matrix is ffmpeg's own first step (autorotate), before this chain.
"""

from __future__ import annotations

from typing import Final

from videos.media.probe import Probe

_HD_HEIGHT: Final = 720
_SCALE_MATRIX: Final = {
    "bt709": "bt709",
    "bt470bg": "bt470",
    "smpte170m": "smpte170m",
    "bt2020nc": "bt2020",
    "bt2020c": "bt2020",
}
_TAGS: Final = "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"


def filters(probe: Probe, width: int, height: int, *, fps: str | None = None) -> str:
    """Return the ``-vf`` value that yields ``width`` x ``height`` in 8-bit BT.709."""
    chain = []
    if fps is not None:
        chain.append(f"fps={fps}")
    if probe.is_interlaced:
        chain.append("bwdif=mode=send_frame:deint=interlaced")
    if probe.is_hdr:
        chain += _tone_map(probe, width, height)
    elif probe.color_primaries in ("bt2020", "smpte432") and probe.color_space != "gbr":
        chain += _narrow_gamut(probe, width, height)
    else:
        chain += _scale(probe, width, height)
    return ",".join([*chain, "format=yuv420p", _TAGS, "setsar=1"])


def for_picture(*, full_range: bool) -> str:
    """Filters to add for a still: JPEG (full range) and WebP (limited) mean BT.601 colours."""
    reach, pixels = ("pc", "yuvj420p") if full_range else ("tv", "yuv420p")
    return (
        "scale=in_color_matrix=bt709:out_color_matrix=smpte170m"
        f":in_range=tv:out_range={reach},format={pixels}"
    )


def _scale(probe: Probe, width: int, height: int) -> list[str]:
    # An untagged file means BT.709 in HD and BT.601 below; swscale would take 601 for both.
    guess = "bt709" if probe.short_edge >= _HD_HEIGHT else "smpte170m"
    matrix = _SCALE_MATRIX.get(probe.color_space, guess)
    size = f"{width}:{height}:flags=bicubic"
    return [f"scale={size}:in_color_matrix={matrix}:out_color_matrix=bt709:out_range=tv"]


def _tag(probe: Probe, transfer: str, space: str) -> str:
    """Tag the frames with what the file says of its colours, else what such a file means.

    zscale finds no way from colours that are not named.
    """
    named = probe.color_space if probe.color_space in ("bt2020nc", "bt2020c") else space
    gamut = probe.color_primaries if probe.color_primaries in ("bt709", "smpte432") else "bt2020"
    reach = "pc" if probe.color_range == "pc" else "tv"
    return (
        f"setparams=range={reach}:color_primaries={gamut}:color_trc={transfer}:colorspace={named}"
    )


def _tone_map(probe: Probe, width: int, height: int) -> list[str]:
    """PQ or HLG to SDR: scaled first (light is dear in float), then mapped in linear light."""
    return [
        _tag(probe, probe.color_transfer, "bt2020nc"),
        f"zscale=w={width}:h={height}:filter=bicubic:t=linear:npl=100",
        "format=gbrpf32le",
        "zscale=p=bt709",
        "tonemap=tonemap=hable:desat=0",
        "zscale=t=bt709:m=bt709:r=tv",
    ]


def _narrow_gamut(probe: Probe, width: int, height: int) -> list[str]:
    """Wide-gamut SDR (BT.2020, Display P3) to BT.709 colours."""
    space = "bt2020nc" if probe.color_primaries == "bt2020" else "bt709"
    return [
        _tag(probe, "bt709", space),
        f"zscale=w={width}:h={height}:filter=bicubic:p=bt709:t=bt709:m=bt709:r=tv:d=ordered",
    ]
