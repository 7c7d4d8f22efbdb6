"""Names in texts: which a text may mention, and the text as HTML with its mentions linked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

MAX_MENTIONS = 20
# An at sign inside a word, an address or a URL mentions nobody.
MENTION = re.compile(r"(?<![\w/&@.])@([A-Za-z0-9_.]{2,24})(?![\w@])")


@dataclass(frozen=True)
class Span:
    """A piece `text[start:end]` and the markup that stands for it."""

    start: int
    end: int
    html: SafeString


def mentioned_names(text: str) -> list[str]:
    """Return the usernames that a text may mention, each once, in the order written."""
    names = (match[1].rstrip(".").lower() for match in MENTION.finditer(text))
    return list(dict.fromkeys(name for name in names if name))[:MAX_MENTIONS]


def mention_spans(text: str, usernames: Mapping[str, str]) -> Iterator[Span]:
    """Yield a link for each name in `usernames`, which leads from what was written to today's."""
    for match in MENTION.finditer(text):
        name = match[1].rstrip(".")
        username = usernames.get(name.lower())
        if username:
            url = reverse("feed:profile", kwargs={"username": username})
            link = format_html('<a class="mention" href="{}">@{}</a>', url, name)
            yield Span(match.start(), match.start() + 1 + len(name), link)


def with_spans(text: str, spans: list[Span]) -> SafeString:
    """Return the text as HTML, each span's piece replaced; of two that overlap, the first."""
    pieces: list[str] = []
    done = 0
    for span in sorted(spans, key=lambda span: span.start):
        if span.start >= done:
            pieces += [escape(text[done : span.start]), span.html]
            done = span.end
    pieces.append(escape(text[done:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped above
