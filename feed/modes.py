"""The feeds there are, and which videos belong to each."""

from enum import StrEnum

from django.db.models import QuerySet

from accounts.models import User
from core.errors import Unauthenticated
from social.graph import selectors as graph
from videos import policies
from videos.models import Video
from videos.policies import Viewer


class Mode(StrEnum):
    """A feed by its name in the API."""

    FOR_YOU = "for-you"
    FOLLOWING = "following"
    FRIENDS = "friends"
    ALL = "all"


PUBLIC = frozenset({Mode.FOR_YOU, Mode.ALL})


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
    hidden, unfollowed, blocked or muted in between is gone from lists made before. Own videos
    belong: people look for what they just posted, and on a young instance that is what there is.
    """
    user = signed_in(viewer)
    videos = policies.listed_for(viewer)
    if mode == Mode.FOLLOWING:
        return videos.filter(author_id__in=graph.followed_ids(user.pk if user else None))
    if mode == Mode.FRIENDS:
        return videos.filter(author_id__in=graph.friend_ids(user.pk if user else None))
    return videos
