"""`manage.py serve`: the whole product on one machine, in the foreground (`make run`)."""

import contextlib
import errno
import fcntl
import http.client
import os
import socket
import sys
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from core.management.commands.work import worker_argv
from core.processes import run_guarded
from core.supervisor import Service, Supervisor

MANAGE = str(Path(settings.BASE_DIR) / "manage.py")
# A browser keeps up to six media connections open and reads them at its own pace; each holds one
# thread while it streams. Threads start on demand and end when idle.
BLOCKING_THREADS = 64
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


class Command(BaseCommand):
    """Migrates, then runs the web server, a worker with beat, and the demo's seeding."""

    help = "Migrate, then run web server and worker until Ctrl-C or SIGTERM."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Check what can be checked before anything starts, then run under a guard."""
        host = os.environ.get("HOST", "127.0.0.1")
        port = _port(os.environ.get("PORT", "8000"))
        _require_free(host, port)
        with _only_one(Path(settings.DATA_DIR) / "serve.lock"):
            status = run_guarded(lambda: self._serve(host, port))
        if status:
            sys.exit(status)

    def _serve(self, host: str, port: int) -> int:
        """Run until stopped; return the exit status."""
        supervisor = Supervisor()
        supervisor.say("preparing the database")
        call_command("migrate", interactive=False, verbosity=0)
        if not settings.EMBEDDED:
            call_command("collectstatic", interactive=False, verbosity=0)
        supervisor.add(web(host, port))
        supervisor.add(worker())
        supervisor.add(ladder())
        if settings.CAPTIONS_COMMAND:
            supervisor.add(captioner())
        waiting = [True]

        def announce() -> None:
            if waiting and _ready(host, port):
                waiting.clear()
                supervisor.say(f"open {settings.PUBLIC_URL}")
                if os.environ.get("DEMO", "1") != "0":
                    supervisor.add(demo())

        supervisor.run(announce)
        return 0


def web(host: str, port: int) -> Service:
    """Return the web server: one process while the cache lives in it, more when Redis is shared.

    It serves sockets on the same port. With Redis WEB_SOCKETS=0 leaves them to `serve_sockets`
    behind a proxy, and pages get the WSGI server that docker compose gives them.
    """
    workers = os.environ.get("WEB_WORKERS", "2" if settings.REDIS_URL else "1")
    if not settings.REDIS_URL and workers != "1":
        raise CommandError("WEB_WORKERS above 1 needs REDIS_URL: the cache lives in the process.")
    together = not settings.REDIS_URL or os.environ.get("WEB_SOCKETS", "1") != "0"
    options = {
        "interface": "asgi" if together else "wsgi",
        "host": host,
        "port": str(port),
        "workers": workers,
        "workers-kill-timeout": "5",
        # Pieces of a body are this large, and three or four of them are in hand per upload.
        "http1-buffer-size": str(128 * 1024),
        "log-level": "error",  # its one warning is about the number of threads, which is meant
    }
    if not together:
        options["blocking-threads"] = str(BLOCKING_THREADS)
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    target = ["tiktok.asgi:application"] if together else ["--no-ws", "tiktok.wsgi:application"]
    # glibc gives every thread a heap of its own and hands little of it back: 20 uploads at once
    # cost 20 MB more with it (scripts/measure_memory.py).
    env = {"MALLOC_ARENA_MAX": "2"}
    return Service("web", [sys.executable, "-m", "granian", *flags, *target], env=env)


def worker() -> Service:
    """Return the worker of short jobs and first renditions, with the scheduler."""
    beat = ("--beat", f"--schedule={settings.CELERY_BEAT_SCHEDULE_FILENAME}")
    return Service("worker", [*worker_argv(["default", "push", "media"]), *beat])


def ladder() -> Service:
    """Return the worker of the larger renditions: nothing that people wait for queues behind it."""
    # Of the same host as the other one, which has the standard name.
    return Service("ladder", [*worker_argv(["ladder"]), "--hostname=ladder@%h"])


def captioner() -> Service:
    """Return the worker of automatic captions, which may take minutes each."""
    return Service("words", [*worker_argv(["captions"]), "--hostname=captions@%h"])


def demo() -> Service:
    """Return the seeding of the demo; its progress bar gets the terminal when there is one."""
    terminal = sys.stdout.isatty()
    return Service(
        "demo",
        [sys.executable, MANAGE, "seed_demo"],
        env={} if terminal else {"TQDM_MININTERVAL": "10"},
        once=True,
        own_terminal=terminal,
    )


def _port(value: str) -> int:
    """Return the port number; CommandError when it is none."""
    if value.isdigit() and 0 < int(value) < 65536:
        return int(value)
    raise CommandError(f"PORT must be a number from 1 to 65535, not {value!r}.")


def _require_free(host: str, port: int) -> None:
    """Raise CommandError with the way out when the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                hint = f"Port {port} is in use by another program: try PORT={port + 1} make run."
            else:
                hint = f"Cannot listen on {host}:{port}: {error.strerror}."
            raise CommandError(hint) from error


@contextlib.contextmanager
def _only_one(path: Path) -> Any:
    """Hold the data folder: two servers on one SQLite file and one broker would share jobs."""
    lock: IO[str]
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"Already running with the data in {path.parent} (DATA_DIR names another)."
            raise CommandError(message) from error
        yield


def _ready(host: str, port: int) -> bool:
    """Whether the server answers /readyz with 200."""
    connection = http.client.HTTPConnection(WILDCARDS.get(host, host), port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
