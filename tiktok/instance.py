"""A whole product for tests, benchmarks and pictures: `manage.py serve` on a free port."""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import psycopg

from core.processes import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 180
STOP_SECONDS = 60


class Instance:
    """Web server, worker and scheduler as people run them; use it as a context manager.

    Both modes through the environment (`env` goes before the caller's): with DATABASE_URL it
    makes a database of its own beside that one, with REDIS_URL it takes another number, so
    nothing of the caller is touched.
    """

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = folder / "serve.log"
        around = os.environ | env
        self.database = _OwnDatabase(around.get("DATABASE_URL", ""))
        self.env = self._environment(around)
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start, and wait until the server says that it is ready; `url` is its address."""
        self.database.create()
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End every process and drop the database."""
        self.stop()
        self.database.drop()

    def start(self) -> None:
        """Start the product; raises RuntimeError with its log when it does not come up."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "serve"],
                env=self.env,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509  one prctl call, bound before the fork
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                message = f"the product did not come up:\n{self.log.read_text()}"
                raise RuntimeError(message)
            time.sleep(0.1)

    def stop(self) -> None:
        """Ask for the end as Ctrl-C does, and take care of it when nobody listens."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def is_ready(self) -> bool:
        """Whether /readyz answers 200."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Host": "localhost"})
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _environment(self, around: dict[str, str]) -> dict[str, str]:
        # pytest's own variables would put the settings into their test mode.
        env = {name: value for name, value in around.items() if not name.startswith("PYTEST")}
        for name in ("CELERY_BROKER_URL", "PUBLIC_URL", "DJANGO_SETTINGS_MODULE"):
            env.pop(name, None)
        env = {"DEMO": "0", "RATE_LIMIT_SCALE": "1000", "LOG_LEVEL": "WARNING"} | env
        env |= {
            "PORT": str(self.port),
            "HOST": "127.0.0.1",
            "DATA_DIR": str(self.folder / "data"),
            "DATABASE_URL": self.database.url,
        }
        if redis := env.get("REDIS_URL"):
            env["REDIS_URL"] = other_redis(redis)
            env["CACHE_KEY_PREFIX"] = env["BROKER_KEY_PREFIX"] = f"e2e-{secrets.token_hex(4)}:"
        return env


class _OwnDatabase:
    """A fresh PostgreSQL database beside the one that `url` names; nothing for SQLite."""

    def __init__(self, url: str) -> None:
        self.server = urlunsplit(urlsplit(url)._replace(path="/postgres")) if url else ""
        self.name = f"toptop_e2e_{secrets.token_hex(4)}"
        self.url = urlunsplit(urlsplit(url)._replace(path=f"/{self.name}")) if url else ""

    def create(self) -> None:
        self._run(f'CREATE DATABASE "{self.name}"')

    def drop(self) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        if not self.server:
            return
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement.encode())


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def other_redis(url: str) -> str:
    """Return the URL of another database of the same Redis."""
    parts = urlsplit(url)
    number = int(parts.path.strip("/") or 0)
    return urlunsplit(parts._replace(path=f"/{(number + 8) % 16}"))
