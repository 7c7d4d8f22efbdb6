"""Every list in one table: 20 items cost the queries that 2 do."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import principals
from feed.models import FeedSession
from tiktok.tests.visibility import rooms, surfaces
from tiktok.tests.visibility.cast import SHELF
from tiktok.tests.visibility.oracle import Clip, Person, World
from tiktok.tests.visibility.staging import Stage, stage
from tiktok.tests.visibility.surfaces import API
from videos.models import Sound

pytestmark = pytest.mark.django_db
SMALL, LARGE = 2, 20
BATCH = 3  # statements
FEEDS = {
    one.name
    for one in surfaces.LISTS
    if {"feed/page", "explore"} & set(one.routes) or "/feed" in one.path("")
}
# What the registry of surfaces has no list of; `{video}` and `{comment}` have many of everything.
MORE = (
    f"{API}/videos/{{video}}/comments?limit=100",
    f"{API}/comments/{{comment}}/replies?limit=100",
    f"{API}/videos/{{video}}/likes?limit=100",
    f"{API}/collections?limit=100",
    f"{API}/collections?video_id={{video}}",
    "/videos/{video}/likes",
    "/videos/{video}/collections",
    "/collections",
    "/videos/{video}/comments",
    "/comments/{comment}/replies",
    "/@ann/video/{video}",
    f"{API}/search?type=sounds&q=clip&limit=100",
    "/search?type=sounds&q=original+sound",
    f"{API}/users/suggested?limit=50",
    "/friends/suggested",
)


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is asking stays known: on a slow machine it was forgotten between two questions."""
    monkeypatch.setattr(principals, "SECONDS", 3600)


def busy_world(size: int) -> World:
    """Return a world where Ann has `size` of everything, each of other people."""
    world = World(people={"ann": Person(private=True)}, clips={"much said": Clip("ann")})
    world.comments["head"] = ("much said", "ann", None)
    for number in range(size):
        for kind in ("fan", "idol", "friend", "asks", "asked", "wants", "wanted", "foe", "bore"):
            world.people[f"{kind}{number}"] = Person(private=kind == "asked")
        world.follows |= {(f"fan{number}", "ann"), ("ann", f"idol{number}")}
        world.follows |= {(f"idol{number}", f"bore{number}"), (f"idol{number}", f"wants{number}")}
        world.friendships.add(frozenset(("ann", f"friend{number}")))
        world.follow_requests |= {(f"asks{number}", "ann"), ("ann", f"asked{number}")}
        world.friend_requests |= {(f"wants{number}", "ann"), ("ann", f"wanted{number}")}
        world.blocks.add(("ann", f"foe{number}"))
        world.mutes.add(("ann", f"bore{number}"))
        for author in ("ann", f"idol{number}", f"friend{number}"):
            world.clips[f"{author} {number}"] = Clip(author)
            for marks in (world.likes, world.saves, world.reposts):
                marks.add(("ann", f"{author} {number}"))
            world.shelved |= {("ann", shelf, f"{author} {number}") for shelf in (SHELF, author)}
        world.likes.add((f"fan{number}", "much said"))
        world.comments[f"fan {number}"] = ("much said", f"fan{number}", None)
        world.comments[f"reply {number}"] = ("much said", f"friend{number}", "head")
        world.comments[f"thread {number}"] = ("much said", "ann", f"fan {number}")
        world.comment_likes |= {("ann", f"fan {number}"), (f"idol{number}", f"fan {number}")}
    return world


def give_sounds(made: Stage) -> None:
    """Have something heard in every clip."""
    Sound.objects.bulk_create(
        Sound(video=video, key=f"videos/{video.pk}/p1/sound.m4a", duration_ms=4000)
        for video in made.videos.values()
    )


def paths(made: Stage) -> dict[str, str]:
    """Return every list as Ann asks for it."""
    video, comment = made.videos["much said"].pk, made.comments["head"].pk
    listed = {one.name: one.path("ann") for one in surfaces.LISTS}
    listed |= {one.name: one.path("ann") for one in surfaces.PEOPLE}
    more = {path: path.format(video=video, comment=comment) for path in MORE}
    return (
        listed
        | {name: _whole(path) for name, path in more.items()}
        | {name: _whole(path) for name, path in listed.items()}
    )


