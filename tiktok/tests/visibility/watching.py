"""Asks every surface in this process what it shows to everybody: a quick check after each step."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import orjson

from accounts.models import User
from feed import pages, profiles
from feed.modes import Mode
from social.engagement import policies as engagement
from social.graph import policies as people
from social.graph import selectors as graph
from tiktok.tests.visibility import oracle
from tiktok.tests.visibility.oracle import Viewer
from tiktok.tests.visibility.staging import Stage
from videos import policies

EVERYTHING = 50
MODES_OF_STRANGERS = (Mode.FOR_YOU, Mode.ALL)


def disagreements(made: Stage, *, old_seed: str) -> Iterator[str]:
    """Yield every surface and viewer where the product and the oracle differ.

    Feeds of a world this small are complete by contract ("a list ends only when nothing is
    left"), so a fresh session shows exactly what it may. One that began earlier (`old_seed`) may
    lack what was hidden when it was made, and must not show what is hidden now.
    """
    for viewer in (None, *made.world.people):
        user = User.objects.get(pk=made.users[viewer].pk) if viewer else None
        visible = _names(made, policies.visible_to(user).values_list("pk", flat=True))
        may = {
            name
            for name, clip in made.world.clips.items()
            if oracle.may_view(made.world, viewer, clip)
        }
        yield from _compare("direct", viewer, visible, may)
        if viewer and not stands(made, viewer):
            continue  # The doors turn this account away before any list is asked.
        yield from _feeds(made, viewer, user, old_seed)
        yield from _grids(made, viewer, user)
        yield from _people(made, viewer, user)
        yield from _comments(made, viewer, user)


def stands(made: Stage, name: str) -> bool:
    """Return whether an account can be used at all."""
    person = made.world.people[name]
    return not person.suspended and not person.deactivated


def _feeds(made: Stage, viewer: Viewer, user: User | None, old_seed: str) -> Iterator[str]:
    for mode in Mode if user else MODES_OF_STRANGERS:
        may = _may(made, viewer, mode.value)
        yield from _compare(f"feed {mode}", viewer, _feed(made, user, mode, None), may)
        if mode in MODES_OF_STRANGERS:
            extra = _older_feed(made, user, mode, old_seed) - may
            yield from _compare(f"older feed {mode}", viewer, extra, set())


def _feed(made: Stage, user: User | None, mode: Mode, seed: str | None) -> set[str]:
    place = pages.find_place(viewer=user, mode=mode, seed=seed)
    page = pages.feed_page(viewer=user, place=place, limit=EVERYTHING)
    return _names(made, (card.id for card in page.cards))


def _older_feed(made: Stage, user: User | None, mode: Mode, seed: str) -> set[str]:
    """Read the API's pages, small enough for what Redis remembers to be used where there is one."""
    place, shown = pages.find_place(viewer=user, mode=mode, seed=seed), set[str]()
    while True:
        page = pages.json_page(viewer=user, place=place, limit=3)
        shown |= _names(made, (UUID(orjson.loads(video)["id"]) for video in page.videos))
        if page.end:
            return shown
        place = replace(place, skip=page.skip)


def _grids(made: Stage, viewer: Viewer, user: User | None) -> Iterator[str]:
    shown: set[str] = set()
    for person in made.users.values():
        if people.can_see_person(user, User.objects.get(pk=person.pk)):
            videos = profiles.posted_by(person, viewer=user)
            shown |= _names(made, videos.values_list("pk", flat=True))
    yield from _compare("grids", viewer, shown, _may(made, viewer, "grid"))
    if user:
        liked = profiles.liked_by(user, viewer=user).values_list("pk", flat=True)
        yield from _compare("liked", viewer, _names(made, liked), _may(made, viewer, "liked"))


def _people(made: Stage, viewer: Viewer, user: User | None) -> Iterator[str]:
    may = {name for name in made.users if oracle.may_see_person(made.world, viewer, name)}
    names = {person.pk: name for name, person in made.users.items()}
    seen = people.people_visible_to(user).filter(pk__in=names).values_list("pk", flat=True)
    yield from _compare("people", viewer, {names[pk] for pk in seen}, may)
    found = graph.people_matching(viewer=user, text="Known as").values_list("pk", flat=True)
    yield from _compare("search", viewer, {names[pk] for pk in found if pk in names}, may)
    if user:
        suggested = {one.person.pk for one in graph.suggest(viewer=user, limit=EVERYTHING)}
        known = {other for one, other in made.world.follows | made.world.mutes if one == viewer}
        fresh = may - known - {viewer or ""}
        extra = {names[pk] for pk in suggested if pk in names} - fresh
        yield from _compare("suggestions", viewer, extra, set())


def _comments(made: Stage, viewer: Viewer, user: User | None) -> Iterator[str]:
    rows = engagement.comments_visible_to(user).filter(video__in=policies.visible_to(user))
    shown = {
        text.removeprefix("Said: ").rstrip(".") for text in rows.values_list("text", flat=True)
    }
    may = {name for name in made.world.comments if oracle.sees_comment(made.world, viewer, name)}
    yield from _compare("comments", viewer, shown, may)


def _may(made: Stage, viewer: Viewer, surface: str) -> set[str]:
    return {name for name in made.world.clips if oracle.appears(made.world, viewer, name, surface)}


def _names(made: Stage, ids: object) -> set[str]:
    names: dict[UUID, str] = {video.pk: name for name, video in made.videos.items()}
    return {names[pk] for pk in ids}  # type: ignore[attr-defined]


def _compare(surface: str, viewer: Viewer, shown: set[str], may: set[str]) -> Iterator[str]:
    if shown != may:
        yield f"{surface} for {viewer}: extra {shown - may}, missing {may - shown}"
