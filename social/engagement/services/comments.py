"""Comments and replies: written, rewritten, and deleted by whoever may."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from core import events, limits
from core.errors import Forbidden, NotFound
from core.ids import parse_uuid
from social.engagement import counters, policies, selectors
from social.engagement.events import CommentAdded, CommentDeleted, CommentEdited
from social.engagement.models import Comment, CommentRevision, Mention
from social.engagement.policies import Viewer
from social.engagement.services.mentioning import mention_in_comment
from social.engagement.text import clean
from social.graph import policies as people
from videos import selectors as videos


def add_comment(
    *, actor: Viewer, video_id: object, text: str, parent_id: object | None = None
) -> Comment:
    """Comment on a video, or reply to a comment of it; a reply to a reply joins the thread.

    Raises Forbidden `comments_off` where the author does not take the actor's comments, Invalid
    for text that is empty or too long, NotFound for a parent that is gone or hidden.
    """
    actor = people.require_active(actor)
    limits.consume(budget="comment", subject=str(actor.pk))
    video = videos.get_viewable_video(viewer=actor, video_id=video_id)
    if not policies.can_comment(actor, video):
        raise Forbidden("comments_off", "You cannot comment on this video.")
    words = clean(text)
    parent = None if parent_id is None else _head_for(actor, video.pk, parent_id)
    try:
        with transaction.atomic():
            comment = Comment.objects.create(video=video, author=actor, parent=parent, text=words)
            mention_in_comment(comment)
            if comment.parent_id:
                counters.count_reply(comment.parent_id, 1)
            counters.count(video.pk, comments=1)
            events.publish(
                CommentAdded(
                    comment_id=comment.pk,
                    video_id=video.pk,
                    author_id=actor.pk,
                    parent_id=comment.parent_id,
                )
            )
    except IntegrityError as error:
        # Foreign keys are checked at the commit: the video went away meanwhile.
        raise NotFound from error
    return comment


def edit_comment(*, actor: Viewer, comment_id: object, text: str) -> Comment:
    """Rewrite one's own comment, keep what it said before, and return it.

    The same words again change nothing. Raises NotFound, Forbidden for somebody else's or where
    the actor could not comment any more, Invalid as `add_comment`.
    """
    actor = people.require_active(actor)
    limits.consume(budget="comment", subject=str(actor.pk))
    comment = selectors.get_live_comment(viewer=actor, comment_id=comment_id)
    if comment.author_id != actor.pk:
        raise Forbidden("not_yours", "Only its author may edit a comment.")
    if not policies.can_comment(actor, comment.video):
        raise Forbidden("comments_off", "You cannot comment on this video.")
    words = clean(text)
    with transaction.atomic():
        live = Comment.objects.filter(pk=comment.pk, deleted_at__isnull=True)
        before = live.select_for_update().values_list("text", flat=True).first()
        if before is None:
            raise NotFound
        if before != words:
            CommentRevision.objects.create(comment=comment, text=before)
            comment.text, comment.edited_at = words, timezone.now()
            live.update(text=words, edited_at=comment.edited_at)
            mention_in_comment(comment)
            events.publish(
                CommentEdited(comment_id=comment.pk, video_id=comment.video_id, author_id=actor.pk)
            )
    return comment


def delete_comment(*, actor: Viewer, comment_id: object) -> Comment:
    """Empty a comment for good and return it; its replies stay.

    Raises NotFound for a comment that the actor cannot see (their own, and those on their own
    videos, they can always delete), Forbidden for somebody else's.
    """
    actor = people.require_active(actor)
    limits.consume(budget="comment", subject=str(actor.pk))
    comment = _deletable(actor, comment_id)
    with transaction.atomic():
        live = Comment.objects.filter(pk=comment.pk, deleted_at__isnull=True)
        comment.text, comment.deleted_at, comment.pinned_at = "", timezone.now(), None
        if not live.update(text="", deleted_at=comment.deleted_at, pinned_at=None):
            raise NotFound
        CommentRevision.objects.filter(comment=comment).delete()
        Mention.objects.filter(comment=comment).delete()
        if comment.parent_id:
            counters.count_reply(comment.parent_id, -1)
        counters.count(comment.video_id, comments=-1)
        events.publish(
            CommentDeleted(comment_id=comment.pk, video_id=comment.video_id, actor_id=actor.pk)
        )
    return comment


def _head_for(actor: User, video_id: UUID, parent_id: object) -> Comment:
    parent = selectors.get_comment(viewer=actor, comment_id=parent_id)
    if parent.video_id != video_id or parent.deleted_at is not None:
        raise NotFound
    if parent.parent_id is None:
        return parent
    return Comment.objects.get(pk=parent.parent_id)


def _deletable(actor: User, comment_id: object) -> Comment:
    key = parse_uuid(comment_id)
    rows = Comment.objects.filter(deleted_at__isnull=True).select_related("author", "video")
    comment = rows.filter(pk=key).first() if key else None
    if comment is None:
        raise NotFound
    if not policies.can_delete(actor, comment):
        selectors.get_comment(viewer=actor, comment_id=comment_id)
        raise Forbidden("not_yours", "Only its author or the video's may delete this comment.")
    return comment
