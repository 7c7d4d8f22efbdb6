"""`manage.py work <queue>...`: a worker with as many threads as this machine bears."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.capacity import transcoders

QUEUES = ("default", "push", "media", "ladder", "captions")
# Short jobs that mostly wait: mails, counters, sweeps; and those that wait for push services.
SHORT_THREADS = {"default": 2, "push": 1}


class Command(BaseCommand):
    """Becomes a Celery worker; threads do, since ffmpeg is a child anyway."""

    help = "Work on: default, push (short jobs), media (first renditions), ladder, captions."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the names of the queues."""
        parser.add_argument("queues", nargs="+", choices=QUEUES)

    def handle(self, *args: Any, **options: Any) -> None:
        """Start; does not return."""
        os.execv(sys.executable, worker_argv(options["queues"]))  # noqa: S606  (no shell)


def worker_argv(queues: list[str]) -> list[str]:
    """Return the command of a worker of `queues`."""
    threads = sum(SHORT_THREADS.get(name, 0) for name in queues)
    threads += transcoders() if set(queues) - set(SHORT_THREADS) else 0
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "tiktok", "worker", "--pool=threads"),
        *(f"--concurrency={threads}", f"--queues={','.join(queues)}"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING"),
    ]
