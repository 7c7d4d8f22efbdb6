"""Changing what the author chose: caption, audience, switches, the moment of publishing."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import events, limits
from core.errors import Invalid, NotFound
from social.graph.policies import require_active
from videos import captions, kinds, media_epochs, selectors
from videos.events import VideoPublished
from videos.models import Video
from videos.policies import Viewer
from videos.services.publishing import write_tags

CHOICES = {"audience": Video.Audience.values, "allow_comments": Video.AllowComments.values}
SWITCHES = ("allow_duet", "allow_sound", "allow_download", "mature", "draft")
EDITABLE = {"caption", "background", "publish_at", *CHOICES, *SWITCHES}


def edit_video(*, actor: Viewer, video_id: object, **changes: Any) -> Video:
    """Change fields of the actor's video and return it.

    A change of audience, maturity or publication ends every media URL handed out before. Raises
    NotFound, Forbidden, Invalid (unknown field or value).
    """
    actor = require_active(actor)
    video = selectors.get_own_video(owner=actor, video_id=video_id)
    _check(changes)
    kinds.check_changes(video, changes)
    limits.consume(budget="edit", subject=str(actor.pk))
    with transaction.atomic():
        video = Video.objects.select_for_update().get(pk=video.pk)
        if video.deleted_at is not None:
            raise NotFound
        if "publish_at" in changes:
            changes["scheduled_for"] = changes.pop("publish_at")
        reach = _reach(video)
        if _comes_too_late(video, changes):
            raise Invalid.field("publish_at", "It is already published.")
        for field, value in changes.items():
            setattr(video, field, value)
        settle_publication(video)
        if reach != _reach(video):
            video.media_epoch = F("media_epoch") + 1
        video.save()
        write_tags(video)
        media_epochs.forget(video.pk)
    return selectors.get_own_video(owner=actor, video_id=video_id)


def end_mature_urls() -> int:
    """End every media URL of mature videos handed out before; return how many videos.

    A URL does not say whom it was made for, so all of them go. Rare: a moderator corrects an age.
    """
    mature = Video.objects.filter(mature=True, deleted_at__isnull=True)
    return mature.update(media_epoch=F("media_epoch") + 1)


def end_followers_urls(*, author_id: UUID) -> int:
    """End every media URL of an author's followers-only videos; return how many videos."""
    rows = Video.objects.filter(author_id=author_id, audience=Video.Audience.FOLLOWERS)
    return rows.filter(deleted_at__isnull=True).update(media_epoch=F("media_epoch") + 1)


def settle_publication(video: Video) -> None:
    """Set `published_at` of a playable video as its switches say; the caller saves it.

    A draft is unpublished; a scheduled one is published from its moment on (the sweeper tells
    others then); anything else is published now, unless it already is. Others are told once ever.
    """
    now = timezone.now()
    was_out = video.published_at is not None and video.published_at <= now
    if video.draft or video.processing_state != Video.Processing.READY:
        video.published_at = None
        video.pinned_at = None
        return
    if video.scheduled_for is not None and video.scheduled_for > now and not was_out:
        video.published_at = video.scheduled_for
        return
    video.scheduled_for = None
    if not was_out:
        video.published_at = now
        if video.announced_at is None and video.moderation_state == Video.Moderation.VISIBLE:
            video.announced_at = now
            events.publish(VideoPublished(video.pk, video.author_id))


def _check(changes: dict[str, Any]) -> None:
    unknown = sorted(set(changes) - EDITABLE)
    if unknown:
        raise Invalid.field(unknown[0], "This cannot be changed.")
    for field, allowed in CHOICES.items():
        if changes.get(field, allowed[0]) not in allowed:
            raise Invalid.field(field, f"One of: {', '.join(allowed)}.")
    if "caption" in changes:
        changes["caption"] = captions.clean(changes["caption"])


def _comes_too_late(video: Video, changes: dict[str, Any]) -> bool:
    now, moment = timezone.now(), changes.get("scheduled_for")
    is_out = video.published_at is not None and video.published_at <= now
    return moment is not None and moment > now and is_out and not changes.get("draft")


def _reach(video: Video) -> tuple[object, ...]:
    return (video.audience, video.mature, video.draft, video.published_at)