def _whole(path: str) -> str:
    """Ask the API for everything at once."""
    head, _, query = path.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("limit=")]
    limited = [*kept, "limit=50"] if head.startswith(API) else kept
    return f"{head}?{'&'.join(limited)}" if limited else head


def _counts(size: int) -> dict[str, list[str]]:
    made = stage(busy_world(size), files=True)
    give_sounds(made)
    client = made.client("ann")
    found = {}
    for name, path in paths(made).items():
        client.get(path)  # caches of the process: who is asking, the hot pool
        found[name] = _queries(lambda path=path: client.get(path))  # type: ignore[misc]
    return found


def _queries(read: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        answer = read()
    assert getattr(answer, "status_code", 0) == 200, answer
    return [query["sql"][:300] for query in captured.captured_queries]


def test_lists_cost_the_same_whatever_their_length(settings: Any) -> None:
    settings.REDIS_URL = ""  # every page from the database, and nothing prepared after it
    with transaction.atomic():
        small = _counts(SMALL)
        transaction.set_rollback(True)
    large = _counts(LARGE)
    assert set(small) == set(large)
    wrong = [
        f"{name}: {len(small[name])} queries for {SMALL}, {len(large[name])} for {LARGE}\n  "
        + "\n  ".join(large[name])
        for name in small
        # A feed that ends on this page asks once more whether anything is left: see below.
        if len(small[name]) != len(large[name]) and name not in FEEDS
    ]
    assert not wrong, "\n".join(wrong)
    # What is left of the first batch of for-you after a page of a hundred makes one batch more.
    assert not [name for name in FEEDS if len(small[name]) + BATCH < len(large[name])]


@pytest.mark.parametrize("mode", ["for-you", "all", "following", "friends"])
def test_pages_of_feeds_cost_the_same_whatever_their_length(mode: str, settings: Any) -> None:
    settings.REDIS_URL = ""  # every page from the database, and nothing prepared after it
    client = stage(busy_world(LARGE + 5)).client("ann")
    # Seed 0 begins the ring of `all` at its start, so that one arc fills both pages.
    path = f"{API}/videos/feed?mode={mode}&seed=0&limit="
    client.get(f"{path}{SMALL}")  # caches of the process
    counted = []
    for size in (SMALL, LARGE):
        FeedSession.objects.all().delete()
        counted.append(_queries(lambda size=size: client.get(f"{path}{size}")))  # type: ignore[misc]
    small, large = counted
    assert len(small) == len(large), "\n".join(large)


def _rooms(size: int) -> tuple[Client, list[str]]:
    """Return Ann's browser, and every list of the messenger with `size` of everything."""
    people = [f"friend{number}" for number in range(size)]
    world = World(people={name: Person() for name in ("ann", *people)})
    world.friendships |= {frozenset(("ann", name)) for name in people}
    made = stage(world, files=False)
    group = rooms.furnish(made, "ann", people)
    ids = ",".join(str(made.users[name].pk) for name in people)
    return made.client("ann"), [path.format(room=group.pk, people=ids) for path in rooms.LISTS]


def test_lists_of_the_messenger_cost_the_same_whatever_their_length(settings: Any) -> None:
    settings.REDIS_URL = ""
    counted: list[list[list[str]]] = []
    for size in (SMALL, LARGE):
        with transaction.atomic():
            client, paths_of_size = _rooms(size)
            found = []
            for path in paths_of_size:
                client.get(path)  # caches of the process: who is asking
                found.append(_queries(partial(client.get, path)))
                if path.startswith(API):
                    body = client.get(path).json()
                    longest = max(len(part) for part in body.values() if isinstance(part, list))
                    assert longest >= size, path
            counted.append(found)
            transaction.set_rollback(True)
    for path, small, large in zip(rooms.LISTS, *counted, strict=True):
        assert len(small) == len(large), "\n".join((path, *large))


def test_every_list_is_really_long() -> None:
    made = stage(busy_world(LARGE), files=False)
    give_sounds(made)
    client: Client = made.client("ann")
    for name, path in paths(made).items():
        if not path.startswith(API) or name == "API profile":
            continue
        results = client.get(path).json()["results"]
        assert len(results) >= LARGE, (name, len(results))
