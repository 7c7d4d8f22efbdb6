"""The lists of one person's page: what they posted, reposted, saved and liked."""

from datetime import timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, FilteredRelation, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from core.errors import Forbidden, Unauthenticated
from feed.cards import with_relations
from feed.modes import signed_in
from social.engagement.models import Collection
from social.graph import policies as people
from videos import policies
from videos.models import Video
from videos.policies import Viewer

# Pinned ones lead: their place is the moment of pinning, a thousand years on. One column, so that
# a cursor can stand on it.
AHEAD = timedelta(days=365_000)
POSTED_ORDER = ("-place", "-id")
MARKED_ORDER = ("-mark_id",)
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


def reposted_by(person: User, *, viewer: Viewer) -> QuerySet[Video]:
    """Return what a person reposted and the viewer may see by its own rule, in `MARKED_ORDER`.

    A private account's reposts are its followers' and friends' to see, as its own videos are.
    """
    shown = policies.visible_to(viewer)
    if not people.can_see_lists(viewer, person):
        shown = shown.none()
    return _marked(shown, "reposts", person)


def liked_by(person: User, *, viewer: Viewer) -> QuerySet[Video]:
    """Return what a person liked, the latest like first, in `MARKED_ORDER`.

    Likes are shown to oneself only. Raises Unauthenticated or Forbidden for everybody else.
    """
    _only_oneself(person, viewer, "likes_private", "Only they see what they liked.")
    return _marked(policies.visible_to(viewer), "likes", person)


def saved_by(person: User, *, viewer: Viewer) -> QuerySet[Video]:
    """Return what a person keeps, the latest first, in `MARKED_ORDER`; raises as `liked_by`."""
    _only_oneself(person, viewer, "saves_private", "Only they see what they saved.")
    return _marked(policies.visible_to(viewer), "saves", person)


def shelved_on(collection: Collection, *, viewer: Viewer) -> QuerySet[Video]:
    """Return what stands on a collection, in `MARKED_ORDER`; the caller has asked whose it is."""
    here = Q(collection_items__collection_id=collection.pk)
    mark = FilteredRelation("collection_items", condition=here)
    return _latest(policies.visible_to(viewer), mark)


def more_of(video: Video, *, viewer: Viewer) -> QuerySet[Video]:
    """Return the latest other videos of a video's author."""
    others = posted_by(video.author, viewer=viewer).exclude(pk=video.pk)
    return others.order_by("-published_at", "-id")[:MORE]


def shows_videos(person: User, *, viewer: Viewer) -> bool:
    """Return whether the viewer may see the grid at all (a private account's followers do)."""
    return people.can_see_lists(viewer, person)


def _marked(shown: QuerySet[Video], marks: str, person: User) -> QuerySet[Video]:
    own = Q(**{f"{marks}__user_id": person.pk})
    return _latest(shown, FilteredRelation(marks, condition=own))


def _latest(shown: QuerySet[Video], mark: FilteredRelation) -> QuerySet[Video]:
    """Return what has a row of `mark`, the latest such row first."""
    joined = shown.annotate(mark=mark).filter(mark__isnull=False)
    return with_relations(joined.annotate(mark_id=F("mark__id"))).order_by(*MARKED_ORDER)


def _only_oneself(person: User, viewer: Viewer, code: str, message: str) -> None:
    user = signed_in(viewer)
    if user is None:
        raise Unauthenticated
    if user.pk != person.pk:
        raise Forbidden(code, message)
