"""`manage.py seed_demo`: a dozen people, forty clips and the talk between them."""

import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from feed.demo import cast
from feed.demo.seeding import Seeding


class Command(BaseCommand):
    """Seeds the demo through the services that everybody uses; run again to continue."""

    help = "Fill the network with demo people, clips, albums, follows, likes and comments."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--force", action="store_true", help="seed even where real people already are"
        )
        parser.add_argument("--password", help="the demo people's password (one for all)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse where real people live; else seed with a progress bar."""
        if cast.is_foreign() and not options["force"]:
            message = (
                "People live here already, so the demo stays out. "
                "(seed_demo --force seeds anyway; DEMO=0 make run starts without it.)"
            )
            raise CommandError(message)
        logging.getLogger("django").setLevel(logging.ERROR)
        password = options["password"] or cast.demo_password()
        with tqdm(desc="demo", unit="step", dynamic_ncols=True) as bar:

            def step(label: str) -> None:
                bar.set_postfix_str(label, refresh=False)
                bar.update()

            seeding = Seeding(password=password, step=step)
            bar.reset(seeding.total)
            seeding.run()
        self.stdout.write(f"Sign in as any of the demo people, say linh.tran: {password}")
