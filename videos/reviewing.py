"""What moderators may look at in the admin: what is public, and what somebody reported.

Reports are kept above this app; `register_cases` tells what they are about.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from videos import policies
from videos.models import Video

Cases = Callable[[], "QuerySet[Any, UUID]"]
_cases: dict[str, Cases] = {}


def register_cases(kind: str, ids: Cases) -> None:
    """Tell which things of a kind wait for a decision, by id; call it in `AppConfig.ready`."""
    _cases[kind] = ids


def is_waiting(kind: str, column: str = "pk") -> Q:
    """Return the condition that a thing waits for a decision."""
    return Q(**{f"{column}__in": _cases[kind]() if kind in _cases else []})


def reviewable_by(moderator: User) -> "QuerySet[Video]":
    """Return the videos that a moderator may look at; a superuser runs the place and sees all."""
    if moderator.is_superuser:
        return Video.objects.all()
    public = policies.visible_to(None).values("pk")
    # Decided ones stay in reach: a removal can be undone.
    decided = Q(moderation_state__in=[Video.Moderation.HELD, Video.Moderation.REMOVED])
    shown = Q(pk__in=public) | decided | is_waiting("video")
    return Video.objects.filter(shown, deleted_at__isnull=True)
