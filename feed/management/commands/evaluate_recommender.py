"""`manage.py evaluate_recommender`: replay a log, and compare on the same split."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from core.errors import Invalid
from feed.evaluation import logs, protocol, tables


class Command(BaseCommand):
    """Prints a table per split; reads, and writes nothing."""

    help = "NDCG@10, Recall@20, coverage and novelty of the ranking against baselines."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the log and the splits."""
        parser.add_argument("--log", type=Path, help="user::item::rating::seconds (this instance)")
        parser.add_argument("--split", choices=(*protocol.SPLITS, "both"), default="both")
        parser.add_argument("--seeds", type=int, default=3, help="of what is random (3)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Evaluate, showing who is being examined."""
        try:
            log = logs.of_file(options["log"]) if options["log"] else logs.of_product()
        except Invalid as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{len(log):,} rows of {log.people:,} people and {log.things:,} things")
        if len(log) < 100:
            raise CommandError("There is too little in this log to say anything.")
        if not tables.has_library():
            self.stdout.write("implicit is not installed (requirements-evaluation.txt): left out")
        splits = protocol.SPLITS if options["split"] == "both" else (options["split"],)
        for how in splits:
            with tqdm(desc=how, unit=" models", leave=False) as bar:

                def step(name: str, bar: Any = bar) -> None:
                    bar.set_postfix_str(name)
                    bar.update()

                found = list(tables.rows(log, how, seeds=options["seeds"], step=step))
            self.stdout.write("\n" + tables.text(found, how))
            self.stdout.write(tables.ratios(found))
