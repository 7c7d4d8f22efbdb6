"""`manage.py recount`: every counter of people and videos, from the rows that it counts."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.models import User
from core.ids import parse_uuid
from social.engagement import services as engagement
from social.graph import services as graph
from videos.models import Video

Recount = Callable[..., Iterator[tuple[UUID, int, int]]]
WRONG = 1
INTERRUPTED = 130


class Command(BaseCommand):
    """Exit status: 0 nothing was wrong, 1 something was (and is repaired), 130 interrupted."""

    help = (
        "Compare PersonStats and VideoStats with the rows they count and repair what differs. "
        "Safe while people use the site. Exits 1 when something was wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--check", action="store_true", help="Repair nothing, only tell.")
        parser.add_argument("--batch", type=int, default=200, help="Rows per transaction (200).")
        parser.add_argument("--only", choices=["people", "videos"], help="One kind of counters.")
        parser.add_argument("--after", metavar="ID", help="Go on after this id (with --only).")

    def handle(self, *args: Any, **options: Any) -> None:
        """Recount people, then videos."""
        after = parse_uuid(options["after"]) if options["after"] else None
        if options["after"] and (after is None or not options["only"]):
            message = "--after takes the id that an interrupted run printed, together with --only."
            raise CommandError(message)
        if options["batch"] < 1:
            message = "--batch is at least 1."
            raise CommandError(message)
        kinds: dict[str, tuple[Recount, int]] = {
            "people": (graph.recount_people, User.objects.count()),
            "videos": (engagement.recount_videos, Video.objects.count()),
        }
        wrong = 0
        for kind, (recount, total) in kinds.items():
            if options["only"] in (None, kind):
                steps = recount(after=after, repair=not options["check"], batch=options["batch"])
                wrong += self._run(kind, steps, total)
        if wrong:
            sys.exit(WRONG)

    def _run(self, kind: str, steps: Iterator[tuple[UUID, int, int]], total: int) -> int:
        """Walk through the batches; return how many rows were wrong."""
        wrong = 0
        place = ""
        try:
            with tqdm(total=total, desc=kind, unit="row", disable=None) as bar:
                for last_id, checked, differing in steps:
                    place = f" --after {last_id}"
                    wrong += differing
                    bar.update(checked)
        except KeyboardInterrupt:
            self.stderr.write(f"Interrupted. Go on with: recount --only {kind}{place}")
            sys.exit(INTERRUPTED)
        self.stdout.write(f"{kind}: {wrong} wrong")
        return wrong
