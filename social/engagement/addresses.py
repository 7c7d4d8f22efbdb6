"""Addresses that engagement hands out."""

from django.conf import settings
from django.urls import reverse

from social.engagement.models import Comment


def share_url(code: str) -> str:
    """Return the absolute short address of a share link."""
    return f"{settings.PUBLIC_URL}{reverse('engagement:share_link', args=[code])}"


def comment_url(comment: Comment) -> str:
    """Return the path that shows a comment on top of its thread; reads `comment.video.author`."""
    names = {"username": comment.video.author.username, "video_id": comment.video_id}
    return f"{reverse('feed:watch', kwargs=names)}?comment={comment.pk}#comments"
