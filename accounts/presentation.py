"""How a person is shown: the brief beside a video, and the `user` object of the API.

What accounts does not know (followers, likes, whether the viewer follows) comes from the apps
above as *facets*, one call for the whole page.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from accounts.avatars import avatar_url
from accounts.models import User

COUNTS = ("followers", "following", "likes", "videos")
RELATIONS = (
    "follows",
    "followed_by",
    "requested",
    "friend",
    "friend_request",
    "blocks",
    "mutes",
    "bell",
)

Facet = Callable[[UUID | None, Sequence[UUID]], Mapping[UUID, Mapping[str, Mapping[str, Any]]]]
_facets: list[Facet] = []


@dataclass(frozen=True, slots=True)
class UserBrief:
    """What stands beside anything a person made."""

    id: UUID
    username: str
    name: str
    avatar: str | None
    is_verified: bool


def brief(user: User) -> UserBrief:
    """Return the brief of a user, with the name that people read."""
    return UserBrief(user.pk, user.username, user.display_name, avatar_url(user), user.is_verified)


def register_facet(facet: Facet) -> None:
    """Add a source of counts and relations, once; call it in `AppConfig.ready`.

    A facet gets the viewer's id (or None) and the ids of a page, and returns
    `{user_id: {"counts": {...}, "viewer": {...}}}` in a constant number of queries.
    """
    if facet not in _facets:
        _facets.append(facet)


def present_users(
    users: Iterable[User], *, viewer: User | AnonymousUser | None
) -> list[dict[str, Any]]:
    """Return the `user` objects of the API, in order, in a constant number of queries."""
    people = list(users)
    viewer_id = viewer.pk if viewer is not None else None
    shown = {person.pk: _present(person) for person in people}
    for facet in _facets if people else ():
        for user_id, parts in facet(viewer_id, list(shown)).items():
            for part, values in parts.items():
                shown[user_id][part] |= values
    return [shown[person.pk] for person in people]


def present_user(user: User, *, viewer: User | AnonymousUser | None) -> dict[str, Any]:
    """Return the `user` object of one person."""
    return present_users([user], viewer=viewer)[0]


def _present(user: User) -> dict[str, Any]:
    return {
        "id": user.pk,
        "username": user.username,
        "name": user.name,
        "bio": user.bio,
        "avatar": avatar_url(user),
        "links": user.links,
        "is_private": user.is_private,
        "is_verified": user.is_verified,
        "created_at": user.created_at,
        "counts": dict.fromkeys(COUNTS, 0),
        "viewer": dict.fromkeys(RELATIONS, False) | {"friend_request_direction": None},
    }
