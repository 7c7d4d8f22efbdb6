"""What is reported, and by whom it may be reported."""

from typing import TypeAlias
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from chat import selectors as chat
from chat.models import Theme
from core.errors import NotFound
from core.ids import parse_uuid
from moderation.models import Report, TargetType
from social.engagement import selectors as engagement
from social.engagement.models import Comment
from social.graph import policies as people
from videos import selectors as videos
from videos.models import Video

Target: TypeAlias = Video | Comment | User | Theme


def open_reports(target_type: str) -> "QuerySet[Report]":
    """Return the open reports about a kind of thing."""
    return Report.objects.filter(target_type=target_type, outcome="")


def reported_videos() -> "QuerySet[Report, UUID]":
    """Return the ids of the videos that somebody waits for a decision on."""
    return open_reports(TargetType.VIDEO).values_list("target_id", flat=True)


def reported_comments() -> "QuerySet[Report, UUID]":
    """Return the ids of the comments that somebody waits for a decision on."""
    return open_reports(TargetType.COMMENT).values_list("target_id", flat=True)


def reported_themes() -> "QuerySet[Report, UUID]":
    """Return the ids of the themes that somebody waits for a decision on."""
    return open_reports(TargetType.THEME).values_list("target_id", flat=True)


def get_target(*, viewer: User, target_type: str, target_id: object) -> Target:
    """Return what `viewer` means, if they may see it; raises NotFound otherwise."""
    if parse_uuid(target_id) is None:
        raise NotFound
    if target_type == TargetType.VIDEO:
        return videos.get_viewable_video(viewer=viewer, video_id=target_id)
    if target_type == TargetType.COMMENT:
        return engagement.get_live_comment(viewer=viewer, comment_id=target_id)
    if target_type == TargetType.USER:
        return people.get_visible_person(viewer=viewer, handle=str(target_id))
    if target_type == TargetType.THEME:
        return chat.visible_theme(user=viewer, theme_id=target_id)
    raise NotFound


def is_own(viewer: User, target: Target) -> bool:
    """Return whether `viewer` made the thing, or is the person."""
    if isinstance(target, Theme):
        return viewer.pk == target.owner_id
    return viewer.pk == (target.pk if isinstance(target, User) else target.author_id)
