"""What a profile may hold: bounded, visible text and plain web links."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone

from accounts import ages
from core.errors import Invalid

MAX_NAME = 50
MAX_BIO = 160
MAX_LINKS = 5
MAX_LABEL = 40
MAX_URL = 500
MAX_MARKS_IN_A_ROW = 3
UNSEEN = (
    "Cc",
    "Cf",
    "Co",
    "Cs",
)  # controls, formatting (zero width, direction), private use, surrogates
FIRST_BIRTH_YEAR = 1900
# Joiners that emoji and several scripts are written with; harmless inside running text.
JOINERS = "\u200d\u200c"

_is_url = URLValidator(schemes=["http", "https"])


def clean_name(value: str) -> str:
    """Return a display name in one line; raises Invalid for unseen or reordering characters."""
    name = " ".join(unicodedata.normalize("NFC", _valid("name", value)).split())
    if len(name) > MAX_NAME:
        raise Invalid.field("name", f"A name has at most {MAX_NAME} characters.")
    if any(unicodedata.category(char) in UNSEEN for char in name):
        raise Invalid.field("name", "A name has no invisible characters.")
    return name


def clean_bio(value: str) -> str:
    """Return a bio; raises Invalid when it is too long or would reorder the page's text."""
    text = unicodedata.normalize("NFC", _valid("bio", value)).replace("\r\n", "\n").strip()
    if len(text) > MAX_BIO:
        raise Invalid.field("bio", f"A bio has at most {MAX_BIO} characters.")
    for char in text:
        if unicodedata.category(char) in UNSEEN and char not in f"\n{JOINERS}":
            raise Invalid.field("bio", "A bio has no invisible characters.")
    return text


def clean_links(values: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return up to five `{label, url}`; raises Invalid for anything but http and https."""
    links = [_clean_link(value) for value in values]
    if len(links) > MAX_LINKS:
        raise Invalid.field("links", f"A profile has at most {MAX_LINKS} links.")
    return links


def clean_birth_date(value: date) -> date:
    """Return a birth date that somebody alive can have; raises Invalid otherwise.

    Whoever is under 13 is refused (`not_eligible`) without being told what would be accepted.
    """
    if not (date(FIRST_BIRTH_YEAR, 1, 1) <= value < timezone.localdate()):
        raise Invalid.field("birth_date", "Enter your date of birth.")
    if ages.years(value, timezone.localdate()) < ages.LEAST_YEARS:
        raise Invalid.field("birth_date", "This account cannot be made.", code="not_eligible")
    return value


def _clean_link(value: Mapping[str, Any]) -> dict[str, str]:
    url = _valid("links", str(value.get("url", ""))).strip()
    try:
        _is_url(url)
        host = urlsplit(url).hostname or ""
        has_credentials = "@" in urlsplit(url).netloc
    except (ValidationError, ValueError) as error:
        raise Invalid.field("links", "A link begins with https:// or http://.") from error
    if len(url) > MAX_URL or has_credentials:
        raise Invalid.field("links", "This link cannot be used.")
    try:
        label = clean_name(str(value.get("label") or ""))[:MAX_LABEL] or host[:MAX_LABEL]
    except Invalid as error:
        raise Invalid.field("links", "A link's label has no invisible characters.") from error
    return {"label": label, "url": url}


def _valid(field: str, text: str) -> str:
    # 10,000 combining marks on one letter would paint over the whole page.
    run = 0
    for char in unicodedata.normalize("NFD", text):
        run = run + 1 if unicodedata.combining(char) else 0
        if run > MAX_MARKS_IN_A_ROW:
            raise Invalid.field(field, "There are too many accents on one letter.")
    return text
