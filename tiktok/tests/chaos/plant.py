"""The messenger as several processes: a web server, gateways, and lines between all of them."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from core.processes import die_with_parent
from tiktok.instance import ROOT, Instance, free_port
from tiktok.tests.chaos.line import Line

START_SECONDS = 60
# Everything that waits for a heartbeat takes seconds here and a minute in service.
HEARTBEAT_SECONDS = 2


class Plant:
    """Web server and gateways over one Redis; the gateways reach it by `redis_line`.

    Clients reach gateway number n by `lines[n]`.
    """

    def __init__(self, folder: Path, redis_port: int, *, gateways: int = 2) -> None:
        self.folder = folder
        self.redis_line = Line(redis_port)
        url = f"redis://127.0.0.1:{redis_port}/0"
        self._shape = Instance(
            folder, REDIS_URL=url, SOCKET_HEARTBEAT_SECONDS=str(HEARTBEAT_SECONDS)
        )
        self.url = f"http://127.0.0.1:{self._shape.port}"
        self.env = self._shape.env
        self.ports = [free_port() for _ in range(gateways)]
        self.lines = [Line(port) for port in self.ports]
        self.gateways: list[subprocess.Popen[bytes]] = []
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self._shape.database.create()
        migrate = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(migrate, cwd=ROOT, env=self.env, check=True)
        for line in (*self.lines, self.redis_line):
            line.__enter__()
        self._start(
            [
                *("-m", "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1"),
                *("--port", str(self._shape.port), "--log-level", "error"),
                *("--blocking-threads", "16", "tiktok.wsgi:application"),
            ]
        )
        self.gateways = [self._gateway(port) for port in self.ports]
        for port in (self._shape.port, *self.ports):
            self._wait_for(port)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            kill_9(process)
        for line in (*self.lines, self.redis_line):
            line.__exit__()
        self._shape.database.drop()

    @property
    def doors(self) -> list[int]:
        """Where clients connect."""
        return [line.port for line in self.lines]

    def kill(self, number: int) -> None:
        """SIGKILL a gateway."""
        kill_9(self.gateways[number])

    def revive(self, number: int) -> None:
        """Start a gateway again at its place, and wait until it answers."""
        self.gateways[number] = self._gateway(self.ports[number])
        self._wait_for(self.ports[number])

    def mend(self) -> None:
        """Put everything back that a test may have broken."""
        for line in (*self.lines, self.redis_line):
            line.mend()
        for number, process in enumerate(self.gateways):
            if process.poll() is not None:
                self.revive(number)

    def memory(self, number: int) -> int:
        """Return the resident bytes of a gateway."""
        fields = Path(f"/proc/{self.gateways[number].pid}/statm").read_text().split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")

    def _gateway(self, port: int) -> subprocess.Popen[bytes]:
        url = self.env["REDIS_URL"].replace(
            f":{self.redis_line.target}/", f":{self.redis_line.port}/"
        )
        return self._start(["manage.py", "serve_sockets", "--port", str(port)], REDIS_URL=url)

    def _start(self, argv: Sequence[str], **env: str) -> subprocess.Popen[bytes]:
        with (self.folder / "plant.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *argv],
                cwd=ROOT,
                env=self.env | env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509  one prctl call, bound before the fork
            )
        self.processes.append(process)
        return process

    def _wait_for(self, port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/healthz", headers={"Host": "localhost"}
            )
            with suppress(OSError), urllib.request.urlopen(request, timeout=2) as answer:
                if answer.status == 200:
                    return
            time.sleep(0.05)
        message = f"{port} did not answer:\n{(self.folder / 'plant.log').read_text()}"
        raise AssertionError(message)


def kill_9(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started at once."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
