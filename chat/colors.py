"""Colours as `#rrggbb`, and whether text in one can be read on another."""

import re

from core.errors import Invalid

COLOR = re.compile(r"#[0-9a-f]{6}")
# WCAG 2.2, success criterion 1.4.3 (AA) for text of normal size.
MIN_CONTRAST = 4.5


def clean_color(text: str, field: str) -> str:
    """Return a colour in lower case; raises Invalid."""
    color = text.strip().lower()
    if not COLOR.fullmatch(color):
        raise Invalid.field(field, "A colour is written as # and six hexadecimal digits.")
    return color


def require_readable(text: str, ground: str, field: str) -> None:
    """Raise Invalid `contrast_too_low` unless the colour `text` can be read on `ground`."""
    ratio = contrast(text, ground)
    if ratio < MIN_CONTRAST:
        # Cut, not rounded: 4.49 must not read as 4.5.
        shown = int(ratio * 100) / 100
        raise Invalid.field(
            field,
            f"This text cannot be read well: its contrast is {shown}, at least {MIN_CONTRAST}"
            " is needed.",
            code="contrast_too_low",
        )


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2.2, "relative luminance")."""
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
