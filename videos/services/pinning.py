"""Pins: up to three videos that lead their author's profile."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import events, limits
from core.errors import Conflict
from social.graph.policies import require_active
from videos import policies, selectors
from videos.events import VideoChanged
from videos.models import Video
from videos.policies import Viewer

MAX_PINNED = 3


def pin_video(*, actor: Viewer, video_id: object) -> Video:
    """Put the actor's published video first on their profile; pinning twice changes nothing.

    Raises NotFound, Forbidden, Conflict (`not_published`, or `too_many_pins` with three already).
    """
    actor = require_active(actor)
    limits.consume(budget="edit", subject=str(actor.pk))
    with transaction.atomic():
        # The author's row is the lock: two pins at once are counted one after the other.
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        video = selectors.get_own_video(owner=actor, video_id=video_id)
        if video.pinned_at is not None:
            return video
        if not policies.is_published(video):
            raise Conflict("not_published", "Only a published video can be pinned.")
        pinned = Video.objects.filter(author_id=actor.pk, pinned_at__isnull=False)
        if pinned.count() >= MAX_PINNED:
            raise Conflict("too_many_pins", f"Unpin another one first: {MAX_PINNED} at most.")
        video.pinned_at = timezone.now()
        _write(video)
    return video


def unpin_video(*, actor: Viewer, video_id: object) -> Video:
    """Give the actor's video its place by date again; raises NotFound, Forbidden."""
    actor = require_active(actor)
    limits.consume(budget="edit", subject=str(actor.pk))
    video = selectors.get_own_video(owner=actor, video_id=video_id)
    video.pinned_at = None
    _write(video)
    return video


def _write(video: Video) -> None:
    # Whoever deleted it or made it a draft meanwhile has unpinned it.
    rows = Video.objects.filter(pk=video.pk, deleted_at__isnull=True, draft=False)
    with transaction.atomic():
        if not rows.update(pinned_at=video.pinned_at):
            video.pinned_at = None
        events.publish(VideoChanged(video.pk))
