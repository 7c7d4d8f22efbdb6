"""`manage.py simulate_feed`: the closed loop, several policies over several seeds."""

import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from feed.evaluation import tables
from feed.simulation import reports, runs, worlds
from feed.simulation.runs import Outcome


class Command(BaseCommand):
    """Prints a table, and draws the days; touches no database."""

    help = "Simulate an audience under the ranking and under what it is compared with."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size of the world."""
        size = worlds.Size()
        parser.add_argument("--seeds", type=int, default=5)
        parser.add_argument("--people", type=int, default=size.people)
        parser.add_argument("--videos", type=int, default=size.videos)
        parser.add_argument("--authors", type=int, default=size.authors)
        parser.add_argument("--days", type=int, default=size.days)
        parser.add_argument("--parts", type=int, default=runs.PARTS, help="steps of a day")
        parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="runs at a time")
        parser.add_argument("--only", nargs="*", choices=list(reports.POLICIES))
        parser.add_argument("--picture", type=Path, help="write an SVG of the curves")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run, showing day after day."""
        size = worlds.Size(
            people=options["people"],
            videos=options["videos"],
            authors=options["authors"],
            days=options["days"],
        )
        chosen = options["only"] or list(reports.POLICIES)
        if not tables.has_library():
            chosen = [name for name in chosen if not name.startswith("implicit")]
            self.stdout.write("implicit is not installed (requirements-evaluation.txt): left out")
        pairs = [(seed, name) for seed in range(1, options["seeds"] + 1) for name in chosen]
        found: dict[str, list[Outcome]] = {name: [] for name in chosen}
        with (
            ProcessPoolExecutor(options["jobs"]) as pool,
            tqdm(total=len(pairs), unit=" runs", smoothing=0) as bar,
        ):
            for (_, name), outcome in zip(
                pairs, pool.map(partial(_run, size, options["parts"]), pairs), strict=True
            ):
                found[name].append(outcome)
                bar.update()
        said = f"{size} of {options['parts']} steps, {options['seeds']} seeds"
        self.stdout.write(f"{said}\n\n{reports.table(found)}\n")
        if "ours" in found:
            self.stdout.write(reports.ratios(found))
        if options["picture"]:
            options["picture"].write_text(reports.picture(found))


def _run(size: worlds.Size, parts: int, pair: tuple[int, str]) -> Outcome:
    seed, name = pair
    return runs.run(worlds.World(size, seed), reports.POLICIES[name](), seed=seed, parts=parts)
