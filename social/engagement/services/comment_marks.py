"""Marks on comments: liked by anybody, pinned by the author of the video."""

from typing import TypedDict
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from core import events, limits
from core.errors import Forbidden, Invalid, NotFound
from social.engagement import counters, selectors
from social.engagement.events import CommentLiked, CommentPinned, CommentUnliked
from social.engagement.models import Comment, CommentLike
from social.engagement.policies import Viewer
from social.graph import policies as people
from videos.models import Video


class CommentLikeState(TypedDict):
    """Whether the actor likes the comment, and how many do."""

    liked: bool
    likes: int


class PinState(TypedDict):
    """Whether the comment stands on top."""

    pinned: bool


def like_comment(*, actor: Viewer, comment_id: object) -> CommentLikeState:
    """Like a comment that the actor may see; return the resulting state."""
    actor, comment = _authorise(actor, comment_id)
    pair = {"user_id": actor.pk, "comment_id": comment.pk}
    if not CommentLike.objects.filter(**pair).exists() and _insert(pair):
        events.publish(CommentLiked(user_id=actor.pk, comment_id=comment.pk))
    return {"liked": True, "likes": _likes(comment)}


def unlike_comment(*, actor: Viewer, comment_id: object) -> CommentLikeState:
    """Take a like back; return the resulting state."""
    actor, comment = _authorise(actor, comment_id)
    with transaction.atomic():
        rows = CommentLike.objects.filter(user_id=actor.pk, comment_id=comment.pk)
        deleted, _ = rows.delete()
        if deleted:
            counters.count_comment_like(comment.pk, -1)
            events.publish(CommentUnliked(user_id=actor.pk, comment_id=comment.pk))
    return {"liked": False, "likes": _likes(comment)}


def pin_comment(*, actor: Viewer, comment_id: object) -> PinState:
    """Put a comment on top of one's own video, in place of the one that stood there.

    Raises NotFound, Forbidden on somebody else's video, Invalid for a reply.
    """
    comment = _own_thread(actor, comment_id)
    with transaction.atomic():
        # One pin at a time: without this two would meet at the constraint. The row is only held.
        list(Video.objects.filter(pk=comment.video_id).select_for_update(no_key=True))
        pinned = Comment.objects.filter(video_id=comment.video_id, pinned_at__isnull=False)
        pinned.exclude(pk=comment.pk).update(pinned_at=None)
        live = Comment.objects.filter(pk=comment.pk, deleted_at__isnull=True)
        if not live.exists():
            raise NotFound
        if live.filter(pinned_at__isnull=True).update(pinned_at=timezone.now()):
            events.publish(CommentPinned(comment_id=comment.pk, video_id=comment.video_id))
    return {"pinned": True}


def unpin_comment(*, actor: Viewer, comment_id: object) -> PinState:
    """Take a comment from the top of one's own video; raises as `pin_comment`."""
    comment = _own_thread(actor, comment_id)
    Comment.objects.filter(pk=comment.pk).update(pinned_at=None)
    return {"pinned": False}


def _authorise(actor: Viewer, comment_id: object) -> tuple[User, Comment]:
    actor = people.require_active(actor)
    limits.consume(budget="react", subject=str(actor.pk))
    return actor, selectors.get_live_comment(viewer=actor, comment_id=comment_id)


def _own_thread(actor: Viewer, comment_id: object) -> Comment:
    actor, comment = _authorise(actor, comment_id)
    if comment.video.author_id != actor.pk:
        raise Forbidden("not_owner", "Only the author of the video may pin a comment.")
    if comment.parent_id is not None:
        raise Invalid("reply_not_pinnable", "A reply stays below its comment.")
    return comment


def _insert(pair: dict[str, UUID]) -> bool:
    """Insert the like and count it; of several at once the database lets one in."""
    try:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    CommentLike.objects.create(**pair)
            except IntegrityError:
                return False
            counters.count_comment_like(pair["comment_id"], 1)
    except IntegrityError as error:
        # Foreign keys are checked at the commit: the comment went away meanwhile.
        raise NotFound from error
    return True


def _likes(comment: Comment) -> int:
    return Comment.objects.filter(pk=comment.pk).values_list("likes", flat=True).first() or 0
