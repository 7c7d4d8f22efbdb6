"""Who may see a person: the same rule for one and for many.

A person is hidden from everybody while suspended or deactivated, and from both sides of a block.
A private account's *profile* is visible; its posts (see `videos.policies`) and its lists of people
are for followers and friends.
"""

from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts import selectors as accounts
from accounts.models import User
from core.errors import Forbidden, NotFound, Unauthenticated
from social.graph import relationships
from social.graph.ids import blocked_ids

Viewer: TypeAlias = User | AnonymousUser | None


def people_visible_to(viewer: Viewer) -> "QuerySet[User]":
    """Return everybody whom `viewer` may see."""
    return User.objects.filter(visible_person(viewer))


def visible_person(viewer: Viewer, path: str = "") -> Q:
    """Return the rule as a condition on rows that lead to a person by `path` (`author`, say).

    It joins the person by key; `author__in=people_visible_to(viewer)` beside an OR would make
    PostgreSQL collect everybody first.
    """
    before = f"{path}__" if path else ""
    stands = Q(**{f"{before}is_active": True, f"{before}suspended_at__isnull": True})
    if not isinstance(viewer, User):
        return stands
    if viewer.is_suspended:
        return Q(pk__in=[])
    return stands & ~Q(**{f"{before}pk__in": blocked_ids(viewer.pk)})


def can_see_person(viewer: Viewer, person: User) -> bool:
    """Return whether `viewer` may see `person`: `people_visible_to` for one."""
    stands = person.is_active and not person.is_suspended
    if not isinstance(viewer, User):
        return stands
    blocked = relationships.blocks_between(viewer.pk, person.pk)
    return stands and not blocked and not viewer.is_suspended


def get_visible_person(*, viewer: Viewer, handle: str) -> User:
    """Return the person of a handle; raises NotFound when there is none that `viewer` may see."""
    try:
        person = accounts.get_user_by_handle(handle)
    except NotFound:
        # Ask what a hidden person would cost, so that time does not tell hidden from missing.
        if isinstance(viewer, User):
            relationships.blocks_between(viewer.pk, viewer.pk)
        raise
    if not can_see_person(viewer, person):
        raise NotFound
    return person


def can_see_lists(viewer: Viewer, person: User) -> bool:
    """Return whether `viewer` may read whom `person` follows and who follows them.

    `person` is one whom the viewer may see. A private account shows its lists to itself, its
    followers and its friends.
    """
    if not person.is_private:
        return True
    if not isinstance(viewer, User):
        return False
    if viewer.pk == person.pk:
        return True
    relation = relationships.load(viewer.pk, [person.pk])[person.pk]
    return relation.follows or relation.friend


def require_active(actor: Viewer) -> User:
    """Return the actor, who may act; raises Unauthenticated or Forbidden `account_suspended`."""
    if not isinstance(actor, User):
        raise Unauthenticated
    if actor.is_suspended or not actor.is_active:
        raise Forbidden("account_suspended", "This account is suspended.")
    return actor
