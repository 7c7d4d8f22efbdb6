"""What was handed out before a change is dead after it: surfaces at once, media URLs within 5 s.

Every transition has an author, a viewer and a clip of its own, so that all share one wait.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone

from accounts import services as accounts
from accounts.models import User
from core.testing import commit
from social.graph import services as graph
from tiktok.tests.visibility import oracle
from tiktok.tests.visibility.oracle import Clip, Person, Viewer, World
from tiktok.tests.visibility.staging import Stage, stage
from tiktok.tests.visibility.surfaces import API
from videos import services as videos

pytestmark = pytest.mark.django_db
WITHIN_SECONDS = 5.0


@dataclass
class Case:
    """Somebody sees a clip; then `change` (author, viewer, clip id, moderator) happens."""

    change: Callable[[User, User, object, User], object]
    relation: str = "stranger"
    private: bool = False
    audience: str = "everyone"
    mature: bool = False
    owner_keeps: bool = True


def _edit(**changes: object) -> Callable[[User, User, object, User], object]:
    return lambda author, _, pk, __: videos.edit_video(actor=author, video_id=pk, **changes)


CASES = {
    "narrowed to followers": Case(_edit(audience="followers")),
    "narrowed to friends": Case(_edit(audience="friends"), "follower", audience="followers"),
    "narrowed to the author": Case(_edit(audience="only_me"), "friend", audience="friends"),
    "back to a draft": Case(_edit(draft=True)),
    "marked as mature": Case(_edit(mature=True), "minor"),
    "blocked by the author": Case(
        lambda author, viewer, _, __: graph.block(actor=author, user_id=viewer.pk)
    ),
    "author blocked by a follower": Case(
        lambda author, viewer, _, __: graph.block(actor=viewer, user_id=author.pk),
        "follower",
        private=True,
    ),
    "follower removed": Case(
        lambda author, viewer, _, __: graph.remove_follower(actor=author, user_id=viewer.pk),
        "follower",
        private=True,
    ),
    "unfriended": Case(
        lambda author, viewer, _, __: graph.unfriend(actor=author, user_id=viewer.pk),
        "friend",
        audience="friends",
    ),
    "unfollowed a private account": Case(
        lambda author, viewer, _, __: graph.unfollow(actor=viewer, user_id=author.pk),
        "follower",
        private=True,
    ),
    "unfollowed, for followers only": Case(
        lambda author, viewer, _, __: graph.unfollow(actor=viewer, user_id=author.pk),
        "follower",
        audience="followers",
    ),
    "unfriended by the viewer": Case(
        lambda author, viewer, _, __: graph.unfriend(actor=viewer, user_id=author.pk),
        "friend",
        audience="friends",
    ),
    "friendship ended by a block": Case(
        lambda author, viewer, _, __: graph.block(actor=viewer, user_id=author.pk),
        "friend",
        audience="friends",
    ),
    "age corrected": Case(
        lambda _, viewer, __, mod: accounts.correct_birth_date(
            actor=mod, user_id=viewer.pk, birth_date=timezone.localdate().replace(day=1, year=2012)
        ),
        mature=True,
    ),
    "account went private": Case(
        lambda author, *_: accounts.set_private(actor=author, is_private=True)
    ),
    "deleted": Case(
        lambda author, _, pk, __: videos.delete_video(actor=author, video_id=pk),
        owner_keeps=False,
    ),
    "removed by a moderator": Case(
        lambda _, __, pk, mod: videos.remove_video(actor=mod, video_id=pk, reason="Rules.")
    ),
    "author suspended": Case(
        lambda author, _, __, mod: accounts.suspend_user(
            actor=mod, user_id=author.pk, reason="Rules."
        ),
        owner_keeps=False,
    ),
}


def _world() -> World:
    world = World()
    for number, (name, case) in enumerate(CASES.items()):
        author, viewer = f"author{number}", f"viewer{number}"
        world.people[author] = Person(private=case.private)
        world.people[viewer] = Person(age=16 if case.relation == "minor" else 30)
        world.clips[name] = Clip(author, case.audience, mature=case.mature)
        if case.relation == "follower":
            world.follows.add((viewer, author))
        if case.relation == "friend":
            world.friendships.add(frozenset((viewer, author)))
    return world


def test_every_transition_closes_what_was_open(mod: User) -> None:
    made = stage(_world())
    stranger = Client()
    before = {name: _urls(made, name, f"viewer{n}") for n, name in enumerate(CASES)}
    for name, urls in before.items():
        assert len(urls) == 4, name
        # Whoever holds a URL may use it while it is good; this also fills the caches of epochs.
        assert {stranger.get(url).status_code for url in urls} == {200}, name
    for number, (name, case) in enumerate(CASES.items()):
        author = User.objects.get(username=f"author{number}")
        viewer = User.objects.get(username=f"viewer{number}")
        case.change(author, viewer, made.videos[name].pk, mod)
        commit()
        assert _closed(made, name, f"viewer{number}"), f"{name}: still shown"
    started = time.monotonic()
    alive = before
    while alive and time.monotonic() - started < WITHIN_SECONDS + 30:
        alive = {
            name: urls
            for name, urls in alive.items()
            if any(stranger.get(url).status_code == 200 for url in urls)
        }
        if time.monotonic() - started > WITHIN_SECONDS:
            assert not alive, f"old URLs still play: {sorted(alive)}"
        time.sleep(0.1)
    for number, (name, case) in enumerate(CASES.items()):
        if case.owner_keeps:
            fresh = _urls(made, name, f"author{number}")
            assert {stranger.get(url).status_code for url in fresh} == {200}, name
            assert not set(fresh) & set(before[name])


def test_a_widened_clip_opens_at_once(db: None) -> None:
    made = stage(World({"ann": Person(), "ben": Person()}, {"clip": Clip("ann", "only_me")}))
    assert _closed(made, "clip", "ben")
    video = made.videos["clip"]
    videos.edit_video(actor=made.users["ann"], video_id=video.pk, audience="everyone")
    commit()
    assert {Client().get(url).status_code for url in _urls(made, "clip", "ben")} == {200}


def test_followers_stay_when_an_account_goes_private(db: None) -> None:
    world = World({name: Person() for name in ("ann", "ben", "cat")}, {"clip": Clip("ann")})
    world.follows.add(("ben", "ann"))
    made = stage(world)
    accounts.set_private(actor=made.users["ann"], is_private=True)
    commit()
    assert {Client().get(url).status_code for url in _urls(made, "clip", "ben")} == {200}
    assert _closed(made, "clip", "cat")


def test_unfollowing_leaves_what_everybody_sees_alone(db: None) -> None:
    world = World({"ann": Person(), "ben": Person()}, {"clip": Clip("ann")})
    world.follows.add(("ben", "ann"))
    made = stage(world)
    before = _urls(made, "clip", "ben")
    graph.unfollow(actor=made.users["ben"], user_id=made.users["ann"].pk)
    commit()
    assert {Client().get(url).status_code for url in before} == {200}
    assert _urls(made, "clip", "ben") == before  # a CDN keeps what it has


def test_unblocking_restores_nothing(db: None) -> None:
    world = World({"ann": Person(private=True), "ben": Person()}, {"clip": Clip("ann")})
    world.follows.add(("ben", "ann"))
    made = stage(world)
    ann, ben = made.users["ann"], made.users["ben"]
    assert not _closed(made, "clip", "ben")
    graph.block(actor=ann, user_id=ben.pk)
    graph.unblock(actor=ann, user_id=ben.pk)
    commit()
    world.follows.clear()
    assert not oracle.may_view(world, "ben", world.clips["clip"])
    assert _closed(made, "clip", "ben")


def _urls(made: Stage, clip: str, viewer: Viewer) -> list[str]:
    answer = made.client(viewer).get(f"{API}/videos/{made.videos[clip].pk}")
    assert answer.status_code == 200, (clip, viewer)
    card = answer.json()
    return [card["cover"], card["preview"], *(source["url"] for source in card["sources"])]


def _closed(made: Stage, clip: str, viewer: str) -> bool:
    client, video = made.client(viewer), made.videos[clip]
    author = made.author_of(clip).username
    paths = [
        f"{API}/videos/{video.pk}",
        f"{API}/videos/{video.pk}/comments",
        f"/@{author}/video/{video.pk}",
        f"/videos/{video.pk}/comments",
    ]
    lists = [f"{API}/videos/feed?mode=all&limit=100", f"{API}/users/{author}/videos", "/explore"]
    direct = [client.get(path).status_code for path in paths]
    listed = [str(video.pk).encode() in client.get(path).content for path in lists]
    return set(direct) == {404} and not any(listed)
