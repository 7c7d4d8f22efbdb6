"""Repair of the counters of videos and threads from the rows that they count."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from social.engagement.models import Comment, Like, Save, VideoStats
from videos.models import Video

Counters = tuple[int, int, int]


def recount_videos(
    *, after: UUID | None = None, repair: bool = True, batch: int = 200
) -> Iterator[tuple[UUID, int, int]]:
    """Compare every video's likes, comments, saves and replies with the rows, in batches.

    Yields (last id, how many videos checked, how many counters were wrong) after each, in the
    order of ids: whoever stops in between goes on with `after`. A batch's counters are locked
    before the rows are counted, so a verb counts either before, and is seen, or after, and adds
    to the result.
    """
    while True:
        rows = Video.objects.order_by("pk")
        if after is not None:
            rows = rows.filter(pk__gt=after)
        ids = list(rows.values_list("pk", flat=True)[:batch])
        if not ids:
            return
        with transaction.atomic():
            wrong = _wrong(ids)
            if repair:
                _write(wrong)
        with transaction.atomic():
            threads = _wrong_threads(ids)
            if repair:
                for pk, replies in threads.items():
                    Comment.objects.filter(pk=pk).update(live_replies=replies)
        after = ids[-1]
        yield after, len(ids), len(wrong) + len(threads)


def _wrong(ids: list[UUID]) -> dict[UUID, Counters]:
    """Lock the counters of videos; return the true ones of those whose stored ones differ."""
    VideoStats.objects.bulk_create([VideoStats(video_id=pk) for pk in ids], ignore_conflicts=True)
    locked = VideoStats.objects.filter(video_id__in=ids).order_by("pk").select_for_update()
    stored = {row.video_id: (row.likes, row.comments, row.saves) for row in locked}
    likes = _counted(Like, ids)
    comments = _counted(Comment, ids, Q(deleted_at__isnull=True))
    saves = _counted(Save, ids)
    true = {pk: (likes.get(pk, 0), comments.get(pk, 0), saves.get(pk, 0)) for pk in ids}
    return {pk: true[pk] for pk, counters in stored.items() if counters != true[pk]}


def _wrong_threads(ids: list[UUID]) -> dict[UUID, int]:
    """Lock the heads of threads; return the true reply counts of those whose stored ones differ.

    In a transaction of its own: verbs lock a head before the video's counters.
    """
    heads = Comment.objects.filter(video_id__in=ids, parent__isnull=True)
    replied = set(heads.filter(live_replies__gt=0).values_list("pk", flat=True))
    replied |= _replies(ids).keys()
    locked = heads.filter(pk__in=replied).order_by("pk").select_for_update()
    stored = {head.pk: head.live_replies for head in locked}
    true = _replies(ids)
    return {pk: true.get(pk, 0) for pk, number in stored.items() if number != true.get(pk, 0)}


def _replies(ids: list[UUID]) -> dict[UUID, int]:
    live = Comment.objects.filter(
        video_id__in=ids, parent__isnull=False, deleted_at__isnull=True
    ).order_by()
    return {pk: number for pk, number in live.values_list("parent_id").annotate(Count("pk")) if pk}


def _counted(
    model: type[Like | Save | Comment], ids: list[UUID], only: Q | None = None
) -> dict[UUID, int]:
    rows = model._default_manager.filter(only or Q(), video_id__in=ids).order_by()
    return dict(rows.values_list("video_id").annotate(Count("pk")))


def _write(wrong: dict[UUID, Counters]) -> None:
    for pk, (likes, comments, saves) in wrong.items():
        VideoStats.objects.filter(video_id=pk).update(likes=likes, comments=comments, saves=saves)
