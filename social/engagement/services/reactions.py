"""Like, save and repost: marks that somebody sets or unsets, once each, whatever the repetition."""

from typing import TypedDict
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from core import events, limits
from core.errors import NotFound
from social.engagement import counters, selectors
from social.engagement.events import (
    VideoLiked,
    VideoReposted,
    VideoSaved,
    VideoUnliked,
    VideoUnreposted,
    VideoUnsaved,
)
from social.engagement.models import CollectionItem, Like, Repost, Save
from social.engagement.policies import Viewer
from social.graph import policies as people
from videos import selectors as videos


class LikeState(TypedDict):
    """Whether the actor likes the video, and how many do."""

    liked: bool
    likes: int


class SaveState(TypedDict):
    """Whether the actor keeps the video, and how many do."""

    saved: bool
    saves: int


class RepostState(TypedDict):
    """Whether the actor shows the video on their profile, and how many do."""

    reposted: bool
    reposts: int


def like_video(*, actor: Viewer, video_id: object) -> LikeState:
    """Like a video that the actor may see; return the resulting state."""
    actor, key = authorise(actor, video_id)
    if mark(Like, actor.pk, key, "likes"):
        events.publish(VideoLiked(user_id=actor.pk, video_id=key))
    return {"liked": True, "likes": selectors.counts_for([key])[key].likes}


def unlike_video(*, actor: Viewer, video_id: object) -> LikeState:
    """Take a like back; return the resulting state."""
    actor, key = authorise(actor, video_id)
    if unmark(Like, actor.pk, key, "likes"):
        events.publish(VideoUnliked(user_id=actor.pk, video_id=key))
    return {"liked": False, "likes": selectors.counts_for([key])[key].likes}


def save_video(*, actor: Viewer, video_id: object) -> SaveState:
    """Keep a video that the actor may see for later; return the resulting state."""
    actor, key = authorise(actor, video_id)
    if mark(Save, actor.pk, key, "saves"):
        events.publish(VideoSaved(user_id=actor.pk, video_id=key))
    return {"saved": True, "saves": selectors.counts_for([key])[key].saves}


def unsave_video(*, actor: Viewer, video_id: object) -> SaveState:
    """Keep a video no longer, on no shelf either; return the resulting state."""
    actor, key = authorise(actor, video_id)
    with transaction.atomic():
        unset = unmark(Save, actor.pk, key, "saves")
        shelved = CollectionItem.objects.filter(collection__owner_id=actor.pk, video_id=key)
        shelved.delete()
    if unset:
        events.publish(VideoUnsaved(user_id=actor.pk, video_id=key))
    return {"saved": False, "saves": selectors.counts_for([key])[key].saves}


def repost_video(*, actor: Viewer, video_id: object) -> RepostState:
    """Show a video on one's own profile, to those who may see it; return the resulting state."""
    actor, key = authorise(actor, video_id)
    if mark(Repost, actor.pk, key, "reposts"):
        events.publish(VideoReposted(user_id=actor.pk, video_id=key))
    return {"reposted": True, "reposts": selectors.counts_for([key])[key].reposts}


def unrepost_video(*, actor: Viewer, video_id: object) -> RepostState:
    """Take a repost back; return the resulting state."""
    actor, key = authorise(actor, video_id)
    if unmark(Repost, actor.pk, key, "reposts"):
        events.publish(VideoUnreposted(user_id=actor.pk, video_id=key))
    return {"reposted": False, "reposts": selectors.counts_for([key])[key].reposts}


def authorise(actor: Viewer, video_id: object) -> tuple[User, UUID]:
    """Return who acts and the id of a video that they may see; raises as every verb does."""
    actor = people.require_active(actor)
    limits.consume(budget="react", subject=str(actor.pk))
    return actor, videos.get_viewable_video(viewer=actor, video_id=video_id).pk


def mark(model: type[Like | Save | Repost], user_id: UUID, video_id: UUID, counter: str) -> bool:
    """Insert the pair and count it; return whether it was new.

    Of several at once the database lets one insert; the others count nothing.
    """
    pair = {"user_id": user_id, "video_id": video_id}
    if model._default_manager.filter(**pair).exists():
        return False
    try:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    model._default_manager.create(**pair)
            except IntegrityError:
                return False
            counters.count(video_id, **{counter: 1})
    except IntegrityError as error:
        # Foreign keys are checked at the commit: the video went away meanwhile.
        raise NotFound from error
    return True


def unmark(model: type[Like | Save | Repost], user_id: UUID, video_id: UUID, counter: str) -> bool:
    """Delete the pair and count it; return whether there was one."""
    with transaction.atomic():
        rows = model._default_manager.filter(user_id=user_id, video_id=video_id)
        deleted, _ = rows.delete()
        if deleted:
            counters.count(video_id, **{counter: -1})
    return bool(deleted)
