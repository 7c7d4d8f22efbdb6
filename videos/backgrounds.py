"""What text posts are set on: a small set of grounds, each with its ink and its typeface.

The same colours stand in `static/css/components/type.css` (a test compares them); clients that
draw text posts themselves are told them.
"""

from dataclasses import dataclass
from typing import Final, TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Background:
    """One ground: `colors` from the upper left to the lower right, `ink` readable on all."""

    name: str
    label: str | Promise
    colors: tuple[str, str]
    ink: str
    face: str = "sans"  # or serif, mono


class TextPart(TypedDict):
    """The `text` of the `video` object."""

    body: str
    background: str
    colors: list[str]
    ink: str


BACKGROUNDS: Final = (
    Background("ember", _("Ember"), ("#ff8a4c", "#ff6b3d"), "#230b02"),
    Background("jade", _("Jade"), ("#0a6f59", "#08493f"), "#eafff8"),
    Background("paper", _("Paper"), ("#fbf5ea", "#efe3cd"), "#2a211a", "serif"),
    Background("night", _("Night"), ("#1d1a2b", "#0c0b12"), "#f4efff", "serif"),
    Background("dusk", _("Dusk"), ("#5b2a86", "#9c2f5f"), "#fff4fb"),
    Background("lagoon", _("Lagoon"), ("#0b4f7a", "#0a2f5c"), "#eaf6ff"),
    Background("mango", _("Mango"), ("#ffd15c", "#ffb03a"), "#2b1a00"),
    Background("lotus", _("Lotus"), ("#ffd9e4", "#f8b7cd"), "#4a0f2a", "serif"),
    Background("slate", _("Slate"), ("#20262d", "#12161b"), "#9ff0c8", "mono"),
    Background("mint", _("Mint"), ("#d3f7e6", "#a5e6cd"), "#06352a"),
)
BY_NAME: Final = {ground.name: ground for ground in BACKGROUNDS}
NAMES: Final = tuple(BY_NAME)
DEFAULT: Final = NAMES[0]


def text_part(body: str, name: str) -> TextPart:
    """Return what clients need to draw a text post; an unknown ground is the first one."""
    ground = BY_NAME.get(name, BACKGROUNDS[0])
    return TextPart(body=body, background=ground.name, colors=list(ground.colors), ink=ground.ink)


def size_of(body: str) -> str:
    """Return how large a text is set: `xl` for a few words, down to `s` for a whole thought."""
    # A line break takes about as much room as half a line.
    weight = len(body) + 16 * body.count("\n")
    return "xl" if weight <= 48 else "l" if weight <= 130 else "m" if weight <= 280 else "s"
