"""`manage.py precache`: begin the next visit of those who are likely to come."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from core.redis_link import link
from feed import ahead, visitors


class Command(BaseCommand):
    """Prepares the top ten of each, the latest visitors first; may be stopped at any time."""

    help = "Prepare the first page of for-you and following for recent readers (scaled mode)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whom to prepare for."""
        parser.add_argument(
            "--hours", type=float, default=24, help="readers of the last hours (24)"
        )
        parser.add_argument("--limit", type=int, default=None, help="at most so many people")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, showing how many a second."""
        if link() is None:
            raise CommandError("There is nothing to keep it in without REDIS_URL.")
        since = timezone.now() - timedelta(hours=options["hours"])
        likely = list(visitors.recent(since=since, limit=options["limit"]))
        made = ahead.make_heads(tqdm(likely, desc="precache", unit=" people"))
        self.stdout.write(f"{made} first pages are ready for {len(likely)} people.")
