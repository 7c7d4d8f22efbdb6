"""What people write, as it is kept: the rules that every field shares."""

import unicodedata

from core.errors import Invalid

MAX_MARKS = 8
# Invisible signs that turn the direction of what stands around them.
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def clean_lines(field: str, text: str) -> str:
    """Return text in NFC, trimmed, without control characters and direction overrides.

    Empty when there is nothing to see. Raises Invalid of `field` for half a surrogate pair or a
    tower of more than MAX_MARKS combining marks.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in lines if char == "\n" or _is_text(char))
    shown = unicodedata.normalize("NFC", kept).strip()
    if any(unicodedata.category(char) == "Cs" for char in shown):
        raise Invalid.field(field, "This is not valid text.")
    if not any(unicodedata.category(char)[0] not in "CZM" for char in shown):
        return ""
    if _highest_tower(shown) > MAX_MARKS:
        raise Invalid.field(field, "Too many marks on one letter.")
    return shown


def _is_text(char: str) -> bool:
    return unicodedata.category(char) != "Cc" and char not in BIDI


def _highest_tower(text: str) -> int:
    highest = height = 0
    for char in text:
        height = height + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        highest = max(highest, height)
    return highest
