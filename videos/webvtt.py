"""WebVTT read with suspicion and written anew: times and plain words, nothing else.

Styles, regions, notes, settings and markup are dropped, so that what a player gets cannot place,
style or run anything.
"""

import re
from dataclasses import dataclass
from html import unescape

from core.errors import Invalid

MAX_BYTES = 256 * 1024
MAX_CUES = 3000
MAX_CUE_CHARACTERS = 400
LONGEST_MS = 24 * 3600 * 1000
TIME = r"(?:(\d{1,3}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
# The settings behind the times are not kept.
TIMES = re.compile(rf"\s*{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t].*)?")
MARKUP = re.compile(r"<[^>]*>?")
# Where programs say which language they heard: a line of the head, or a note.
LANGUAGE = re.compile(
    r"^(?:NOTE[ \t]+)?language[ \t]*[:=][ \t]*([a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,2})[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\udfff]")
FIELD = "body"


@dataclass(frozen=True)
class Cue:
    """Words and when they stand, in milliseconds."""

    start: int
    end: int
    text: str


def clean(text: str) -> str:
    """Return the file as kept; raises Invalid for what is not WebVTT, too long or empty."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise Invalid.field(FIELD, f"A caption file has at most {MAX_BYTES // 1024} kB.")
    cues = parse(text)
    if not cues:
        raise Invalid.field(FIELD, "There is no caption in it.")
    return "WEBVTT\n\n" + "".join(_written(cue) for cue in cues)


def from_subrip(text: str) -> str:
    """Return a SubRip file (.srt), which has the same blocks, as WebVTT; not checked."""
    return "WEBVTT\n\n" + text.removeprefix("\ufeff")


def language(text: str) -> str | None:
    """Return the language that a file names in its head or a note, as it is written there."""
    found = LANGUAGE.search(text[:2000].replace("\r", ""))
    return found[1] if found else None


def parse(text: str) -> list[Cue]:
    """Return the cues in the order of their times; raises Invalid."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    head, _, rest = plain.partition("\n")
    if head != "WEBVTT" and not head.startswith(("WEBVTT ", "WEBVTT\t")):
        raise Invalid.field(FIELD, "A caption file begins with WEBVTT.")
    found = (_cue(block) for block in re.split(r"\n{2,}", rest))
    cues = [cue for cue in found if cue is not None]
    if len(cues) > MAX_CUES:
        raise Invalid.field(FIELD, f"A caption file has at most {MAX_CUES} captions.")
    return sorted(cues, key=lambda cue: (cue.start, cue.end))


def _cue(block: str) -> Cue | None:
    """Return what a block says, None for a style, a region, a note or nothing."""
    lines = block.strip("\n").split("\n")
    for number, line in enumerate(lines[:2]):  # the times, or a name and then the times
        if "-->" not in line:
            continue
        times = TIMES.fullmatch(line)
        if times is None:
            raise Invalid.field(FIELD, f"These are no times: {line[:60]}")
        start, end = _milliseconds(times.groups()[:4]), _milliseconds(times.groups()[4:])
        if not start < end <= LONGEST_MS:
            raise Invalid.field(FIELD, f"It ends before it begins: {line[:60]}")
        words = _plain("\n".join(lines[number + 1 :]))
        if len(words) > MAX_CUE_CHARACTERS:
            raise Invalid.field(FIELD, f"One caption has at most {MAX_CUE_CHARACTERS} characters.")
        return Cue(start, end, words) if words else None
    return None


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def _plain(text: str) -> str:
    words = unescape(MARKUP.sub("", text))
    lines = (CONTROL.sub("", line).strip() for line in words.split("\n"))
    return "\n".join(line for line in lines if line)


def _written(cue: Cue) -> str:
    words = cue.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"{_clock(cue.start)} --> {_clock(cue.end)}\n{words}\n\n"


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"
