"""Every surface that shows clips or people: how to ask it, and which rule of the oracle it keeps.

`CLIP` surfaces answer about one clip: 200, or the very 404 that an unknown id gets. `LISTS` of
clips and `PEOPLE` are read to their end, next page by next page.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit
from uuid import UUID

from django.test import Client

from tiktok.tests.visibility.cast import SHELF
from tiktok.tests.visibility.oracle import (
    Relation,
    Viewer,
    World,
    may_see_lists,
    may_see_person,
    relation,
)
from tiktok.tests.visibility.staging import share_code, shelf_id

API = "/api/v1"
MAX_PAGES = 20
NEXT_IN_PAGE = re.compile(r'hx-get="([^"]*cursor=[^"]+)"')
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class ClipSurface:
    """Something about one clip. `path` takes the author's username and an id."""

    name: str
    routes: tuple[str, ...]
    path: Callable[[str, object], str]
    rule: str = "direct"
    htmx: bool = False
    found: int = 200


@dataclass(frozen=True)
class ListSurface:
    """A list of clips; `owner` names whose list it is, where it is somebody's."""

    name: str
    routes: tuple[str, ...]
    path: Callable[[str], str]
    rule: str
    of_each: bool = False
    signed_in: bool = False
    own: bool = False
    # A tag with nothing to show is unknown: its name may be somebody's private words.
    unknown_when_empty: bool = False


@dataclass(frozen=True)
class PeopleSurface:
    """A list of people, or one person's page; `expected` is the oracle's answer."""

    name: str
    routes: tuple[str, ...]
    path: Callable[[str], str]
    expected: Callable[[World, Viewer, str], set[str] | None]
    signed_in: bool = False
    of_each: bool = False


CLIP = (
    ClipSurface("API video", ("api/v1/videos/<video_id>",), lambda _, pk: f"{API}/videos/{pk}"),
    ClipSurface(
        "API comments",
        ("api/v1/videos/<video_id>/comments",),
        lambda _, pk: f"{API}/videos/{pk}/comments",
    ),
    ClipSurface(
        "watch page and OpenGraph",
        ("@<username>/video/<video_id>",),
        lambda username, pk: f"/@{username}/video/{pk}",
    ),
    ClipSurface(
        "comments page", ("videos/<video_id>/comments",), lambda _, pk: f"/videos/{pk}/comments"
    ),
    ClipSurface(
        "comment sheet",
        ("videos/<video_id>/comments",),
        lambda _, pk: f"/videos/{pk}/comments",
        htmx=True,
    ),
    ClipSurface(
        "API likers",
        ("api/v1/videos/<video_id>/likes",),
        lambda _, pk: f"{API}/videos/{pk}/likes?limit=100",
    ),
    ClipSurface("share link", ("s/<code>",), lambda _, pk: f"/s/{share_code(pk)}", found=302),
)
# What other sites ask for, without anybody's eyes.
CLIP_ELSEWHERE = (
    ClipSurface("embed", ("embed/<video_id>",), lambda _, pk: f"/embed/{pk}", "embed"),
    ClipSurface(
        "oEmbed",
        ("oembed",),
        lambda name, pk: f"/oembed?url=http%3A%2F%2Ftestserver%2F%40{name}%2Fvideo%2F{pk}",
        "embed",
    ),
)
# Only the author gets 200; whoever sees the clip otherwise gets 403, anybody else the 404.
OWN_CLIP = (
    ClipSurface(
        "API status",
        ("api/v1/videos/<video_id>/status",),
        lambda _, pk: f"{API}/videos/{pk}/status",
        "own",
    ),
    ClipSurface(
        "edit page",
        ("studio/<video_id>",),
        lambda _, pk: f"/studio/{pk}",
        "own",
    ),
    ClipSurface(
        "status fragment",
        ("videos/<video_id>/status",),
        lambda _, pk: f"/videos/{pk}/status",
        "own",
    ),
)


def _feed_path(mode: str) -> Callable[[str], str]:
    return lambda _: f"{API}/videos/feed?limit=100&mode={mode}"


