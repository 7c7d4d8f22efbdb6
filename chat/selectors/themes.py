"""Reads of themes: one's own, those of the gallery, and those of one's rooms."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from chat import policies
from chat.models import Conversation, Member, Theme
from core.errors import Invalid, NotFound
from core.ids import parse_uuid
from social.graph import policies as people
from videos import reviewing

KEPT = Q(removed_at__isnull=True)
ORDERS = {"popular": ("-uses", "-id"), "new": ("-published_at", "-id")}


def gallery(*, viewer: User, order: str = "popular") -> "QuerySet[Theme]":
    """Return the published themes of people whom the viewer may see."""
    if order not in ORDERS:
        raise Invalid.field("order", f"One of: {', '.join(ORDERS)}.")
    rows = whole(Theme.objects.filter(_published(viewer)))
    return rows.order_by(*ORDERS[order])


def own_themes(user: User) -> "QuerySet[Theme]":
    """Return the themes that a person made, latest first."""
    return whole(Theme.objects.filter(KEPT, owner_id=user.pk)).order_by("-id")


def own_theme(*, user: User, theme_id: object) -> Theme:
    """Return a theme of one's own; raises NotFound."""
    return _one(Theme.objects.filter(KEPT, owner_id=user.pk), theme_id)


def usable_theme(*, user: User, theme_id: object) -> Theme:
    """Return a theme that a person may put on a room: their own or a published one; NotFound."""
    mine_or_open = Q(owner_id=user.pk) | _published(user)
    return _one(Theme.objects.filter(KEPT, mine_or_open), theme_id)


def visible_theme(*, user: User, theme_id: object) -> Theme:
    """Return a theme that a person may look at: usable, or on a room of theirs; NotFound.

    An unanswered request is no room of theirs yet: strangers show nobody pictures.
    """
    mine = Member.objects.filter(user_id=user.pk, state=Member.State.ACTIVE)
    worn = Conversation.objects.filter(
        pk__in=mine.values("conversation_id"), theme__isnull=False
    ).values("theme_id")
    seen = Q(owner_id=user.pk) | _published(user) | Q(pk__in=worn)
    return _one(Theme.objects.filter(KEPT, seen), theme_id)


def shown_theme(*, user: User, theme_id: object) -> Theme:
    """Return a theme whose pictures a person may open: seen, or theirs to decide on; NotFound."""
    try:
        return visible_theme(user=user, theme_id=theme_id)
    except NotFound:
        if not policies.moderates_themes(user):
            raise
    return _one(reviewable_themes(user), theme_id)


def reviewable_themes(moderator: User) -> "QuerySet[Theme]":
    """Return the themes that a moderator may look at: of the gallery, and what was reported."""
    if moderator.is_superuser:
        return Theme.objects.all()
    return Theme.objects.filter(Q(published_at__isnull=False) | reviewing.is_waiting("theme"))


def themes_of(conversations: Collection[Conversation]) -> dict[UUID, Theme]:
    """Return the themes of conversations, by theme, in two queries at most; no removed ones."""
    ids = {one.theme_id for one in conversations if one.theme_id is not None}
    rows = whole(Theme.objects.filter(KEPT, pk__in=ids))
    return {theme.pk: theme for theme in rows} if ids else {}


def whole(rows: "QuerySet[Theme]") -> "QuerySet[Theme]":
    """Return themes with all that their JSON shows."""
    return rows.select_related("owner").prefetch_related("layers")


def _published(viewer: User) -> Q:
    return Q(published_at__isnull=False, owner__isnull=False) & people.visible_person(
        viewer, "owner"
    )


def _one(rows: "QuerySet[Theme]", theme_id: object) -> Theme:
    key = parse_uuid(theme_id)
    found = whole(rows).filter(pk=key).first() if key else None
    if found is None:
        raise NotFound
    return found
