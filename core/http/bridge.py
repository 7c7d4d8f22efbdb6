"""Pages and API inside an ASGI server: the WSGI application in threads, beside the sockets.

The embedded mode listens on one port with one process; where nginx stands in front, pages have
a WSGI server of their own and this is not used.
"""

import asyncio
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote_to_bytes

from core.http.bodies import BodyCutShort

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Bridge:
    """Serves `http` scopes by a WSGI application."""

    def __init__(self, app: WsgiApp, *, threads: int) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="web")

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        """Serve one request; what streams is asked for piece by piece as the client takes it."""
        loop = asyncio.get_running_loop()
        run = loop.run_in_executor
        body = _Body(loop, receive)
        answer = await run(self._threads, self._begin, _environ(scope, body))
        start = {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        await send(start)
        try:
            chunk = answer.first
            while answer.rest is not None:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                chunk = await run(self._threads, answer.next)
        finally:
            if answer.rest is not None:
                await run(self._threads, answer.close)
        await send({"type": "http.response.body", "body": chunk})

    def _begin(self, environ: dict[str, Any]) -> "_Answer":
        """Run the application; all of an answer that does not stream is read in this thread."""
        answer = _Answer()
        result = self._app(environ, answer.start)
        answer.result = result
        if getattr(result, "streaming", False):
            answer.rest = iter(result)
            answer.first = answer.next()
            return answer
        try:
            answer.first = b"".join(result)
        finally:
            answer.close()
        return answer


class _Answer:
    """What the application said."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.first = b""
        self.rest: Iterator[bytes] | None = None
        self.result: Any = None

    def start(self, status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        self.status = int(status.split(" ", 1)[0])
        self.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]

    def next(self) -> bytes:
        """Return the next piece; nothing, and no rest, at the end."""
        assert self.rest is not None
        for chunk in self.rest:
            if chunk:
                return chunk
        self.close()
        self.rest = None
        return b""

    def close(self) -> None:
        if hasattr(self.result, "close"):
            self.result.close()


class _Body:
    """`wsgi.input` that fetches from the event loop when it is read."""

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Any) -> None:
        self._loop = loop
        self._receive = receive
        self._piece = b""
        self._at = 0
        self._over = False

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, fewer only at the end; raises BodyCutShort."""
        parts, left = [], sys.maxsize if size < 0 else size
        while left and self._has_more():
            parts.append(self._take(left))
            left -= len(parts[-1])
        return b"".join(parts)

    def readline(self, size: int = -1) -> bytes:
        """Return the next line, or `size` bytes of it; raises BodyCutShort."""
        parts, left = [], sys.maxsize if size < 0 else size
        while left and self._has_more():
            end = self._piece.find(b"\n", self._at) + 1
            parts.append(self._take(min(left, end - self._at) if end else left))
            left -= len(parts[-1])
            if parts[-1].endswith(b"\n"):
                break
        return b"".join(parts)

    def _take(self, most: int) -> bytes:
        taken = self._piece[self._at : self._at + most]
        self._at += len(taken)
        return taken

    def _has_more(self) -> bool:
        """Say whether there is something to take, once it is known."""
        while self._at == len(self._piece) and not self._over:
            self._fetch()
        return self._at < len(self._piece)

    def _fetch(self) -> None:
        self._piece, self._at = b"", 0
        event = asyncio.run_coroutine_threadsafe(self._event(), self._loop).result()
        if event["type"] == "http.disconnect":
            message = "the client went away in the middle of its body"
            raise BodyCutShort(message)
        self._piece = event.get("body", b"")
        self._over = not event.get("more_body", False)

    async def _event(self) -> Any:
        # What servers return here is awaitable, not always a coroutine.
        return await self._receive()


def _environ(scope: Mapping[str, Any], body: _Body) -> dict[str, Any]:
    raw = scope.get("raw_path") or scope["path"].encode()
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw.partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        text = value.decode("latin-1")
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{text}" if key in environ else text
    return environ
