"""A gateway that listens on a real port, and clients that speak to it."""

import asyncio
import contextlib
import functools
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import uvicorn
from django.conf import settings
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker
from websockets.sync.client import ClientConnection, connect

from accounts import services as accounts
from accounts import tokens
from accounts.devices import Device
from accounts.models import Session, User
from chat import protocol
from core.gateway.app import Gateway

PATIENCE = 20.0
_moments = FormatChecker(["uuid"])
_moments.checks("date-time", raises=(ValueError, TypeError))(datetime.fromisoformat)


@functools.cache
def _validator(name: str) -> Draft202012Validator:
    whole = protocol.document(strict=True)
    part = {"$ref": f"#/$defs/{name}", "$defs": whole["$defs"]}
    Draft202012Validator.check_schema(part)
    return Draft202012Validator(part, format_checker=_moments)


def require_published(frame: dict[str, Any]) -> None:
    """Fail unless a frame is one that `chat.protocol` publishes, to the last field."""
    if "re" in frame:
        _validator("reply").validate(frame)
        return
    assert frame["ev"] in protocol.EVENTS, f"{frame['ev']} is nowhere published"
    _validator(f"event:{frame['ev']}").validate(frame)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


class Server:
    """A gateway on its own thread and event loop."""

    def __init__(self, *, port: int | None = None) -> None:
        self.port = port or free_port()
        self.gateway = Gateway()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> "Server":
        self._thread.start()
        assert self._ready.wait(PATIENCE), "the gateway did not start"
        return self

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE)

    def on_loop(self, work: Any) -> Any:
        """Run a coroutine on the gateway's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def _run(self) -> None:
        config = uvicorn.Config(
            self.gateway,
            port=self.port,
            ws="websockets-sansio",
            ws_max_size=64 * 1024,
            ws_per_message_deflate=False,
            ws_ping_interval=None,
            lifespan="on",
            log_config=None,
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        loop = asyncio.new_event_loop()
        self._loop = loop
        startup = self._server.startup

        async def announce(sockets: Any = None) -> None:
            await startup(sockets)
            self._ready.set()

        self._server.startup = announce  # type: ignore[method-assign]
        loop.run_until_complete(self._server.serve())
        loop.close()


@dataclass
class Peer:
    """One client's socket."""

    raw: ClientConnection
    hello: dict[str, Any]
    count: int = 100

    def send(self, op: str, **d: Any) -> int:
        self.count += 1
        self.raw.send(json.dumps({"id": self.count, "op": op, "d": d}))
        return self.count

    def receive(self) -> dict[str, Any]:
        """Return the next frame, which is of the published form whatever the scene is about."""
        found: dict[str, Any] = json.loads(self.raw.recv(timeout=PATIENCE))
        require_published(found)
        return found

    def ask(self, op: str, **d: Any) -> dict[str, Any]:
        """Send an operation and return its answer, whatever comes in between."""
        number = self.send(op, **d)
        while True:
            frame = self.receive()
            if frame.get("re") == number:
                return frame

    def until(self, ev: str) -> dict[str, Any]:
        """Return the next event of this name."""
        while True:
            frame = self.receive()
            if frame.get("ev") == ev:
                return frame

    def heard(self) -> list[dict[str, Any]]:
        """Return everything that had been sent before now."""
        number = self.send("ping")
        found: list[dict[str, Any]] = []
        while True:
            frame = self.receive()
            if frame.get("re") == number:
                return found
            found.append(frame)

    def closed(self) -> int:
        """Return the code with which the other side ends it."""
        from websockets.exceptions import ConnectionClosed

        try:
            while True:
                self.raw.recv(timeout=PATIENCE)
        except ConnectionClosed as error:
            return error.rcvd.code if error.rcvd else 0


def open_session(user: User) -> Session:
    return accounts.open_session(user=user, kind=Session.Kind.APP, device=Device())


@contextlib.contextmanager
def native(server: Server, user: User, session: Session | None = None) -> Iterator[Peer]:
    """Yield a native client's socket."""
    session = session or open_session(user)
    token = tokens.issue_access(user_id=user.pk, session_id=session.pk)
    with connect(f"ws://127.0.0.1:{server.port}/ws/m/v1") as raw:
        raw.send(json.dumps({"id": 1, "op": "auth", "d": {"token": token}}))
        yield Peer(raw, _greeted(raw))


@contextlib.contextmanager
def browser_socket(server: Server, client: Client, **options: Any) -> Iterator[Peer]:
    """Yield a browser's socket, with the origin of its own page."""
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}
    origin = options.pop("origin", f"http://127.0.0.1:{server.port}")
    url = f"ws://127.0.0.1:{server.port}/ws/v1"
    with connect(url, origin=origin, additional_headers=headers, **options) as raw:
        yield Peer(raw, _greeted(raw))


def _greeted(raw: ClientConnection) -> dict[str, Any]:
    while True:
        frame = json.loads(raw.recv(timeout=PATIENCE))
        require_published(frame)
        if frame.get("ev") == "hello":
            found: dict[str, Any] = frame["d"]
            return found
