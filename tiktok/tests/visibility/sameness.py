"""Whether two answers can be told apart: all but request id, date and fresh random values."""

import re

from django.http import HttpResponseBase

# What is fresh in every answer, to whatever question.
FRESH_HEADERS = frozenset({"x-request-id", "date"})
FRESH = (
    (re.compile(r'"request_id":"[^"]*"'), '"request_id":""'),
    (re.compile(r"'nonce-[^']+'"), "'nonce-'"),
    (re.compile(r'nonce="[^"]*"'), 'nonce=""'),
    (re.compile(r'(name="csrfmiddlewaretoken" value=)"[^"]*"'), r'\1""'),
    (re.compile(r'"X-CSRFToken": ?"[^"]*"'), '"X-CSRFToken":""'),
    (re.compile(r'data-csrf="[^"]*"'), 'data-csrf=""'),
)


def fingerprint(answer: HttpResponseBase, *, asked: str = "") -> tuple[object, ...]:
    """Return all that a client sees of an answer; `asked` is the id it named itself."""
    body = b"" if answer.streaming else answer.content  # type: ignore[attr-defined]
    headers = sorted(
        (name.lower(), _steady(value, asked))
        for name, value in answer.headers.items()
        if name.lower() not in FRESH_HEADERS
    )
    cookies = sorted(
        (name, morsel["path"], morsel["max-age"]) for name, morsel in answer.cookies.items()
    )
    return answer.status_code, _steady(body.decode(), asked), tuple(headers), tuple(cookies)


def _steady(text: str, asked: str) -> str:
    for pattern, replacement in FRESH:
        text = pattern.sub(replacement, text)
    return text.replace(asked, "<the id asked for>") if asked else text
