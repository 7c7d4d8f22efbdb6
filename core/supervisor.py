"""Runs the processes of one machine: starts, prefixes their lines, restarts and ends them."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

from core.processes import adopt_orphans, die_with_parent, end_descendants

GRACE_SECONDS = 8.0
STEADY_SECONDS = 60.0
MAX_PAUSE_SECONDS = 30.0
TICK_SECONDS = 0.1
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
CLEAR_LINE = "\r\x1b[K"


@dataclass(eq=False)
class Service:
    """One process to keep running; `once` marks a job that is done when it ends."""

    name: str
    argv: Sequence[str]
    env: dict[str, str] = field(default_factory=dict)
    once: bool = False
    own_terminal: bool = False
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause: float = 0.5

    @property
    def alive(self) -> bool:
        """Whether the process runs now."""
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Keeps services running until told to stop; `stop` may be called by a signal handler."""

    def __init__(self) -> None:
        self.services: list[Service] = []
        self.stops = 0
        self._write_lock = threading.Lock()
        self._readers: list[threading.Thread] = []

    @property
    def stopping(self) -> bool:
        """Whether the end has been asked for."""
        return self.stops > 0

    def stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Ask for the end; asked twice, do not wait for anybody."""
        self.stops += 1

    def say(self, line: str, name: str = "serve") -> None:
        """Write one prefixed line."""
        clear = CLEAR_LINE if sys.stdout.isatty() else ""
        with self._write_lock, suppress(BrokenPipeError):
            sys.stdout.write(f"{clear}{name:<6} | {line}\n")
            sys.stdout.flush()

    def add(self, service: Service) -> None:
        """Start a service and look after it from now on (call from the main thread only)."""
        self.services.append(service)
        self._start(service)

    def run(self, on_tick: Callable[[], None]) -> None:
        """Look after the services until `stop`, then end them; calls `on_tick` at every look."""
        adopt_orphans()
        for number in STOPPING:
            signal.signal(number, self.stop)
        try:
            while not self.stopping:
                for service in list(self.services):
                    self._tend(service)
                on_tick()
                time.sleep(TICK_SECONDS)
        finally:
            self._end_all()

    def _start(self, service: Service) -> None:
        # A process group and session of its own, so that a signal to us is not a signal to it.
        service.process = subprocess.Popen(
            service.argv,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **service.env},
            stdin=subprocess.DEVNULL,
            stdout=None if service.own_terminal else subprocess.PIPE,
            stderr=None if service.own_terminal else subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  one prctl call, bound before the fork
        )
        service.started_at = time.monotonic()
        if service.process.stdout:
            reader = threading.Thread(
                target=self._relay, args=(service.name, service.process.stdout), daemon=True
            )
            reader.start()
            self._readers.append(reader)

    def _relay(self, name: str, stream: IO[bytes]) -> None:
        """Copy a process's output line by line; a progress bar's carriage returns end lines too."""
        rest = b""
        while chunk := os.read(stream.fileno(), 65536):
            *lines, rest = re.split(rb"[\r\n]+", rest + chunk)
            for line in lines:
                if line.strip():
                    self.say(line.decode(errors="replace"), name)
        if rest.strip():
            self.say(rest.decode(errors="replace"), name)
        stream.close()

    def _tend(self, service: Service) -> None:
        """Restart a service that ended: at once when it ran well, ever later when it did not."""
        now = time.monotonic()
        if service.alive:
            return
        if service.process is not None:
            code = service.process.returncode
            with suppress(ProcessLookupError):  # what it had started must not run beside the next
                os.killpg(service.process.pid, signal.SIGKILL)
            service.process = None
            if service.once:
                self.services.remove(service)
                self.say(
                    f"{service.name} {'is done' if code == 0 else f'ended with status {code}'}"
                )
                return
            steady = now - service.started_at > STEADY_SECONDS
            service.pause = 0.5 if steady else min(service.pause * 2, MAX_PAUSE_SECONDS)
            service.start_at = now + service.pause
            self.say(
                f"{service.name} ended (status {code}); starting it again in {service.pause:g} s"
            )
        if now >= service.start_at:
            self._start(service)

    def _end_all(self) -> None:
        """SIGTERM to each service, SIGKILL to what is left after the grace or a second stop."""
        if any(service.alive for service in self.services):
            self.say("stopping (once more to not wait)")
        for service in self.services:
            if service.process and service.alive:
                service.process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        asked = self.stops
        while any(service.alive for service in self.services):
            if time.monotonic() > deadline or self.stops > asked:
                break
            time.sleep(0.05)
        end_descendants()
        for reader in self._readers:
            reader.join(timeout=1)
        self.say("stopped")
