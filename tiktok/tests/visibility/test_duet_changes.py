"""What becomes of duets and of clips that answer, when what they rest on closes or opens again."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from accounts import services as accounts
from accounts.models import User
from core.testing import commit
from social.engagement import services as engagement
from social.graph import services as graph
from tiktok.tests.visibility.cast import the_world
from tiktok.tests.visibility.core import first_wrong, one_by_one
from tiktok.tests.visibility.oracle import Clip, Person, World
from tiktok.tests.visibility.staging import Stage, stage
from tiktok.tests.visibility.surfaces import API
from videos import services as videos
from videos.models import Video

pytestmark = pytest.mark.django_db


def test_duets_of_everything_are_seen_as_the_oracle_says() -> None:
    world = the_world()
    for name, clip in list(world.clips.items()):
        if clip.duet_of is None and clip.kind == "clip":
            for author in ("follower", "blocker"):
                world.clips[f"{author} beside {name}"] = Clip(author, duet_of=name)
    made = stage(world, files=False)
    assert first_wrong(made) is None
    assert not list(one_by_one(made))


Change = Callable[[Stage, User], object]


def _edit(**changes: object) -> Change:
    return lambda made, _: videos.edit_video(
        actor=made.users["ann"], video_id=made.videos["original"].pk, **changes
    )


# How an original closes, and how it opens again.
CHANGES: dict[str, tuple[Change, Change | None]] = {
    "narrowed": (_edit(audience="followers"), _edit(audience="everyone")),
    "a draft": (_edit(draft=True), _edit(draft=False)),
    "private": (
        lambda made, _: accounts.set_private(actor=made.users["ann"], is_private=True),
        lambda made, _: accounts.set_private(actor=made.users["ann"], is_private=False),
    ),
    "removed": (
        lambda made, mod: videos.remove_video(
            actor=mod, video_id=made.videos["original"].pk, reason="Rules."
        ),
        lambda made, mod: videos.restore_video(actor=mod, video_id=made.videos["original"].pk),
    ),
    "suspended": (
        lambda made, mod: accounts.suspend_user(
            actor=mod, user_id=made.users["ann"].pk, reason="Rules."
        ),
        lambda made, mod: accounts.unsuspend_user(
            actor=mod, user_id=made.users["ann"].pk, reason="Rules."
        ),
    ),
    "blocked": (
        lambda made, _: graph.block(actor=made.users["ann"], user_id=made.users["ben"].pk),
        lambda made, _: graph.unblock(actor=made.users["ann"], user_id=made.users["ben"].pk),
    ),
    "deleted": (
        lambda made, _: videos.delete_video(
            actor=made.users["ann"], video_id=made.videos["original"].pk
        ),
        None,
    ),
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_duet_closes_and_opens_with_its_original(how: str, mod: User) -> None:
    world = World({name: Person() for name in ("ann", "ben", "cat")})
    world.clips = {"original": Clip("ann"), "duet": Clip("ben", duet_of="original")}
    made = stage(world)
    close, open_again = CHANGES[how]
    pk = made.videos["duet"].pk
    before = _urls(made, "cat")
    assert _lists(made, "cat") == [True, True]
    assert {Client().get(url).status_code for url in before} == {200}
    close(made, mod)
    commit()
    assert made.client("cat").get(f"{API}/videos/{pk}").status_code == 404
    assert _lists(made, "cat") == [False, False]
    cache.clear()  # it may be two seconds old: `test_epochs` waits for that
    assert {Client().get(url).status_code for url in before} == {404}
    # What is theirs stays theirs, to be looked at and deleted; it no longer says whose it was.
    own = made.client("ben").get(f"{API}/videos/{pk}").json()
    assert own["duet_of"] is None
    assert {Client().get(source["url"]).status_code for source in own["sources"]} == {200}
    if open_again is not None:
        open_again(made, mod)
        commit()
        assert _lists(made, "cat") == [True, True]
        cache.clear()
        assert {Client().get(url).status_code for url in _urls(made, "cat")} == {200}


def test_a_comment_that_is_gone_is_no_longer_repeated_from_memory() -> None:
    world = World({name: Person() for name in ("ann", "ben", "cat")})
    world.clips = {"said": Clip("ann"), "answer": Clip("ben")}
    world.comments["hello"] = ("said", "cat", None)
    world.answers["answer"] = "hello"
    made = stage(world, files=False)
    comment, client = made.comments["hello"], made.client("ann")
    path = f"{API}/videos/feed?mode=all&seed=7&limit=1"

    def said() -> set[str]:
        cards = [client.get(f"{path}&skip={skip}").json()["results"] for skip in (0, 1)]
        return {card["reply_to"]["text"] for (card,) in cards if card["reply_to"]}

    assert said() == said() == {"Said: hello."}
    engagement.edit_comment(actor=made.users["cat"], comment_id=comment.pk, text="Changed.")
    commit()
    assert said() == {"Changed."}
    engagement.delete_comment(actor=made.users["cat"], comment_id=comment.pk)
    commit()
    assert said() == set()


def _urls(made: Stage, viewer: str) -> list[str]:
    card = made.client(viewer).get(f"{API}/videos/{made.videos['duet'].pk}").json()
    return [card["cover"], card["preview"], *(source["url"] for source in card["sources"])]


def _lists(made: Stage, viewer: str) -> list[bool]:
    """Return whether the duet is in a feed, read twice from the same list, and on the profile."""
    client, mark = made.client(viewer), str(made.videos["duet"].pk)
    feed = f"{API}/videos/feed?mode=all&seed=5&limit=1"
    bodies = [client.get(f"{feed}&skip={skip}").content.decode() for skip in (0, 1)]
    grid = client.get(f"{API}/users/ben/videos").content.decode()
    assert Video.objects.filter(pk=mark).exists()
    return [mark in "".join(bodies), mark in grid]
