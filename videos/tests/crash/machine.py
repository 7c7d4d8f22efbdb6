"""A whole product of its own for one crash test: data folder, web server, worker, driver."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
LEASE_SECONDS = 5


def environment(data: Path) -> dict[str, str]:
    """Return the environment of the product: this run's services, its own data and database."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    kept = {key: value for key, value in os.environ.items() if "PYTEST" not in key}
    kept.pop("CELERY_BROKER_URL", None)
    own = {
        "DATA_DIR": str(data),
        "PROCESSING_LEASE_SECONDS": str(LEASE_SECONDS),
        "BROKER_KEY_PREFIX": f"{data.name}:",
        "CACHE_KEY_PREFIX": f"crash-{data.name}",
        "LOG_LEVEL": "WARNING",
    }
    if kept.get("DATABASE_URL"):
        own["DATABASE_URL"] = f"{kept['DATABASE_URL']}_crash{worker}"
    return {**kept, **own}


def wait_for(condition: Callable[[], Any], seconds: float = 120, what: str = "") -> Any:
    """Return the first true answer of `condition`; fails after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.05)
    message = f"waited {seconds} s for {what or condition}"
    raise AssertionError(message)


@dataclass
class Machine:
    """The processes of one test; `close` ends those that still run."""

    data: Path
    env: dict[str, str]
    port: int = 0
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    driver: subprocess.Popen[bytes] | None = None
    rehearsal: subprocess.Popen[bytes] | None = None

    def ask(self, order: str, *arguments: object) -> Any:
        """Have the driver do something; its failed assertions are raised here."""
        if self.driver is None:
            self.driver = self._start(["-m", "videos.tests.crash.driver"], pipes=True)
        answer = _exchange(self.driver, [order, *arguments])
        assert "failed" not in answer, answer["failed"]
        return answer["value"]

    def rehearse(self, call: str, *arguments: object, **env: str) -> Any:
        """Have a process of its own do something and return what it returned; it must survive."""
        answer = self.risk(call, *arguments, **env)
        assert "value" in answer, answer.get("failed", answer)
        return answer["value"]

    def risk(self, call: str, *arguments: object, **env: str) -> dict[str, Any]:
        """Have a process of its own do something that it may not survive; return how it ended."""
        return self._order({"call": call, "args": arguments, "env": env})

    def wake(self, pid: int) -> dict[str, Any]:
        """Let a process that froze go on; return how it ended."""
        return self._order({"wake": pid})

    def _order(self, order: dict[str, Any]) -> dict[str, Any]:
        if self.rehearsal is None:
            self.rehearsal = self._start(["-m", "videos.tests.crash.rehearsal"], pipes=True)
        return _exchange(self.rehearsal, order)

    def worker(self) -> subprocess.Popen[bytes]:
        """Start a real worker, as `make run` does, without the clock: the test sweeps."""
        return self._start(
            [
                *("-m", "celery", "--quiet", "-A", "tiktok", "worker", "--pool=threads"),
                *("--concurrency=1", "--queues=default,media,ladder", "--loglevel=ERROR"),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            ]
        )

    def web(self) -> subprocess.Popen[bytes]:
        """Start a real web server and wait until it answers."""
        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
        process = self._start(
            [
                *("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--no-ws"),
                *("--port", str(self.port), "--log-level", "error", "tiktok.wsgi:application"),
            ]
        )
        wait_for(self._answers, what="the web server")
        return process

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def sign_up(self, username: str) -> str:
        """Return an access token of a new account."""
        body = {"email": f"{username}@example.com", "password": "a long enough passphrase"}
        request = urllib.request.Request(
            self.url("/api/v1/auth/signup"),
            json.dumps({**body, "username": username}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            return str(json.load(answer)["access"])

    def decoders(self, program: str = "ffmpeg") -> list[int]:
        """Return the ids of processes that run a program in our scratch folder."""
        scratch = str(self.data / "scratch").encode()
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError):
                    line = (entry / "cmdline").read_bytes()
                    if scratch in line and program.encode() in line:
                        found.append(int(entry.name))
        return found

    def close(self) -> None:
        """End everything that was started here."""
        for process in self.processes:
            kill_9(process)

    def _answers(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(self.url("/healthz"), timeout=2) as answer:
            return bool(answer.status == 200)
        return False

    def _start(self, argv: list[str], *, pipes: bool = False) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, *argv],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.PIPE if pipes else subprocess.DEVNULL,
            stdout=subprocess.PIPE if pipes else None,
            start_new_session=True,
        )
        self.processes.append(process)
        return process


def _exchange(process: subprocess.Popen[bytes], order: object) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(order).encode() + b"\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


def kill_9(process: subprocess.Popen[bytes]) -> None:
    """End a process and its group at once, as the kernel does when memory runs out.

    Decoders run in groups of their own: they must die by themselves.
    """
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def prepare(data: Path) -> dict[str, str]:
    """Make the data folder and an empty, migrated database; return the environment."""
    env = environment(data)
    if url := env.get("DATABASE_URL"):
        _recreate(url)
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=env, check=True)
    return env


def _recreate(url: str) -> None:
    import psycopg

    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')


def machines(data: Path, env: dict[str, str]) -> Iterator[Machine]:
    """Yield a machine and end its processes afterwards."""
    machine = Machine(data, env)
    yield machine
    machine.close()
