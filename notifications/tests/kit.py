"""A push service that really listens, and browsers that can really read what comes to it."""

import base64
import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import http_ece
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from accounts.models import User
from core.testing import run_jobs
from notifications import services
from notifications.models import PushDevice

PATIENCE = 5.0  # seconds after which every push is due


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Asked:
    """One request that the service got."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Script:
    """What to answer: a status, headers and a body."""

    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class PushService:
    """Listens on a port of its own; answers by path what a test wrote down, 201 otherwise."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.scripts: dict[str, list[Script]] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.asked.append(Asked(self.path, headers, body))
                script = outer.next(self.path, body)
                self.send_response(script.status)
                for name, value in script.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(script.body)))
                self.end_headers()
                self.wfile.write(script.body)

            def log_message(self, *_args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self.name = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.name}"
        self.answer_expo = default_expo

    def next(self, path: str, body: bytes) -> Script:
        if self.scripts.get(path):
            return self.scripts[path].pop(0)
        return self.answer_expo(path, body) if path.startswith("/expo/") else Script()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_why: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def to(self, path: str) -> list[Asked]:
        return [one for one in self.asked if one.path == path]


def default_expo(path: str, body: bytes) -> Script:
    """Answer as Expo does when all is well."""
    given = json.loads(body)
    if path.endswith("getReceipts"):
        told: Any = {ticket: {"status": "ok"} for ticket in given["ids"]}
    else:
        told = [{"status": "ok", "id": f"t-{one['to'][18:-1]}"} for one in given]
    return Script(200, body=json.dumps({"data": told}).encode())


class Browser:
    """One browser's subscription, with the keys that never leave it."""

    def __init__(self, service: PushService, name: str) -> None:
        self.path = f"/web/{name}"
        self.endpoint = f"{service.url}{self.path}"
        self._service = service
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.keys = services.Keys(text(point), text(self._auth))

    @property
    def subscription(self) -> dict[str, Any]:
        keys = {"p256dh": self.keys.p256dh, "auth": self.keys.auth}
        return {"transport": "webpush", "endpoint": self.endpoint, "keys": keys}

    def register(self, user: User, session_id: Any = None) -> PushDevice:
        return services.register_device(
            actor=user,
            session_id=session_id,
            transport="webpush",
            token=self.endpoint,
            keys=self.keys,
        )[0]

    @property
    def requests(self) -> list[Asked]:
        return self._service.to(self.path)

    @property
    def shown(self) -> list[dict[str, Any]]:
        """Return every push that came, decrypted with this browser's own key."""
        return [
            json.loads(
                http_ece.decrypt(
                    one.body, private_key=self._key, auth_secret=self._auth, version="aes128gcm"
                )
            )
            for one in self.requests
        ]

    @property
    def texts(self) -> list[tuple[str, str]]:
        return [(one["title"], one["body"]) for one in self.shown]


def expo_device(user: User, name: str) -> PushDevice:
    """Register an app of somebody."""
    token = f"ExponentPushToken[{name:x<10}]"
    return services.register_device(actor=user, session_id=None, transport="expo", token=token)[0]


@contextmanager
def later(seconds: float = PATIENCE) -> Iterator[None]:
    """Have it be later by the clock."""
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=True):
        yield


def pushes(seconds: float = PATIENCE) -> Sequence[str]:
    """Run what is due so many seconds from now; return the jobs that ran."""
    with later(seconds):
        ran = list(run_jobs())
        services.sweep()
        return [*ran, *run_jobs()]