LISTS: tuple[ListSurface, ...] = (
    *(
        ListSurface(
            f"API feed {mode}",
            ("api/v1/videos/feed",),
            _feed_path(mode),
            mode,
            signed_in=mode in ("following", "friends"),
        )
        for mode in ("for-you", "all", "following", "friends")
    ),
    ListSurface(
        "API feed/all", ("api/v1/videos/feed/all",), lambda _: f"{API}/videos/feed/all", "all"
    ),
    ListSurface(
        "API feed/following",
        ("api/v1/videos/feed/following",),
        lambda _: f"{API}/videos/feed/following?limit=7",
        "following",
        signed_in=True,
    ),
    ListSurface("home page", ("", "feed/page"), lambda _: "/", "for-you"),
    ListSurface("explore page", ("explore",), lambda _: "/explore", "all"),
    ListSurface(
        "API tag",
        ("api/v1/tags/<tag>", "api/v1/tags/<tag>/videos"),
        lambda _: f"{API}/tags/staged/videos?limit=7",
        "tag",
        unknown_when_empty=True,
    ),
    ListSurface(
        "tag page", ("tag/<tag>",), lambda _: "/tag/staged", "tag", unknown_when_empty=True
    ),
    ListSurface(
        "API search", ("api/v1/search",), lambda _: f"{API}/search?q=this+clip&limit=7", "search"
    ),
    ListSurface("search page", ("search",), lambda _: "/search?q=this+clip", "search"),
    ListSurface(
        "following page",
        ("following", "feed/page"),
        lambda _: "/following",
        "following",
        signed_in=True,
    ),
    ListSurface(
        "friends page", ("friends", "feed/page"), lambda _: "/friends", "friends", signed_in=True
    ),
    ListSurface(
        "API profile grid",
        ("api/v1/users/<handle>/videos",),
        lambda name: f"{API}/users/{name}/videos?limit=5",
        "grid",
        of_each=True,
    ),
    ListSurface("profile page", ("@<username>",), lambda name: f"/@{name}", "grid", of_each=True),
    ListSurface(
        "API liked",
        ("api/v1/users/<handle>/liked",),
        lambda name: f"{API}/users/{name}/liked?limit=100",
        "liked",
        signed_in=True,
        own=True,
    ),
    ListSurface(
        "liked tab",
        ("@<username>/<tab>",),
        lambda name: f"/@{name}/liked",
        "liked",
        signed_in=True,
        own=True,
    ),
    ListSurface(
        "API saved",
        ("api/v1/users/<handle>/saved",),
        lambda name: f"{API}/users/{name}/saved?limit=100",
        "saved",
        signed_in=True,
        own=True,
    ),
    ListSurface(
        "saved tab",
        ("@<username>/<tab>",),
        lambda name: f"/@{name}/saved",
        "saved",
        signed_in=True,
        own=True,
    ),
    ListSurface(
        "API collection",
        ("api/v1/collections/<collection_id>/videos",),
        lambda name: f"{API}/collections/{shelf_id(name, SHELF)}/videos?limit=100",
        "shelved",
        signed_in=True,
        own=True,
    ),
    ListSurface(
        "API reposts",
        ("api/v1/users/<handle>/reposts",),
        lambda name: f"{API}/users/{name}/reposts?limit=100",
        "reposts",
        of_each=True,
    ),
    ListSurface(
        "reposts tab",
        ("@<username>/<tab>",),
        lambda name: f"/@{name}/reposts",
        "reposts",
        of_each=True,
    ),
    ListSurface("studio", ("studio",), lambda _: "/studio", "own", signed_in=True),
)


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


def read_all(client: Client, path: str) -> Iterator[tuple[int, str]]:
    """Yield status and body of a list's pages, following `next` (JSON) or the page's own link."""
    following = path
    for number in range(MAX_PAGES):
        htmx = {"HX-Request": "true"} if number and not path.startswith(API) else {}
        answer = client.get(following, headers=htmx)
        body = answer.content.decode()
        yield answer.status_code, body
        kind = answer.headers["Content-Type"]
        link = _next(kind, body) if answer.status_code == 200 else None
        if link is None:
            return
        following = link
    message = f"{path} does not end"
    raise AssertionError(message)


def shown_ids(bodies: list[str]) -> set[UUID]:
    """Return every id that the bodies carry."""
    return {UUID(found) for body in bodies for found in ID.findall(body)}


def _next(content_type: str, body: str) -> str | None:
    if content_type.startswith("application/json"):
        link = json.loads(body).get("next")
    else:
        found = NEXT_IN_PAGE.search(body)
        link = unescape(found[1]) if found else None
    if not link:
        return None
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"
