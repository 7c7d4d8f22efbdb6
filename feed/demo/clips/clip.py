"""One clip: who shows it, what is drawn and heard, and what the caption says."""

from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

from feed.demo.canvas import Canvas
from feed.demo.music import Score
from feed.demo.palettes import PALETTES

PORTRAIT = (720, 1280)
TALL = (1080, 1920)
SQUARE = (720, 720)
WIDE = (1280, 720)


@dataclass(frozen=True)
class Clip:
    """`size` in pixels; `slug` names the clip for ever and seeds its chances."""

    slug: str
    author: str
    draw: Callable[[Canvas], str]
    palette: str
    seconds: float
    score: Score
    caption: str
    size: tuple[int, int] = PORTRAIT

    @property
    def seed(self) -> int:
        """The seed of picture and sound, from the slug alone."""
        return crc32(self.slug.encode()) % 9973

    @property
    def canvas(self) -> Canvas:
        """What the scene draws on."""
        return Canvas(*self.size, self.seconds, self.seed, PALETTES[self.palette])
