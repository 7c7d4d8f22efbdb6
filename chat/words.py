"""Words that are searched for: what is asked for of a text, and where it is in one."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MAX_TEXT = 100
MAX_WORDS = 8
MIN_LETTERS = 2
# A shorter word has no trigram: it is found where a word begins, a longer one anywhere.
LONG = 3
EXCERPT, BEFORE = 160, 40


@dataclass(frozen=True)
class Piece:
    """A stretch of an excerpt; `hit` when it is what was searched for."""

    text: str
    hit: bool


def clean(text: str) -> str:
    """Return what is searched for: no control characters, one blank between words."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return unicodedata.normalize("NFC", " ".join(printable.split()))[:MAX_TEXT].strip()


def words_of(text: str) -> list[str]:
    """Return the words of a search, eight at most; none for less than two letters in all.

    Letters, digits, and the marks that many scripts write above and below them.
    """
    kept = "".join(char if _in_a_word(char) else " " for char in clean(text))
    words = [word for word in kept.split() if any(char.isalnum() for char in word)][:MAX_WORDS]
    return words if sum(map(len, words)) >= MIN_LETTERS else []


def excerpt(body: str, words: Sequence[str]) -> list[Piece]:
    """Return the part of a text around the first of the words, cut where they begin and end."""
    line = re.sub(r"\s", " ", body)
    found = _pattern(words)
    first = found.search(line) if found else None
    start = max(0, first.start() - BEFORE) if first else 0
    end = min(len(line), start + EXCERPT)
    pieces = [Piece("…", hit=False)] if start else []
    at = start
    for hit in found.finditer(line, start, end) if found else ():
        if hit.start() > at:
            pieces.append(Piece(line[at : hit.start()], hit=False))
        pieces.append(Piece(hit.group(), hit=True))
        at = hit.end()
    rest = line[at:end] + ("…" if end < len(line) else "")
    return [*pieces, Piece(rest, hit=False)] if rest else pieces


def _pattern(words: Sequence[str]) -> "re.Pattern[str] | None":
    longest_first = sorted(words, key=len, reverse=True)
    parts = [
        re.escape(one) if len(one) >= LONG else rf"(?<![^\W_]){re.escape(one)}"
        for one in longest_first
    ]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def _in_a_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char).startswith("M")
