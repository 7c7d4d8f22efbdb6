"""`manage.py sweep`: one run of the sweeper, by hand or from cron."""

import dataclasses
from typing import Any

from django.core.management.base import BaseCommand

from videos.services import sweeping


class Command(BaseCommand):
    """Runs every duty of the sweeper once and says what was done."""

    help = "Release lost work, expire uploads, delete condemned files."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        done = dataclasses.asdict(sweeping.sweep())
        self.stdout.write(" ".join(f"{name}={number}" for name, number in done.items()))
