"""Frozen lists: one per viewer, mode and seed, in a database row, only ever appended to.

A position in a list means the same video for as long as the row lives, whatever is published,
hidden or deleted meanwhile, in every process. Rows unused for long are swept (`feed.sweep`).

A list whose row is gone is made again under the same seed. Its order depends on the seed, the
moment it was first made (which cursors carry) and the videos there are: where those are the same,
the list is the same. Otherwise positions shift by what was hidden since (a few videos before the
position are then passed over) or, in `for-you`, by what became popular since.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from core.errors import Invalid
from feed import candidates, modes, timelines
from feed.cursors import EPOCH, Place, viewer_key
from feed.models import FeedSession
from videos.policies import Viewer

ID_BYTES = 16
KEPT_PER_VIEWER = 20
USED_STEP = timedelta(minutes=5)
UNUSED_TTL = timedelta(days=7)
STRANGERS_TTL = timedelta(hours=6)
KEPT_OF_STRANGERS = 20_000
# A request makes at most this many batches: a position further ahead than that is refused.
MAX_BATCHES = 20


class Listing:
    """One frozen list, read by position and grown on demand."""

    def __init__(self, row: FeedSession, viewer: Viewer) -> None:
        self._row = row
        self._is_new = row._state.adding
        self._viewer = viewer

    @property
    def born_at(self) -> datetime:
        """The moment that ages in this list count to."""
        return self._row.born_at

    @property
    def is_new(self) -> bool:
        """Whether the list was begun by this object."""
        return self._is_new

    @property
    def length(self) -> int:
        """How many positions are fixed by now."""
        return self._row.length

    def whys(self, start: int, stop: int) -> dict[UUID, str]:
        """Return what speaks for the ids at these positions, where the list knows."""
        return dict(zip(self.between(start, stop), self._row.whys[start:stop], strict=False))

    def between(self, start: int, stop: int) -> list[UUID]:
        """Return the ids at positions `start` to `stop` (exclusive), fewer at the end."""
        return list(_unpack(bytes(self._row.ids)[start * ID_BYTES : stop * ID_BYTES]))

    def grow(self, *, beyond: int) -> bool:
        """Append batches until the list reaches `beyond`; return whether there was anything.

        Of several requests that grow the same list at once one wins, by compare-and-set on the
        length; the others take its list. Raises Invalid when `beyond` lies too far ahead.
        """
        row = self._row
        taken = dict.fromkeys(_unpack(bytes(row.ids)))  # a set that knows its order
        ids: list[UUID] = []
        whys: dict[UUID, str] = {}
        frontier = row.frontier
        for _ in range(MAX_BATCHES):
            batch = self._next_batch(frontier, taken)
            if not batch.ids:
                break
            ids += batch.ids
            whys |= batch.whys
            taken.update(dict.fromkeys(batch.ids))
            frontier = batch.frontier
            if row.length + len(ids) > beyond:
                break
        else:
            raise Invalid.field("skip", "This position is too far ahead.", code="skip_too_far")
        if not ids:
            return False
        self._append(ids, frontier, whys)
        return True

    def _next_batch(
        self, frontier: candidates.Frontier, taken: Collection[UUID]
    ) -> candidates.Batch:
        """Begin a following feed with the timeline kept ready, go on (and else begin) by search."""
        source = self._source()
        user = modes.signed_in(self._viewer)
        if source.mode == modes.Mode.FOLLOWING and user and not frontier:
            born = (source.born_at - EPOCH) // timedelta(microseconds=1)
            ready = [entry for entry in timelines.newest(user.pk) or () if entry[0] <= born]
            if len(ready) >= timelines.KEPT // 2:
                at, last = ready[-1]
                after = (EPOCH + timedelta(microseconds=at)).isoformat()
                state: candidates.Frontier = {"after": [after, str(last)]}
                return candidates.Batch(ids=[video_id for _, video_id in ready], frontier=state)
        return candidates.next_batch(source, frontier=frontier, taken=taken)

    def touch(self) -> None:
        """Note that the list is in use, at most every five minutes."""
        now = timezone.now()
        if now - self._row.used_at > USED_STEP:
            FeedSession.objects.filter(pk=self._row.pk).update(used_at=now)

    def _source(self) -> candidates.Source:
        row = self._row
        return candidates.Source(self._viewer, modes.Mode(row.mode), row.seed, row.born_at)

    def _append(
        self, ids: list[UUID], frontier: candidates.Frontier, whys: dict[UUID, str]
    ) -> None:
        row = self._row
        said = list(row.whys)
        if whys:
            said += [""] * (row.length - len(said)) + [whys.get(key, "") for key in ids]
        grown = FeedSession(
            viewer_id=row.viewer_id,
            viewer_key=row.viewer_key,
            mode=row.mode,
            seed=row.seed,
            born_at=row.born_at,
            ids=bytes(row.ids) + b"".join(video_id.bytes for video_id in ids),
            length=row.length + len(ids),
            whys=said,
            frontier=frontier,
            used_at=timezone.now(),
        )
        if row._state.adding:
            won = _insert(grown)
        else:
            won = bool(
                FeedSession.objects.filter(pk=row.pk, length=row.length).update(
                    ids=grown.ids,
                    length=grown.length,
                    whys=said,
                    frontier=frontier,
                    used_at=grown.used_at,
                )
            )
            grown.pk = row.pk
        grown._state.adding = False
        self._row = grown if won else _find(row) or grown


def open_listing(*, viewer: Viewer, place: Place) -> Listing:
    """Return the list that `place` lies in; it is stored when it first grows."""
    user = modes.signed_in(viewer)
    wanted = FeedSession(
        viewer=user,
        viewer_key=viewer_key(viewer),
        mode=place.mode.value,
        seed=place.seed.number,
        born_at=place.born_at or timezone.now(),
        used_at=timezone.now(),
    )
    return Listing(_find(wanted) or wanted, viewer)


def keep_latest(viewer: Viewer) -> None:
    """Delete a person's lists beyond the latest few; those of strangers are left to the sweep."""
    user = modes.signed_in(viewer)
    if user is None:
        return
    rows = FeedSession.objects.filter(viewer_key=viewer_key(user))
    kept = rows.order_by("-used_at", "-pk").values_list("pk", flat=True)[:KEPT_PER_VIEWER]
    with transaction.atomic():
        if rows.count() > KEPT_PER_VIEWER:
            rows.exclude(pk__in=list(kept)).delete()


