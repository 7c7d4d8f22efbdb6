"""`manage.py rebuild_timelines`: the timelines of recent readers, from the database."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from core.redis_link import Gone, link
from feed import timelines, visitors


class Command(BaseCommand):
    """Makes them anew one by one; may be stopped and run again at any time."""

    help = "Make the timelines of recent readers anew from the database (scaled mode)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how far back to look."""
        parser.add_argument("--days", type=int, default=7, help="readers of the last days (7)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, showing how many a second."""
        if link() is None:
            raise CommandError("There are no timelines without REDIS_URL.")
        since = timezone.now() - timedelta(days=options["days"])
        users = list(visitors.recent(since=since))
        try:
            for user_id in tqdm(users, desc="timelines", unit=" people"):
                timelines.rebuild(user_id)
        except Gone as error:
            raise CommandError("Redis does not answer.") from error
