"""Which comments somebody sees, who may write one and who may delete it."""

from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts.models import User
from social.engagement.models import Comment
from social.graph import policies as people
from social.graph import selectors as graph
from videos import policies as videos
from videos.models import Video

Viewer: TypeAlias = User | AnonymousUser | None


def comments_visible_to(viewer: Viewer) -> "QuerySet[Comment]":
    """Return the comments whose author `viewer` may see, on videos that the caller has checked.

    A hidden author's comment vanishes with the thread below it, and from every count made of this
    queryset. Deleted comments are still here: they may have to keep a thread's place.
    """
    heads = Q(parent__isnull=True) | people.visible_person(viewer, "parent__author")
    return Comment.objects.filter(heads, people.visible_person(viewer, "author"))


def can_comment(viewer: Viewer, video: Video) -> bool:
    """Return whether `viewer`, who may see the video, may comment on it."""
    if not isinstance(viewer, User):
        return False
    if viewer.pk == video.author_id:
        return True
    allowed = videos.comments_allowed(video)
    if allowed == Video.AllowComments.FRIENDS:
        return graph.relationship(viewer.pk, video.author_id).friend
    return allowed == Video.AllowComments.EVERYONE


def can_delete(viewer: Viewer, comment: Comment) -> bool:
    """Return whether `viewer` may delete the comment: its author, the video's, or a moderator."""
    return owns(viewer, comment) or is_moderator(viewer)


def owns(viewer: Viewer, comment: Comment) -> bool:
    """Return whether `viewer` wrote the comment or made the video; reads `comment.video`."""
    return isinstance(viewer, User) and viewer.pk in (comment.author_id, comment.video.author_id)


def can_pin(viewer: Viewer, comment: Comment) -> bool:
    """Return whether `viewer` may pin the comment: a thread's head below their own video."""
    owner = isinstance(viewer, User) and viewer.pk == comment.video.author_id
    return owner and comment.parent_id is None


def is_moderator(viewer: Viewer) -> bool:
    """Return whether `viewer` may delete anybody's comment."""
    return (
        isinstance(viewer, User)
        and viewer.is_staff
        and viewer.has_perm("engagement.delete_comment")
    )
