"""Every surface that shows people; `surfaces` has those that show clips."""

from collections.abc import Callable
from dataclasses import dataclass

from tiktok.tests.visibility.oracle import (
    Relation,
    Viewer,
    World,
    may_see_lists,
    may_see_person,
    relation,
)

API = "/api/v1"


@dataclass(frozen=True)
class PeopleSurface:
    """A list of people, or one person's page; `expected` is the oracle's answer."""

    name: str
    routes: tuple[str, ...]
    path: Callable[[str], str]
    expected: Callable[[World, Viewer, str], set[str] | None]
    signed_in: bool = False
    of_each: bool = False
    names_viewer: bool = False


def _search(world: World, viewer: Viewer, term: str) -> set[str]:
    return {name for name in world.people if may_see_person(world, viewer, name)}


def _others(world: World, viewer: Viewer, term: str) -> set[str]:
    return _search(world, viewer, term) - {viewer or ""}


def _profile(world: World, viewer: Viewer, person: str) -> set[str] | None:
    return {person} if may_see_person(world, viewer, person) else None


def _followers(world: World, viewer: Viewer, person: str) -> set[str] | None:
    if not may_see_lists(world, viewer, person):
        return None
    followers = {one for one, other in world.follows if other == person}
    return {name for name in followers if may_see_person(world, viewer, name)}


def _following(world: World, viewer: Viewer, person: str) -> set[str] | None:
    if not may_see_lists(world, viewer, person):
        return None
    followed = {other for one, other in world.follows if one == person}
    return {name for name in followed if may_see_person(world, viewer, name)}


def _friends(world: World, viewer: Viewer, _: str) -> set[str]:
    people = set(world.people) - {viewer}
    friends = {name for name in people if relation(world, viewer, name) == Relation.FRIEND}
    return {name for name in friends if may_see_person(world, viewer, name)}


def _blocks(world: World, viewer: Viewer, _: str) -> set[str]:
    blocked = {other for one, other in world.blocks if one == viewer}
    return {name for name in blocked if may_see_person(world, None, name)}


def _mutes(world: World, viewer: Viewer, _: str) -> set[str]:
    muted = {other for one, other in world.mutes if one == viewer}
    return {name for name in muted if may_see_person(world, viewer, name)}


def _requests(pairs: str, *, received: bool) -> Callable[[World, Viewer, str], set[str]]:
    def expected(world: World, viewer: Viewer, _: str) -> set[str]:
        mine, theirs = (1, 0) if received else (0, 1)
        found = {pair[theirs] for pair in getattr(world, pairs) if pair[mine] == viewer}
        return {name for name in found if may_see_person(world, viewer, name)}

    return expected


def _either(*, received: bool) -> Callable[[World, Viewer, str], set[str]]:
    kinds = [_requests(kind, received=received) for kind in ("follow_requests", "friend_requests")]
    return lambda world, viewer, it: {name for kind in kinds for name in kind(world, viewer, it)}


PEOPLE: tuple[PeopleSurface, ...] = (
    PeopleSurface(
        "API profile",
        ("api/v1/users/<handle>",),
        lambda n: f"{API}/users/{n}",
        _profile,
        of_each=True,
    ),
    PeopleSurface("person's page", ("@<username>",), lambda n: f"/@{n}", _profile, of_each=True),
    PeopleSurface(
        "API search", ("api/v1/users",), lambda _: f"{API}/users?search=Known&limit=100", _search
    ),
    PeopleSurface(
        "API search for people",
        ("api/v1/search",),
        lambda _: f"{API}/search?type=users&q=Known&limit=100",
        _search,
    ),
    PeopleSurface(
        "API people to write to",
        ("api/v1/search/users",),
        lambda _: f"{API}/search/users?q=Known",
        _others,
        signed_in=True,
    ),
    PeopleSurface("people found", ("search",), lambda _: "/search?type=users&q=Known", _search),
    PeopleSurface(
        "API followers",
        ("api/v1/users/<handle>/followers",),
        lambda n: f"{API}/users/{n}/followers?limit=5",
        _followers,
        of_each=True,
    ),
    PeopleSurface(
        "API following",
        ("api/v1/users/<handle>/following",),
        lambda n: f"{API}/users/{n}/following?limit=100",
        _following,
        of_each=True,
    ),
    PeopleSurface(
        "API friends", ("api/v1/friends",), lambda _: f"{API}/friends", _friends, signed_in=True
    ),
    PeopleSurface(
        "followers page",
        ("@<username>/followers",),
        lambda n: f"/@{n}/followers",
        _followers,
        of_each=True,
    ),
    PeopleSurface(
        "following page",
        ("@<username>/following",),
        lambda n: f"/@{n}/following",
        _following,
        of_each=True,
    ),
    PeopleSurface(
        "friends' page",
        ("friends/people",),
        lambda _: "/friends/people",
        _friends,
        signed_in=True,
        names_viewer=True,
    ),
    PeopleSurface(
        "blocked page",
        ("settings/blocked",),
        lambda _: "/settings/blocked",
        _blocks,
        signed_in=True,
    ),
    PeopleSurface(
        "muted page", ("settings/muted",), lambda _: "/settings/muted", _mutes, signed_in=True
    ),
    PeopleSurface(
        "requests page",
        ("inbox/requests",),
        lambda _: "/inbox/requests",
        _either(received=True),
        signed_in=True,
    ),
    PeopleSurface(
        "sent requests page",
        ("inbox/requests/sent",),
        lambda _: "/inbox/requests/sent",
        _either(received=False),
        signed_in=True,
    ),
    PeopleSurface(
        "API blocks", ("api/v1/blocks",), lambda _: f"{API}/blocks", _blocks, signed_in=True
    ),
    PeopleSurface("API mutes", ("api/v1/mutes",), lambda _: f"{API}/mutes", _mutes, signed_in=True),
    *(
        PeopleSurface(
            f"API {kind} {direction}",
            (f"api/v1/{kind}",),
            lambda _, k=kind, d=direction: f"{API}/{k}?direction={d}",  # type: ignore[misc]
            _requests(kind.replace("-", "_"), received=direction == "received"),
            signed_in=True,
        )
        for kind in ("follow-requests", "friend-requests")
        for direction in ("received", "sent")
    ),
)
