"""The ground of every verb: find the other person, lock the pair, change its rows and counters.

A verb locks both user rows in the order of their ids before it looks at anything. So whatever two
people do to each other at the same moment happens one after the other, no two verbs can wait for
each other in a circle, and the account's privacy cannot change halfway. (SQLite has one writer at
a time and needs no row locks.)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts import selectors as accounts
from accounts.models import User
from core import events, limits
from core.errors import Conflict, Invalid, NotFound
from social.graph import policies
from social.graph.events import FriendshipEnded, Unfollowed
from social.graph.models import Follow, Friendship, PersonStats


def authorise(actor: policies.Viewer, *, budget: str) -> User:
    """Return the actor, who may act and has budget left; raises RateLimited and its like."""
    user = policies.require_active(actor)
    limits.consume(budget=budget, subject=str(user.pk))
    return user


def find_other(
    actor: User, *, username: str | None, user_id: UUID | None, hidden: bool = False
) -> UUID:
    """Return the id of somebody else by handle or id.

    Raises NotFound unless the actor may see the person (`hidden` drops this: for taking back what
    the actor did), Invalid for the actor.
    """
    handle = str(user_id) if user_id else username or ""
    if hidden:
        person = accounts.get_user_by_handle(handle)
    else:
        person = policies.get_visible_person(viewer=actor, handle=handle)
    if person.pk == actor.pk:
        raise Invalid("own_account", "You cannot do this to yourself.")
    return person.pk


@contextmanager
def locked(actor_id: UUID, person_id: UUID, *, hidden: bool = False) -> Iterator[tuple[User, User]]:
    """Open a transaction that holds both people; yields (actor, person) as they are now.

    Raises NotFound when the actor may (no longer) see the person, unless `hidden`, and Conflict
    where a constraint of the database refuses what the caller is doing.
    """
    try:
        with transaction.atomic():
            rows = User.objects.filter(pk__in=(actor_id, person_id)).order_by("pk")
            people = {user.pk: user for user in rows.select_for_update(no_key=True)}
            if len(people) < 2:
                raise NotFound
            actor, person = people[actor_id], people[person_id]
            policies.require_active(actor)
            if not hidden and not policies.can_see_person(actor, person):
                raise NotFound
            yield actor, person
    except IntegrityError as error:
        raise Conflict("try_again", "This changed while you were at it. Try again.") from error


def add_follow(*, follower_id: UUID, followed_id: UUID) -> None:
    """Insert the follow and count it; the pair is locked and has none."""
    Follow.objects.create(follower_id=follower_id, followed_id=followed_id)
    count(follower_id, following=1)
    count(followed_id, followers=1)


def end_follow(*, follower_id: UUID, followed_id: UUID) -> bool:
    """Delete the follow and count it; return whether there was one."""
    deleted, _ = Follow.objects.filter(follower_id=follower_id, followed_id=followed_id).delete()
    if deleted:
        count(follower_id, following=-1)
        count(followed_id, followers=-1)
        events.publish(Unfollowed(follower_id=follower_id, followed_id=followed_id))
    return bool(deleted)


def end_friendship(one_id: UUID, other_id: UUID) -> bool:
    """Delete the friendship and count it; return whether there was one."""
    lo, hi = sorted((one_id, other_id))
    deleted, _ = Friendship.objects.filter(lo_id=lo, hi_id=hi).delete()
    if deleted:
        count(lo, friends=-1)
        count(hi, friends=-1)
        events.publish(FriendshipEnded(one_id=one_id, other_id=other_id))
    return bool(deleted)


def count(user_id: UUID, **changes: int) -> None:
    """Add to the counters of a person whose row is locked.

    A counter that drifted stops at zero instead of refusing the verb; `manage.py recount` mends it.
    """
    sums = {name: Greatest(F(name) + change, 0) for name, change in changes.items()}
    if not PersonStats.objects.filter(user_id=user_id).update(**sums):
        first = {name: max(change, 0) for name, change in changes.items()}
        PersonStats.objects.create(user_id=user_id, **first)
