"""What a message may consist of, and whom it names."""

import re
import unicodedata
from urllib.parse import urlsplit

from core.errors import Invalid
from core.text import clean_lines

MAX_LENGTH = 4000
MAX_TITLE = 60
MAX_EMOJI = 40
LINK = re.compile(r"https?://[^\s<>\"']{1,500}")
MENTION = re.compile(r"(?<![\w@.])@([a-z0-9][a-z0-9._]{1,23})", re.IGNORECASE)
SHORTCODE = re.compile(r":[a-z0-9_]{2,32}:")


def clean_body(text: str, *, required: bool = True) -> str:
    """Return a message's text as it is kept: NFC, trimmed, without controls and overrides.

    Raises Invalid for nothing to see (where it is required), too much, and as
    `core.text.clean_lines`.
    """
    shown = clean_lines("body", text)
    if required and not shown:
        raise Invalid.field("body", "Write something first.")
    if len(shown) > MAX_LENGTH:
        raise Invalid.field("body", f"A message has at most {MAX_LENGTH} characters.")
    return shown


def clean_title(text: str) -> str:
    """Return a group's name in one line; raises Invalid when it is empty or too long."""
    return clean_line(text, field="title", most=MAX_TITLE)


def clean_line(text: str, *, field: str, most: int) -> str:
    """Return a name in one line; raises Invalid of `field` when it is empty or too long."""
    line = " ".join(clean_lines(field, text).split())
    if not line:
        raise Invalid.field(field, "Give it a name.")
    if len(line) > most:
        raise Invalid.field(field, f"A name has at most {most} characters.")
    return line


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


def clean_shortcode(text: str) -> str:
    """Return the name of a custom emoji, without colons; raises Invalid."""
    name = text.strip().strip(":").lower()
    if not SHORTCODE.fullmatch(f":{name}:"):
        raise Invalid.field("shortcode", "2 to 32 of a to z, 0 to 9 and _.")
    return name


def shortcodes_in(text: str) -> list[str]:
    """Return the names between colons in a text, each once, twenty at most."""
    return list(dict.fromkeys(name.strip(":") for name in SHORTCODE.findall(text)))[:20]


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
