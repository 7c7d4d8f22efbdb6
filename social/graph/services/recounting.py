"""Repair of `PersonStats` from the rows that it counts."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from accounts.models import User
from social.graph.models import Follow, Friendship, PersonStats

Counters = tuple[int, int, int]


def recount_people(
    *, after: UUID | None = None, repair: bool = True, batch: int = 200
) -> Iterator[tuple[UUID, int, int]]:
    """Compare every person's counters with the rows, `batch` people per transaction.

    Yields (last id, how many checked, how many were wrong) after each commit, in the order of
    ids: whoever stops in between goes on with `after`. The batch's user rows are locked as every
    verb locks them, so a count cannot change between counting and writing.
    """
    while True:
        with transaction.atomic():
            people = User.objects.order_by("pk").select_for_update(no_key=True)
            if after is not None:
                people = people.filter(pk__gt=after)
            ids = list(people.values_list("pk", flat=True)[:batch])
            if not ids:
                return
            wrong = _wrong(ids)
            if repair:
                _write(wrong)
        after = ids[-1]
        yield after, len(ids), len(wrong)


def _wrong(ids: list[UUID]) -> dict[UUID, Counters]:
    """Return the true counters of those whose stored ones differ."""
    followers = _counted(Follow, "followed_id", ids)
    following = _counted(Follow, "follower_id", ids)
    lower, higher = _counted(Friendship, "lo_id", ids), _counted(Friendship, "hi_id", ids)
    stored = {
        row.user_id: (row.followers, row.following, row.friends)
        for row in PersonStats.objects.filter(user_id__in=ids)
    }
    true = {
        pk: (
            followers.get(pk, 0),
            following.get(pk, 0),
            lower.get(pk, 0) + higher.get(pk, 0),
        )
        for pk in ids
    }
    return {pk: counters for pk, counters in true.items() if stored.get(pk, (0, 0, 0)) != counters}


def _counted(model: type[Follow | Friendship], column: str, ids: list[UUID]) -> dict[UUID, int]:
    rows = model._default_manager.filter(**{f"{column}__in": ids}).values_list(column)
    return dict(rows.annotate(Count("pk")))


def _write(wrong: dict[UUID, Counters]) -> None:
    PersonStats.objects.bulk_create(
        [
            PersonStats(user_id=pk, followers=followers, following=following, friends=friends)
            for pk, (followers, following, friends) in wrong.items()
        ],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["followers", "following", "friends"],
    )
