"""Captions: what is allowed in them and the tags that they carry."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from core.errors import Invalid

MAX_LENGTH = 2200
MAX_TAGS = 30
MAX_TAG_LENGTH = 100
# A sign inside a word, an address or a URL starts no tag.
START = re.compile(r"(?<![\w/&#])#")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class TagSpan:
    """Where a tag stands in a text (`text[start:end]`, sign included) and its name."""

    start: int
    end: int
    name: str


def clean(caption: str) -> str:
    """Return the caption as kept: composed Unicode, no control characters, no outer blanks.

    Raises Invalid above 2200 characters.
    """
    kept = unicodedata.normalize("NFC", CONTROL.sub("", caption)).strip()
    if len(kept) > MAX_LENGTH:
        raise Invalid.field("caption", f"A caption is at most {MAX_LENGTH} characters.")
    return kept


def tag_spans(text: str) -> Iterator[TagSpan]:
    """Yield each tag of a cleaned text: letters (with their marks), digits and underscores."""
    for sign in START.finditer(text):
        end = sign.end()
        while end < len(text) and _in_tag(text[end]):
            end += 1
        name = unicodedata.normalize("NFC", text[sign.end() : end].casefold())
        if 0 < len(name) <= MAX_TAG_LENGTH:
            yield TagSpan(sign.start(), end, name)


def tag_names(text: str) -> list[str]:
    """Return the names of the first 30 different tags, in the order written."""
    return list(dict.fromkeys(span.name for span in tag_spans(text)))[:MAX_TAGS]


def _in_tag(character: str) -> bool:
    return character == "_" or unicodedata.category(character)[0] in "LMN"
