"""Every cell of the two tables, on every surface: `appears` if and only if the oracle says so."""

from collections.abc import Iterator

import pytest

from core.ids import uuid7
from tiktok.tests.visibility import oracle, surfaces
from tiktok.tests.visibility.cast import AUTHORS, ROWS
from tiktok.tests.visibility.oracle import Viewer
from tiktok.tests.visibility.sameness import fingerprint
from tiktok.tests.visibility.staging import Stage

rows = pytest.mark.parametrize("viewer", ROWS, ids=lambda name: name or "anonymous")


@rows
def test_every_surface_shows_what_the_oracle_says(world: Stage, viewer: Viewer) -> None:
    wrong = [*_wrong_links(world, viewer), *_wrong_lists(world, viewer)]
    wrong += [*_wrong_people(world, viewer), *_wrong_media(world, viewer)]
    assert not wrong, "\n".join(wrong)


def _wrong_links(world: Stage, viewer: Viewer) -> Iterator[str]:
    for surface in (*surfaces.CLIP, *surfaces.CLIP_ELSEWHERE, *surfaces.OWN_CLIP):
        for name, problem in _direct(world, viewer, surface):
            yield f"{surface.name} of {name}: {problem}"


def _wrong_lists(world: Stage, viewer: Viewer) -> Iterator[str]:
    for surface in surfaces.LISTS:
        for owner in _owners(surface, viewer):
            for problem in _listed(world, viewer, surface, owner):
                yield f"{surface.name} of {owner or 'nobody'}: {problem}"


def _wrong_people(world: Stage, viewer: Viewer) -> Iterator[str]:
    for surface in surfaces.PEOPLE:
        for person in world.world.people if surface.of_each else [viewer or "pub"]:
            for problem in _people(world, viewer, surface, person):
                yield f"{surface.name} of {person}: {problem}"


def _wrong_media(world: Stage, viewer: Viewer) -> Iterator[str]:
    client = world.client(viewer)
    for name, video in world.videos.items():
        answer = client.get(f"{surfaces.API}/videos/{video.pk}")
        if not oracle.appears(world.world, viewer, name, "media"):
            yield from [f"{name} is shown"] * (answer.status_code == 200)
            continue
        card = answer.json()
        urls = [card["cover"], card["preview"], *(source["url"] for source in card["sources"])]
        urls += [photo[size] for photo in card["photos"] for size in ("url", "small_url")]
        statuses = {url: client.get(url).status_code for url in urls if url}
        yield from (f"{name}: {url} {status}" for url, status in statuses.items() if status != 200)
        has_files = world.world.clips[name].kind != "text"
        yield from [f"{name} has no media"] * (has_files and not statuses)


def _direct(
    world: Stage, viewer: Viewer, surface: surfaces.ClipSurface
) -> Iterator[tuple[str, str]]:
    client, missing = world.client(viewer), {}
    headers = {"HX-Request": "true"} if surface.htmx else {}
    for name, video in world.videos.items():
        author = world.author_of(name).username
        answer = client.get(surface.path(author, video.pk), headers=headers)
        rule = "direct" if surface.rule == "own" else surface.rule
        seen = oracle.appears(world.world, viewer, name, rule)
        if surface.rule == "own" and viewer is None:
            yield from [(name, "not asked to sign in")] * (answer.status_code not in (302, 401))
        elif (
            surface.rule == "own" and seen and not oracle.appears(world.world, viewer, name, "own")
        ):
            yield from [(name, f"{answer.status_code}, not 403")] * (answer.status_code != 403)
        elif seen:
            body = answer.content.decode()
            right = surface.found
            yield from [(name, f"{answer.status_code}, not {right}")] * (
                answer.status_code != right
            )
            yield from ((name, leak) for leak in _leaks(world, viewer, body))
        else:
            if author not in missing:
                unknown = str(uuid7())
                other = client.get(surface.path(author, unknown), headers=headers)
                missing[author] = fingerprint(other, asked=unknown)
            yield from [(name, f"{answer.status_code}, not 404")] * (answer.status_code != 404)
            if fingerprint(answer, asked=str(video.pk)) != missing[author]:
                yield name, "not the answer that an unknown id gets"