def sweep() -> int:
    """Delete lists that nobody reads any more; return how many."""
    now = timezone.now()
    strangers = FeedSession.objects.filter(viewer=None)
    deleted = FeedSession.objects.filter(used_at__lt=now - UNUSED_TTL).delete()[0]
    deleted += strangers.filter(used_at__lt=now - STRANGERS_TTL).delete()[0]
    newest = strangers.order_by("-pk").values_list("pk", flat=True)
    oldest_kept = newest[KEPT_OF_STRANGERS - 1 : KEPT_OF_STRANGERS].first()
    if oldest_kept is not None:
        deleted += strangers.filter(pk__lt=oldest_kept).delete()[0]
    return deleted


def _find(row: FeedSession) -> FeedSession | None:
    return FeedSession.objects.filter(
        viewer_key=row.viewer_key, mode=row.mode, seed=row.seed
    ).first()


def _insert(row: FeedSession) -> bool:
    """Store a list's first batch; return False when another request has, and its list counts.

    As `bulk_create(ignore_conflicts=True)`, which does not tell.
    """
    columns = [field for field in FeedSession._meta.concrete_fields if not field.primary_key]
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(field.column or "") for field in columns)
    marks = ", ".join(["%s"] * len(columns))
    table = quoted(FeedSession._meta.db_table)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in columns]
    # Names of columns only; every value is a parameter.
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING RETURNING id"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        stored = cursor.fetchone()
    row.pk = stored[0] if stored else None
    return stored is not None


def _unpack(packed: bytes) -> Iterator[UUID]:
    for start in range(0, len(packed), ID_BYTES):
        yield UUID(bytes=packed[start : start + ID_BYTES])
