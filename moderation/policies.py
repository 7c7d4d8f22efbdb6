"""Who moderates."""

from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from core.errors import Forbidden, Unauthenticated
from social.graph import policies as people

Viewer: TypeAlias = User | AnonymousUser | None
PERMISSION = "moderation.change_report"


def is_moderator(viewer: Viewer) -> bool:
    """Return whether `viewer` is staff with the right to decide on reports."""
    return isinstance(viewer, User) and viewer.is_staff and viewer.has_perm(PERMISSION)


def require_moderator(viewer: Viewer) -> User:
    """Return the moderator; raises Unauthenticated or Forbidden for anybody else."""
    if not isinstance(viewer, User):
        raise Unauthenticated
    user = people.require_active(viewer)
    if not is_moderator(user):
        raise Forbidden("not_moderator", "Only moderators may do this.")
    return user