def _owners(surface: surfaces.ListSurface, viewer: Viewer) -> list[str]:
    if surface.of_each:
        return list(AUTHORS)
    return [viewer or "pub"] if surface.own else [""]


def _listed(
    world: Stage, viewer: Viewer, surface: surfaces.ListSurface, owner: str
) -> Iterator[str]:
    pages = list(surfaces.read_all(world.client(viewer), surface.path(owner)))
    status, bodies = pages[-1][0], [body for _, body in pages]
    if surface.signed_in and viewer is None:
        yield from [f"{status} for a stranger"] * (status not in (302, 401, 404))
        return
    if surface.of_each and not oracle.may_see_person(world.world, viewer, owner):
        yield from [f"{status}, not 404"] * (status != 404)
        return
    expected = _expected(world, viewer, surface, owner)
    right = 404 if surface.unknown_when_empty and not expected else 200
    yield from [f"{status}, not {right}"] * (status != right)
    shown = _clips_in(world, bodies)
    extra = shown - expected - _named_by(world, expected)
    yield from (f"{name} is shown" for name in sorted(extra))
    yield from (f"{name} is missing" for name in sorted(expected - shown))
    yield from _leaks(world, viewer, "".join(bodies))


def _named_by(world: Stage, clips: set[str]) -> set[str]:
    """Return what cards of these clips name: originals, and videos of answered comments."""
    truth = world.world
    originals = {truth.clips[name].duet_of for name in clips} - {None}
    answered = {truth.comments[truth.answers[name]][0] for name in clips & set(truth.answers)}
    return {name for name in originals if name} | answered


def _expected(world: Stage, viewer: Viewer, surface: surfaces.ListSurface, owner: str) -> set[str]:
    if surface.rule == "reposts":
        return oracle.reposted(world.world, viewer, owner)
    return {
        name
        for name, clip in world.world.clips.items()
        if oracle.appears(world.world, viewer, name, surface.rule)
        and (not surface.of_each or clip.author == owner)
    }


def _people(
    world: Stage, viewer: Viewer, surface: surfaces.PeopleSurface, person: str
) -> Iterator[str]:
    pages = list(surfaces.read_all(world.client(viewer), surface.path(person)))
    status, text = pages[-1][0], "".join(body for _, body in pages)
    if surface.signed_in and viewer is None:
        yield from [f"{status} for a stranger"] * (status not in (302, 401))
        return
    expected = surface.expected(world.world, viewer, person)
    if expected is None:
        yield from [f"{status}, not 404"] * (status != 404)
        return
    yield from [f"{status}, not 200"] * (status != 200)
    yield from _leaks(world, viewer, text)
    shown = {name for mark, name in world.person_marks.items() if mark in text}
    if not surface.path(person).startswith(surfaces.API):
        # A page also says whose it is.
        whose = {person} if surface.of_each else {viewer} if surface.names_viewer else set()
        shown, expected = shown - whose, expected - whose
    yield from (f"{name} is shown" for name in sorted(shown - expected))
    yield from (f"{name} is missing" for name in sorted(expected - shown))


def _clips_in(world: Stage, bodies: list[str]) -> set[str]:
    ids = {video.pk: name for name, video in world.videos.items()}
    return {ids[found] for found in surfaces.shown_ids(bodies) if found in ids}


def _leaks(world: Stage, viewer: Viewer, body: str) -> Iterator[str]:
    """Yield what an answer mentions and its viewer may not know, whatever it was asked."""
    truth = world.world
    for mark, name in world.clip_marks.items():
        if mark in body and not oracle.may_view(truth, viewer, truth.clips[name]):
            yield f"leaks clip {name}"
    for mark, name in world.person_marks.items():
        blocked_list = (viewer, name) in truth.blocks
        if mark in body and not oracle.may_see_person(truth, viewer, name) and not blocked_list:
            yield f"leaks person {name}"
    for text, name in world.comment_marks.items():
        if text in body and not oracle.sees_comment(truth, viewer, name):
            yield f"leaks comment {name}"
