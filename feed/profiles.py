"""The lists of one person's page: what they posted, and what they liked."""

from datetime import timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from core.errors import Forbidden, Unauthenticated
from feed.cards import with_relations
from feed.modes import signed_in
from social.graph import policies as people
from videos import policies
from videos.models import Video
from videos.policies import Viewer

# Pinned ones lead: their place is the moment of pinning, a thousand years on. One column, so that
# a cursor can stand on it.
AHEAD = timedelta(days=365_000)
POSTED_ORDER = ("-place", "-id")
LIKED_ORDER = ("-liked_id",)
MORE = 6


def posted_by(person: User, *, viewer: Viewer) -> QuerySet[Video]:
    """Return what a person published and the viewer may see, in `POSTED_ORDER`.

    Drafts, failed and removed ones are in the owner's studio, not here. Muting does not matter:
    whoever opens the page asks for it.
    """
    shown = policies.visible_to(viewer).filter(
        author_id=person.pk,
        draft=False,
        moderation_state=Video.Moderation.VISIBLE,
        published_at__lte=timezone.now(),
    )
    pinned = ExpressionWrapper(F("pinned_at") + AHEAD, output_field=DateTimeField())
    placed = shown.annotate(place=Coalesce(pinned, F("published_at")))
    return with_relations(placed).order_by(*POSTED_ORDER)


def liked_by(person: User, *, viewer: Viewer) -> QuerySet[Video]:
    """Return what a person liked, the latest like first, in `LIKED_ORDER`.

    Likes are shown to oneself only. Raises Unauthenticated or Forbidden for everybody else.
    """
    user = signed_in(viewer)
    if user is None:
        raise Unauthenticated
    if user.pk != person.pk:
        raise Forbidden("likes_private", "Only they see what they liked.")
    liked = policies.visible_to(viewer).annotate(
        own_like=FilteredRelation("likes", condition=Q(likes__user_id=person.pk))
    )
    shown = liked.filter(own_like__isnull=False).annotate(liked_id=F("own_like__id"))
    return with_relations(shown).order_by(*LIKED_ORDER)


def more_of(video: Video, *, viewer: Viewer) -> QuerySet[Video]:
    """Return the latest other videos of a video's author."""
    others = posted_by(video.author, viewer=viewer).exclude(pk=video.pk)
    return others.order_by("-published_at", "-id")[:MORE]


def shows_videos(person: User, *, viewer: Viewer) -> bool:
    """Return whether the viewer may see the grid at all (a private account's followers do)."""
    return people.can_see_lists(viewer, person)
