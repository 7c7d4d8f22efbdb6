"""What a message may consist of, and whom it names."""

import re
import unicodedata
from urllib.parse import urlsplit

from core.errors import Invalid
from social.engagement.text import BIDI, MAX_MARKS

MAX_LENGTH = 4000
MAX_TITLE = 60
MAX_EMOJI = 40
LINK = re.compile(r"https?://[^\s<>\"']{1,500}")
MENTION = re.compile(r"(?<![\w@.])@([a-z0-9][a-z0-9._]{1,23})", re.IGNORECASE)
SHORTCODE = re.compile(r":[a-z0-9_]{2,32}:")


def clean_body(text: str, *, required: bool = True) -> str:
    """Return a message's text as it is kept: NFC, trimmed, without controls and overrides.

    Raises Invalid for nothing to see (where it is required), too much, half a surrogate pair or a
    tower of combining marks.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in lines if char == "\n" or _is_text(char))
    shown = unicodedata.normalize("NFC", kept).strip()
    if any(unicodedata.category(char) == "Cs" for char in shown):
        raise Invalid.field("body", "This is not valid text.")
    visible = any(unicodedata.category(char)[0] not in "CZM" for char in shown)
    if not visible:
        if required:
            raise Invalid.field("body", "Write something first.")
        return ""
    if len(shown) > MAX_LENGTH:
        raise Invalid.field("body", f"A message has at most {MAX_LENGTH} characters.")
    if _highest_tower(shown) > MAX_MARKS:
        raise Invalid.field("body", "Too many marks on one letter.")
    return shown


def clean_title(text: str) -> str:
    """Return a group's name in one line; raises Invalid when it is empty or too long."""
    title = " ".join(clean_body(text, required=False).split())
    if not title:
        raise Invalid.field("title", "Give the group a name.")
    if len(title) > MAX_TITLE:
        raise Invalid.field("title", f"A name has at most {MAX_TITLE} characters.")
    return title


def clean_emoji(text: str) -> str:
    """Return a reaction: one emoji, or `:shortcode:` of a custom one; raises Invalid."""
    emoji = unicodedata.normalize("NFC", text).strip()
    if SHORTCODE.fullmatch(emoji):
        return emoji
    if not 0 < len(emoji) <= 16 or not all(_is_emoji(char) for char in emoji):
        raise Invalid.field("emoji", "This is not an emoji.")
    if not any(unicodedata.category(char) == "So" for char in emoji):
        raise Invalid.field("emoji", "This is not an emoji.")
    return emoji


def handles_in(text: str) -> list[str]:
    """Return the usernames that a text names, lower case, each once, twenty at most."""
    found = dict.fromkeys(name.lower().rstrip(".") for name in MENTION.findall(text))
    return list(found)[:20]


def links_in(text: str) -> list[str]:
    """Return the web links of a text that a browser may open."""
    found = (link.rstrip(".,;:!?)") for link in LINK.findall(text))
    return [link for link in found if urlsplit(link).netloc]


def _is_emoji(char: str) -> bool:
    return (
        unicodedata.category(char) in ("So", "Sk", "Mn", "Me") or char in "\u200d\ufe0f#*0123456789"
    )


def _is_text(char: str) -> bool:
    return unicodedata.category(char) != "Cc" and char not in BIDI


def _highest_tower(text: str) -> int:
    highest = height = 0
    for char in text:
        height = height + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        highest = max(highest, height)
    return highest
