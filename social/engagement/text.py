"""What a comment, and the name of a collection, may consist of."""

import re
import unicodedata

from core.errors import Invalid

MAX_LENGTH = 1000
MAX_NAME = 60
MAX_MARKS = 8
# Invisible signs that turn the direction of what stands around them.
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def clean(text: str) -> str:
    """Return the text of a comment as it is kept: NFC, trimmed, at most one blank line in a row.

    Control characters and direction overrides are dropped. Raises Invalid for text with nothing
    to see, more than MAX_LENGTH characters, half a surrogate pair or a tower of more than
    MAX_MARKS combining marks.
    """
    shown = _checked("text", text)
    if len(shown) > MAX_LENGTH:
        raise Invalid.field("text", f"A comment has at most {MAX_LENGTH} characters.")
    return shown


def clean_name(text: str) -> str:
    """Return the name of a collection as it is kept: one line; raises Invalid as `clean`."""
    shown = " ".join(_checked("name", text).split())
    if len(shown) > MAX_NAME:
        raise Invalid.field("name", f"A name has at most {MAX_NAME} characters.")
    return shown


def _checked(field: str, text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in lines if char == "\n" or _is_text(char))
    shown = re.sub(r"\n{3,}", "\n\n", unicodedata.normalize("NFC", kept)).strip()
    if any(unicodedata.category(char) == "Cs" for char in shown):
        raise Invalid.field(field, "This is not valid text.")
    if not any(unicodedata.category(char)[0] not in "CZM" for char in shown):
        raise Invalid.field(field, "Write something first.")
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
