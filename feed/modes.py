"""The feeds there are, and which videos belong to each."""

from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from core.errors import Unauthenticated
from feed.models import FeedMute, NotInterested
from social.graph import selectors as graph
from videos import policies
from videos.models import Video, VideoTag
from videos.policies import Viewer


class Mode(StrEnum):
    """A feed by its name in the API."""

    FOR_YOU = "for-you"
    FOLLOWING = "following"
    FRIENDS = "friends"
    ALL = "all"


PUBLIC = frozenset({Mode.FOR_YOU, Mode.ALL})
# Chosen by the feed, and not by whom the viewer follows.
PICKED = PUBLIC


def signed_in(viewer: Viewer) -> User | None:
    """Return the viewer as a user, None for strangers."""
    return viewer if isinstance(viewer, User) else None


def authorise(*, viewer: Viewer, mode: Mode) -> None:
    """Raise Unauthenticated when a stranger asks for a feed of people they know."""
    if mode not in PUBLIC and signed_in(viewer) is None:
        raise Unauthenticated


def videos_of(*, viewer: Viewer, mode: Mode) -> QuerySet[Video]:
    """Return everything that belongs to `mode` for `viewer` at this moment, in no order.

    This is asked when a list grows and again whenever a page of it is read, so that what was
    hidden, unfollowed, blocked or muted in between is gone from lists made before. What is picked
    for people (`PICKED`) is also without what they said they do not want, and `for-you` without
    their own: it is in `all`, on their profile and in the studio. Words are `feed.reading`'s.
    """
    user = signed_in(viewer)
    videos = policies.listed_for(viewer)
    if user and mode in PICKED:
        videos = _wanted(videos, user)
    if user and mode == Mode.FOR_YOU:
        videos = videos.exclude(author_id=user.pk)
    if mode == Mode.FOLLOWING:
        return videos.filter(author_id__in=graph.followed_ids(user.pk if user else None))
    if mode == Mode.FRIENDS:
        return videos.filter(author_id__in=graph.friend_ids(user.pk if user else None))
    return videos


def _wanted(videos: QuerySet[Video], user: User) -> QuerySet[Video]:
    """Return the videos without muted tags and sounds and those the user is not interested in."""
    muted = FeedMute.objects.filter(user_id=user.pk)
    names = muted.filter(kind=FeedMute.Kind.TAG).values("value")
    tagged = VideoTag.objects.filter(video_id=OuterRef("pk"), tag__name__in=names)
    heard = muted.filter(sound_id=OuterRef("sound_id"))
    refused = NotInterested.objects.filter(user_id=user.pk, video_id=OuterRef("pk"))
    return videos.filter(~Exists(tagged), ~Exists(heard), ~Exists(refused))
