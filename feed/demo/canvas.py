"""What a scene draws on, and the few moves that most scenes share."""

from dataclasses import dataclass
from itertools import pairwise

from feed.demo.palettes import Palette, channels


@dataclass(frozen=True)
class Canvas:
    """The finished picture: pixels, seconds, frames a second, and the seed of its chances."""

    width: int
    height: int
    seconds: float
    seed: int
    palette: Palette
    fps: int = 30

    def sized(self, short_edge: int) -> tuple[int, int]:
        """Return an even size of this shape with the given short edge: small is quick to draw."""
        scale = short_edge / min(self.width, self.height)
        return round(self.width * scale / 2) * 2, round(self.height * scale / 2) * 2

    def finish(self) -> str:
        """Return the filters that bring a small picture to full size."""
        return f"scale={self.width}:{self.height}:flags=bicubic,setsar=1,format=yuv420p"

    def still(self, expression: str, size: tuple[int, int], *, pixel: str = "gray") -> str:
        """Return a source that draws `expression` (of X, Y, W, H) once and holds it."""
        return (
            f"color=black:s={size[0]}x{size[1]}:r={self.fps}:d={1 / self.fps:.4f},format={pixel},"
            f"geq='{expression}',loop=loop=-1:size=1"
        )

    def backdrop(self, size: tuple[int, int], *colours: str) -> str:
        """Return a held vertical blend through `colours`, top to bottom."""
        levels = zip(*(channels(colour) for colour in colours), strict=True)
        red, green, blue = (_blend(level) for level in levels)
        return self.still(f"r={red}:g={green}:b={blue}", size, pixel="gbrp")


def _blend(levels: tuple[int, ...]) -> str:
    """Return an expression of Y that runs straight through `levels`."""
    step = f"(H/{len(levels) - 1})"
    parts = [
        f"{high - low}*clip(Y/{step}-{index},0,1)"
        for index, (low, high) in enumerate(pairwise(levels))
    ]
    return "+".join([str(levels[0]), *parts])
