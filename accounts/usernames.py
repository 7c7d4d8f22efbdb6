"""Which names people may bear: short, plain, nobody else's look-alike, not a route of ours."""

import re
import secrets
import unicodedata
from pathlib import Path

from core.errors import Invalid

MIN_LENGTH = 2
MAX_LENGTH = 24
SHAPE = re.compile(r"[a-z0-9_](?:[a-z0-9._]*[a-z0-9_])?")

# First path segments of pages and of the API, and names that would speak for the house.
RESERVED = frozenset(Path(__file__).with_name("reserved_usernames.txt").read_text().split())
# ASCII that reads alike in our typeface; the rest falls away in NFKC and casefold.
LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "_": None, ".": None})
SPEAKS_FOR_THE_HOUSE = frozenset(
    [
        "admin",
        "administrator",
        "mod",
        "moderator",
        "official",
        "operator",
        "postmaster",
        "root",
        "security",
        "staff",
        "support",
        "system",
        "team",
        "tiktok",
        "toptop",
        "webmaster",
    ]
)


def clean_username(value: str) -> str:
    """Return the stored form of a name; raises Invalid with what is wrong with it.

    Full-width and styled letters become plain ones; any other script is refused, so a name has
    no look-alike outside `look_alike`.
    """
    name = unicodedata.normalize("NFKC", value.strip()).casefold().removeprefix("@")
    if not MIN_LENGTH <= len(name) <= MAX_LENGTH:
        raise _refused(f"A username has {MIN_LENGTH} to {MAX_LENGTH} characters.")
    if not SHAPE.fullmatch(name):
        raise _refused(
            "A username has letters a-z, digits, dots and underscores, "
            "and neither begins nor ends with a dot."
        )
    if ".." in name:
        raise _refused("A username has no two dots in a row.")
    if is_reserved(name):
        raise _refused("This username is not available.", code="username_taken")
    return name


def is_reserved(name: str) -> bool:
    """Return whether a name is a route of ours or passes for the people who run the place."""
    skeleton = look_alike(name)
    return name in RESERVED or skeleton in {look_alike(word) for word in SPEAKS_FOR_THE_HOUSE}


def look_alike(name: str) -> str:
    """Return the skeleton of a name: two names that read alike have the same one."""
    return name.translate(LOOK_ALIKES)


def suggest_username(source: str) -> str:
    """Return a valid name derived from a display name or address, with digits that make it free."""
    ascii_text = unicodedata.normalize("NFKD", source.partition("@")[0])
    stem = re.sub(r"[^a-z0-9_]+", "", ascii_text.casefold())[:16]
    if len(stem) < MIN_LENGTH or is_reserved(stem):
        stem = "user"
    return f"{stem}{secrets.randbelow(10**6):06d}"


def _refused(message: str, *, code: str = "username_invalid") -> Invalid:
    return Invalid.field("username", message, code=code)
