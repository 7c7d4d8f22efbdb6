"""Captions as people read them: safe HTML with its tags marked and its mentions linked."""

from collections.abc import Iterator, Mapping

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from social.engagement.mentions import Span, mention_spans, with_spans
from videos.captions import tag_spans


def caption_html(text: str, *, usernames: Mapping[str, str]) -> SafeString:
    """Return the caption as HTML, its tags and the mentions in `usernames` linked.

    `usernames` are by the name as written, and say today's.
    """
    return with_spans(text, [*_tags(text), *mention_spans(text, usernames)])


def _tags(text: str) -> Iterator[Span]:
    for span in tag_spans(text):
        yield Span(
            span.start,
            span.end,
            format_html(
                '<a class="tag" href="{}">{}</a>',
                reverse("feed:tag", kwargs={"tag": span.name}),
                text[span.start : span.end],
            ),
        )
