"""Counters of a video and of a thread, changed in the transaction of the fact they count."""

from uuid import UUID

from django.db.models import F
from django.db.models.functions import Greatest

from social.engagement.models import Comment, VideoStats


def count(video_id: UUID, **changes: int) -> None:
    """Add to the counters of a video, whose row is made on first use.

    A counter that drifted stops at zero instead of refusing the verb; `manage.py recount` mends it.
    """
    sums = {name: Greatest(F(name) + change, 0) for name, change in changes.items()}
    stats = VideoStats.objects.filter(video_id=video_id)
    if not stats.update(**sums):
        VideoStats.objects.bulk_create([VideoStats(video_id=video_id)], ignore_conflicts=True)
        stats.update(**sums)


def count_reply(head_id: UUID, change: int) -> None:
    """Add to the replies of a thread's head. Call it before `count`: that is the order of locks."""
    replies = Greatest(F("live_replies") + change, 0)
    Comment.objects.filter(pk=head_id).update(live_replies=replies)


def count_comment_like(comment_id: UUID, change: int) -> None:
    """Add to the likes of a comment."""
    likes = Greatest(F("likes") + change, 0)
    Comment.objects.filter(pk=comment_id).update(likes=likes)
