"""Storage against ledger, both ways: what has no row, what has no object, what has another size.

A repair touches only what is ours (a folder that the ledger knows), what nothing live wants, and
what has been so for a week; everything else is reported for a person to judge. Safe to interrupt
and to repeat: each repair is one step that stands for itself.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils import timezone

from core import files, storage
from core.models import StoredFile

State = StoredFile.State
KEPT = dt.timedelta(days=7)
BATCH = 500


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit; `repaired` says whether it does now."""

    kind: str
    key: str
    repaired: bool = False


class Check:
    """One comparison; run `objects` to its end before `rows`, which builds on what it saw."""

    def __init__(self, *, repair: bool) -> None:
        self.repair = repair
        self.started_at = timezone.now()
        self.seen: set[int] = set()
        keys = StoredFile.objects.values_list("key", flat=True)
        self.folders = set(files.FOLDERS) | {_folder(key) for key in keys.iterator(BATCH)}

    def objects(self) -> Iterator[list[Finding]]:
        """Compare every stored object with its row; yield the findings of one at a time."""
        for batch in _batches(storage.listing()):
            rows = {
                row.key: row
                for row in StoredFile.objects.filter(key__in=[found.key for found in batch])
            }
            for found in batch:
                self.seen.add(hash(found.key))
                yield [*self._object(found, rows.get(found.key))]

    def rows(self) -> Iterator[list[Finding]]:
        """Look for the object of every row that should have one; one row at a time."""
        expected = StoredFile.objects.exclude(state__in=[State.RESERVED, State.DELETED])
        for row in expected.order_by("pk").iterator(BATCH):
            yield [*self._row(row)]

    def _object(self, found: storage.Found, row: StoredFile | None) -> Iterator[Finding]:
        if row is None:
            if _folder(found.key) not in self.folders:
                yield Finding("foreign", found.key)
            # A row comes before its object: none now means none when this object was written.
            elif not StoredFile.objects.filter(key=found.key).exists():
                yield self._orphan(found)
        elif row.state == State.DELETED:
            old = self.started_at - row.state_changed_at > KEPT
            yield Finding("undead", found.key, self._delete(found.key, old=old))
        elif row.state in (State.PRESENT, State.REFERENCED) and row.size != found.size:
            yield Finding("size", found.key)

    def _orphan(self, found: storage.Found) -> Finding:
        old = self.started_at - found.changed_at > KEPT
        return Finding("orphan", found.key, self._delete(found.key, old=old))

    def _row(self, row: StoredFile) -> Iterator[Finding]:
        age = self.started_at - row.state_changed_at
        if row.state == State.CONDEMNED:
            if age > KEPT:
                yield Finding("stuck", row.key, self.repair and files.delete_bytes(row))
            return
        if hash(row.key) in self.seen or age < dt.timedelta() or storage.exists(row.key):
            return
        # Nothing can use a file that nobody refers to and that is gone; the rest needs a person.
        settle = self.repair and row.state == State.PRESENT and age > KEPT
        yield Finding("missing", row.key, settle and bool(files.condemn([row.key])))

    def _delete(self, key: str, *, old: bool) -> bool:
        return self.repair and old and files.delete_object(key)


def _folder(key: str) -> str:
    return key.partition("/")[0]


def _batches(found: Iterable[storage.Found]) -> Iterator[list[storage.Found]]:
    remaining = iter(found)
    while batch := list(islice(remaining, BATCH)):
        yield batch
