"""What a WSGI application reads through the bridge is what the client sent, in whatever pieces."""

import asyncio
import io
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.http.bodies import BodyCutShort
from core.http.bridge import Bridge

PIECES = st.lists(st.binary(max_size=40) | st.just(b"\n"), max_size=8)
# Sizes to read by turns; with the flag set, a line of at most that size.
READS = st.lists(st.tuples(st.booleans(), st.integers(-1, 30)), max_size=30)


def serve(events: list[dict[str, Any]], read: Callable[[Any], Any]) -> Any:
    """Return what `read` makes of `wsgi.input` when these events come."""
    told: list[Any] = []

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        told.append(read(environ["wsgi.input"]))
        start("204 No Content", [])
        return [b""]

    coming = iter(events)

    async def receive() -> dict[str, Any]:
        return next(coming)

    async def send(event: dict[str, Any]) -> None:
        assert event["type"].startswith("http.response.")

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    asyncio.run(Bridge(app, threads=1)(scope, receive, send))
    return told[0]


def body(pieces: list[bytes]) -> list[dict[str, Any]]:
    return [
        *({"type": "http.request", "body": piece, "more_body": True} for piece in pieces),
        {"type": "http.request", "body": b"", "more_body": False},
    ]


@settings(max_examples=60, deadline=None)
@given(PIECES, READS)
def test_it_reads_as_a_file_of_the_same_bytes_does(
    pieces: list[bytes], reads: list[tuple[bool, int]]
) -> None:
    def follow(file: Any) -> list[bytes]:
        return [file.readline(size) if line else file.read(size) for line, size in reads]

    assert serve(body(pieces), follow) == follow(io.BytesIO(b"".join(pieces)))


def test_a_client_that_goes_away_is_not_taken_for_the_end() -> None:
    first = {"type": "http.request", "body": b"half", "more_body": True}
    with pytest.raises(BodyCutShort):
        serve([first, {"type": "http.disconnect"}], lambda file: file.read())
