"""Request bodies at the WSGI door: a body that stops early is an error, not a shorter body."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

StartResponse = Callable[..., Any]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class Readable(Protocol):
    """What a server gives as `wsgi.input`."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes; none at the end."""

    def readline(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes of the next line; none at the end."""


class BodyCutShort(OSError):
    """The client went away in the middle of its body."""


class WholeBody:
    """Reads a body of `length` bytes; raises BodyCutShort where it ends before that.

    Granian ends the stream silently when the client disconnects, and Django's multipart parser
    takes what arrived for the whole file. An OSError here becomes Django's UnreadablePostError.
    """

    def __init__(self, stream: Readable, length: int) -> None:
        self._stream = stream
        self._left = length

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes (all of them when negative)."""
        chunk = self._count(self._stream.read(size), wanted=size != 0)
        if size < 0 and self._left > 0:
            self._count(b"", wanted=True)
        return chunk

    def readline(self, size: int = -1, /) -> bytes:
        """Return the next line, or `size` bytes of it."""
        return self._count(self._stream.readline(size), wanted=size != 0)

    def _count(self, chunk: bytes, *, wanted: bool) -> bytes:
        self._left -= len(chunk)
        if wanted and not chunk and self._left > 0:
            message = f"the request body ended {self._left} bytes early"
            raise BodyCutShort(message)
        return chunk


def require_whole_bodies(app: WsgiApp) -> WsgiApp:
    """Return `app` with its input checked against Content-Length."""

    def wrapped(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length.isdigit() and int(length):
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return app(environ, start_response)

    return wrapped
