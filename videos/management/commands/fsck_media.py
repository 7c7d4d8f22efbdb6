"""`manage.py fsck_media`: compares the file store with the ledger, both ways."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from accounts.models import User
from core.fsck import Check, Finding
from core.models import StoredFile
from videos.models import Photo, Rendition, Sound, UploadChunk, Video

MEANING = {
    "foreign": "objects in folders that are not ours: left alone",
    "orphan": "objects without a row",
    "undead": "objects of rows that say deleted",
    "size": "objects of another size than their row says",
    "missing": "rows whose object is gone",
    "stuck": "condemned for a week and not deleted",
    "unledgered": "files in use that the ledger does not hold",
}
HARMLESS = ("foreign",)
SHOWN = 20


class Command(BaseCommand):
    """Exits with 1 when anything is left that does not fit; `--repair` deletes week-old rubbish."""

    help = "Compare stored files with the ledger, both ways."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--repair`."""
        parser.add_argument(
            "--repair",
            action="store_true",
            help="delete what is ours, without a use, and a week old",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run all comparisons; Ctrl-C ends them and says what was found so far."""
        repair = bool(options["repair"])
        # Whoever points an empty database at a full store must not lose it.
        if repair and not StoredFile.objects.exists():
            raise CommandError("The ledger is empty: is this the database of this file store?")
        self.found: Counter[str] = Counter()
        self.repaired: Counter[str] = Counter()
        check = Check(repair=repair)
        rows = StoredFile.objects.count()
        try:
            self._take(check.objects(), "objects", rows)
            self._take(check.rows(), "rows", rows)
            self._take(_unledgered(), "uses", None)
        except KeyboardInterrupt:
            self._report()
            raise CommandError("Interrupted: the rest was not compared.", returncode=130) from None
        self._report()
        left = self.found - self.repaired
        if any(number for kind, number in left.items() if kind not in HARMLESS):
            raise CommandError("Something does not fit.", returncode=1)

    def _take(self, findings: Iterable[list[Finding]], what: str, total: int | None) -> None:
        with tqdm(total=total, desc=what, unit=f" {what}", disable=None) as bar:
            for together in findings:
                for finding in together:
                    self.found[finding.kind] += 1
                    self.repaired[finding.kind] += finding.repaired
                    if self.found[finding.kind] <= SHOWN:
                        done = " (repaired)" if finding.repaired else ""
                        with bar.external_write_mode():
                            self.stdout.write(f"{finding.kind}: {finding.key}{done}")
                bar.update()

    def _report(self) -> None:
        for kind, number in sorted(self.found.items()):
            self.stdout.write(f"{number} {MEANING[kind]}, {self.repaired[kind]} repaired")
        if not self.found:
            self.stdout.write("Everything fits.")


def _unledgered() -> Iterator[list[Finding]]:
    """Look for the row of every key that something shows or needs."""
    live = Video.objects.filter(deleted_at__isnull=True)
    uses = [
        (Rendition.objects.all(), "key"),
        (Sound.objects.filter(video__deleted_at__isnull=True), "key"),
        (Photo.objects.exclude(key=""), "key"),
        (Photo.objects.exclude(small_key=""), "small_key"),
        (UploadChunk.objects.all(), "key"),
        (live.exclude(cover_key=""), "cover_key"),
        (live.exclude(preview_key=""), "preview_key"),
        (User.objects.exclude(avatar_key=""), "avatar_key"),
    ]
    for rows, name in uses:
        referenced = StoredFile.objects.filter(state=StoredFile.State.REFERENCED).values("key")
        keys = rows.exclude(**{f"{name}__in": referenced}).values_list(name, flat=True)
        for key in keys.iterator():
            yield [Finding("unledgered", key)]
