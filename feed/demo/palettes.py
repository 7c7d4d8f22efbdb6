"""Colours that go together, and the lookup that paints a grey picture with them."""

from collections.abc import Sequence

Palette = tuple[str, ...]

# Dark to light, so that every palette can also paint depth.
PALETTES: dict[str, Palette] = {
    "dusk": ("#140b2e", "#4b1d6b", "#b23a6f", "#f2825b", "#ffd9a0"),
    "lagoon": ("#031926", "#0b4f6c", "#16a3a8", "#7ee0c9", "#f3fff5"),
    "ember": ("#0d0607", "#4a0f14", "#b3261e", "#ff7a2f", "#ffe3a3"),
    "orchid": ("#12061f", "#43187a", "#8f3fd1", "#e57fe0", "#ffe8fb"),
    "forest": ("#07140f", "#12402f", "#2f7d4f", "#9ac66b", "#f6f4c3"),
    "ice": ("#050d1c", "#153a6b", "#3c86c8", "#a3d8f4", "#ffffff"),
    "candy": ("#2a0f3d", "#b5267d", "#ff5d8f", "#ffb36b", "#fff3c7"),
    "lacquer": ("#120407", "#5c0a1e", "#c8102e", "#f0a830", "#fff1cf"),
    "tea": ("#17120b", "#4f3b1e", "#a0783c", "#dcc28a", "#fbf4df"),
    "neon": ("#05010f", "#2b0a78", "#c31ac9", "#27d3f5", "#f4feff"),
    "lotus": ("#1b0a1a", "#6d2152", "#d9588b", "#f7b2bd", "#fff6ee"),
    "rice": ("#0c1a12", "#2c5b34", "#86a83d", "#e5cf63", "#fffbe0"),
    "ink": ("#05070a", "#1b2733", "#50677d", "#a9bccb", "#f5f7f9"),
    "mango": ("#2a0b0b", "#a3301d", "#f2762e", "#ffc145", "#fff6c9"),
}


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0 to 255, of `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def between(first: str, second: str, share: float) -> tuple[int, int, int]:
    """Return the colour `share` (0 to 1) of the way from `first` to `second`."""
    (red, green, blue), (red2, green2, blue2) = channels(first), channels(second)
    return (
        round(red + (red2 - red) * share),
        round(green + (green2 - green) * share),
        round(blue + (blue2 - blue) * share),
    )


def paint(palette: Sequence[str], *, cycles: int = 1) -> str:
    """Return filters that turn grey into the palette, dark to light and back `cycles` times.

    One cycle runs through the palette once; more fold it back and forth, which draws contour
    bands without a seam.
    """
    stops = list(palette)
    for turn in range(1, cycles):
        stops += (list(palette)[::-1] if turn % 2 else list(palette))[1:]
    red, green, blue = zip(*(channels(colour) for colour in stops), strict=True)
    return f"format=gray,format=gbrp,lutrgb=r='{_ramp(red)}':g='{_ramp(green)}':b='{_ramp(blue)}'"


def _ramp(levels: Sequence[int]) -> str:
    """Return an expression of `val` that runs straight from level to level."""
    step = 255 / (len(levels) - 1)
    expression = str(levels[-1])
    for index in range(len(levels) - 2, -1, -1):
        low, high = levels[index], levels[index + 1]
        line = f"{low}+({high - low})*(val-{index * step:.2f})/{step:.2f}"
        expression = f"if(lt(val,{(index + 1) * step:.2f}),{line},{expression})"
    return expression
