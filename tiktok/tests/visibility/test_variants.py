"""Z15: no other way of asking tells more of what is hidden than GET does; and threads (replies)."""

import re
from collections.abc import Callable
from itertools import cycle, permutations, product
from typing import Any, TypeAlias

import pytest
from django.http import HttpResponseBase
from django.test import Client

from core.ids import uuid7
from tiktok.tests.visibility import oracle, surfaces
from tiktok.tests.visibility.cast import ROWS
from tiktok.tests.visibility.oracle import Viewer
from tiktok.tests.visibility.sameness import fingerprint
from tiktok.tests.visibility.staging import Stage

pytestmark = pytest.mark.django_db
HIDDEN = ("pub-only_me", "pub-removed", "pub-deleted", "priv-friends", "sus-everyone")
Variant: TypeAlias = Callable[[Client, str], Any]


def _get(suffix: str = "", **headers: str) -> Variant:
    return lambda client, path: client.get(
        path + suffix, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def _method(method: str) -> Variant:
    return lambda client, path: client.generic(method, path)


def _override(method: str) -> Variant:
    return lambda client, path: client.post(path, headers={"X-HTTP-Method-Override": method})


VARIANTS: dict[str, Variant] = {
    "HEAD": lambda client, path: client.head(path),
    "OPTIONS": _method("OPTIONS"),
    "?format=api": _get("?format=api"),
    "?format=json": _get("?format=json"),
    ".json": _get(".json"),
    "trailing slash": _get("/"),
    "two slashes": _get("//"),
    "asks for HTML": _get(Accept="text/html"),
    "range": _get(Range="bytes=0-1"),
    "if-none-match": _get(If_None_Match="*"),
    "htmx": _get(HX_Request="true"),
    **{f"override {method}": _override(method) for method in ("GET", "DELETE", "PATCH")},
    **{method: _method(method) for method in ("PUT", "PATCH", "DELETE", "TRACE")},
}
UPPER = "upper-case id"


@pytest.mark.parametrize("viewer", [None, "stranger", "blocked", "blocker"])
def test_every_variant_decides_as_get_does(world: Stage, viewer: Viewer) -> None:
    wrong, client = [], world.client(viewer)
    asked = product((*surfaces.CLIP, *surfaces.OWN_CLIP), (*VARIANTS, UPPER))
    # Two ways of being hidden for each question, another two for the next one.
    for (surface, variant), names in zip(asked, cycle(permutations(HIDDEN, 2)), strict=False):
        unknown: dict[str, tuple[object, ...]] = {}
        for name in names:
            author = world.author_of(name).username
            if author not in unknown:
                unknown[author] = _asked(client, surface, variant, author, str(uuid7()))
            answer = _asked(client, surface, variant, author, str(world.videos[name].pk))
            if answer != unknown[author]:
                wrong.append(f"{variant} {surface.name} of {name}: {answer[0]}")
            if answer[0] == 200 and variant != "OPTIONS":
                wrong.append(f"{variant} {surface.name} of {name} is answered")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("viewer", ROWS, ids=lambda name: name or "anonymous")
def test_threads_show_what_the_oracle_says(world: Stage, viewer: Viewer) -> None:
    client, truth, wrong = world.client(viewer), world.world, []
    heads = [name for name, (_, _, parent) in truth.comments.items() if parent is None]
    for head in heads:
        pk = world.comments[head].pk
        answers = [
            client.get(f"{surfaces.API}/comments/{pk}/replies"),
            client.get(f"/comments/{pk}/replies"),
        ]
        if not oracle.sees_comment(truth, viewer, head):
            wrong += [f"{head}: {a.status_code}" for a in answers if a.status_code != 404]
            continue
        expected = {
            name
            for name, (_, _, parent) in truth.comments.items()
            if parent == head and oracle.sees_comment(truth, viewer, name)
        }
        for answer in answers:
            body = answer.content.decode()
            shown = {name for text, name in world.comment_marks.items() if text in body}
            wrong += [f"{head}: {shown ^ expected}"] if shown != expected else []
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("viewer", ["stranger", "follower", "blocker", "pub"])
def test_counts_of_comments_do_not_tell(world: Stage, viewer: Viewer) -> None:
    truth = world.world
    for name in ("pub-everyone", "pub-followers", "pub-friends"):
        if not oracle.may_view(truth, viewer, truth.clips[name]):
            continue
        path = f"{surfaces.API}/videos/{world.videos[name].pk}/comments"
        seen = [
            comment
            for comment, (clip, _, _) in truth.comments.items()
            if clip == name and oracle.sees_comment(truth, viewer, comment)
        ]
        client = world.client(viewer)
        assert client.get(path).json()["total"] == len(seen)
        card = client.get(f"{surfaces.API}/videos/{world.videos[name].pk}").json()
        assert card["counts"]["comments"] == len(seen)
        page = client.get(f"/@pub/video/{world.videos[name].pk}").content.decode()
        shown = set(re.findall(rf'data-comment-count="{world.videos[name].pk}">(\d+)<', page))
        assert shown == {str(len(seen))}


def _asked(
    client: Client, surface: surfaces.ClipSurface, variant: str, author: str, pk: str
) -> tuple[object, ...]:
    if variant == UPPER:
        answer: HttpResponseBase = client.get(surface.path(author, pk.upper()))
        return fingerprint(answer, asked=pk.upper())
    return fingerprint(VARIANTS[variant](client, surface.path(author, pk)), asked=pk)
