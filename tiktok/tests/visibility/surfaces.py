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
from tiktok.tests.visibility.people import API, PEOPLE, PeopleSurface
from tiktok.tests.visibility.staging import share_code, shelf_id

__all__ = [
    "API",
    "CLIP",
    "LISTS",
    "OWN_CLIP",
    "PEOPLE",
    "ClipSurface",
    "ListSurface",
    "PeopleSurface",
    "read_all",
    "shown_ids",
]

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


CLIP = (
    ClipSurface("API video", ("api/v1/videos/<video_id>",), lambda _, pk: f"{API}/videos/{pk}"),
    ClipSurface(
        "API captions",
        ("api/v1/videos/<video_id>/captions",),
        lambda _, pk: f"{API}/videos/{pk}/captions",
    ),
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
    ClipSurface("likers page", ("videos/<video_id>/likes",), lambda _, pk: f"/videos/{pk}/likes"),
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
        "collection page",
        ("collections/<collection_id>",),
        lambda name: f"/collections/{shelf_id(name, SHELF)}",
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
