"""What a comment, and the name of a collection, may consist of."""

import re

from core.errors import Invalid
from core.text import clean_lines

MAX_LENGTH = 1000
MAX_NAME = 60


def clean(text: str) -> str:
    """Return the text of a comment as it is kept: NFC, trimmed, at most one blank line in a row.

    Raises Invalid for text with nothing to see, more than MAX_LENGTH characters, and as
    `core.text.clean_lines`.
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
    shown = re.sub(r"\n{3,}", "\n\n", clean_lines(field, text))
    if not shown:
        raise Invalid.field(field, "Write something first.")
    return shown
