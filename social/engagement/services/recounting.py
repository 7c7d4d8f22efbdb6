"""Repair of the counters of videos and threads from the rows that they count."""

from collections.abc import Iterator
from typing import TypeAlias
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from social.engagement.models import (
    Comment,
    CommentLike,
    Like,
    Repost,
    Save,
    ShareLink,
    VideoStats,
)
from videos.models import Video

Counted: TypeAlias = type[Like | Comment | Save | Repost | ShareLink]
# Every counter of a video that rows stand behind; views are rolled up and their rows forgotten.
COUNTED: dict[str, tuple[Counted, Q]] = {
    "likes": (Like, Q()),
    "comments": (Comment, Q(deleted_at__isnull=True)),
    "saves": (Save, Q()),
    "reposts": (Repost, Q()),
    "shares": (ShareLink, Q()),
}


def recount_videos(
    *, after: UUID | None = None, repair: bool = True, batch: int = 200
) -> Iterator[tuple[UUID, int, int]]:
    """Compare every video's counters, and its comments' replies and likes, with the rows.

    Yields (last id, how many videos checked, how many rows were wrong) after each batch, in the
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
            talk = _wrong_comments(ids)
            if repair:
                for pk, true in talk.items():
                    Comment.objects.filter(pk=pk).update(**true)
        after = ids[-1]
        yield after, len(ids), len(wrong) + len(talk)


def _wrong(ids: list[UUID]) -> dict[UUID, dict[str, int]]:
    """Lock the counters of videos; return the true ones of those whose stored ones differ."""
    VideoStats.objects.bulk_create([VideoStats(video_id=pk) for pk in ids], ignore_conflicts=True)
    locked = VideoStats.objects.filter(video_id__in=ids).order_by("pk").select_for_update()
    stored = {row.video_id: {name: getattr(row, name) for name in COUNTED} for row in locked}
    rows = {name: _per_video(model, ids, only) for name, (model, only) in COUNTED.items()}
    true = {pk: {name: rows[name].get(pk, 0) for name in COUNTED} for pk in ids}
    return {pk: true[pk] for pk, counters in stored.items() if counters != true[pk]}


def _wrong_comments(ids: list[UUID]) -> dict[UUID, dict[str, int]]:
    """Lock the comments that have counters; return the true ones of those that differ.

    In a transaction of its own: verbs lock a head before the video's counters.
    """
    comments = Comment.objects.filter(video_id__in=ids)
    counted = set(
        comments.filter(Q(live_replies__gt=0) | Q(likes__gt=0)).values_list("pk", flat=True)
    )
    counted |= _replies(ids).keys() | _comment_likes(ids).keys()
    locked = comments.filter(pk__in=counted).order_by("pk").select_for_update()
    stored = {row.pk: {"live_replies": row.live_replies, "likes": row.likes} for row in locked}
    replies, likes = _replies(ids), _comment_likes(ids)
    true = {pk: {"live_replies": replies.get(pk, 0), "likes": likes.get(pk, 0)} for pk in stored}
    return {pk: true[pk] for pk, counters in stored.items() if counters != true[pk]}


def _replies(ids: list[UUID]) -> dict[UUID, int]:
    live = Comment.objects.filter(
        video_id__in=ids, parent__isnull=False, deleted_at__isnull=True
    ).order_by()
    return {pk: number for pk, number in live.values_list("parent_id").annotate(Count("pk")) if pk}


def _comment_likes(ids: list[UUID]) -> dict[UUID, int]:
    rows = CommentLike.objects.filter(comment__video_id__in=ids).order_by()
    return dict(rows.values_list("comment_id").annotate(Count("pk")))


def _per_video(model: Counted, ids: list[UUID], only: Q) -> dict[UUID, int]:
    rows = model._default_manager.filter(only, video_id__in=ids).order_by()
    return dict(rows.values_list("video_id").annotate(Count("pk")))


def _write(wrong: dict[UUID, dict[str, int]]) -> None:
    for pk, counters in wrong.items():
        VideoStats.objects.filter(video_id=pk).update(**counters)
