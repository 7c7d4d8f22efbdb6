"""Pages from memory: the same as from the database, without SQL, and never a moment behind."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts import services as accounts
from accounts.devices import Device
from accounts.models import User
from core.redis_link import link
from core.testing import commit
from feed import pages, store, warm
from feed.cursors import Place, Seed
from feed.models import NotInterested
from feed.modes import Mode
from feed.tests.factories import add_files, add_tags, make_video, make_videos
from social.engagement import services as engagement
from social.engagement.models import Comment, VideoReply
from social.graph import services as graph
from social.graph.models import Follow
from videos import services as videos
from videos.models import Video

LIMIT = 4
Shown = list[dict[str, Any]]


def place_of(mode: Mode = Mode.FOR_YOU, skip: int = 0) -> Place:
    return Place(mode, Seed("7"), skip)


def from_memory(viewer: User | None, place: Place) -> Shown | None:
    with CaptureQueriesContext(connection) as captured:
        page = warm.read(viewer=viewer, place=place, limit=LIMIT)
    assert not captured.captured_queries
    return [orjson.loads(video) for video in page.videos] if page else None


def read(viewer: User | None, place: Place) -> Shown:
    page = pages.json_page(viewer=viewer, place=place, limit=LIMIT)
    return [orjson.loads(video) for video in page.videos]


def ids_of(shown: Shown) -> set[UUID]:
    return {UUID(video["id"]) for video in shown}


@pytest.fixture
def many(alice: User, bob: User, carol: User) -> list[Video]:
    """Clips of Alice and Carol, both followed by Bob, who is about to read."""
    Follow.objects.create(follower=bob, followed=alice)
    Follow.objects.create(follower=bob, followed=carol)
    made = []
    for number in range(20):
        author = alice if number % 2 else carol
        video = make_video(author, minutes_ago=number + 1, caption=f"#t{number} by @alice")
        add_files(video, 360, 720)
        add_tags(video, f"t{number}")
        made.append(video)
    return made


@pytest.mark.parametrize("mode", list(Mode))
def test_it_is_what_the_database_says(
    many: list[Video], bob: User, alice: User, carol: User, mode: Mode
) -> None:
    for other in (alice, carol):
        graph.send_friend_request(actor=other, user_id=bob.pk)
        graph.send_friend_request(actor=bob, user_id=other.pk)
    engagement.like_video(actor=bob, video_id=many[0].pk)
    engagement.save_video(actor=bob, video_id=many[1].pk)
    commit()
    first = read(bob, place_of(mode))
    assert from_memory(bob, place_of(mode)) == first
    second = from_memory(bob, place_of(mode, LIMIT))
    assert second == read(bob, place_of(mode, LIMIT))
    assert second
    assert not ids_of(first) & ids_of(second)


@pytest.mark.parametrize("mode", [Mode.FOR_YOU, Mode.FOLLOWING])
def test_a_warm_page_under_a_token_asks_the_database_nothing(
    many: list[Video], bob: User, mode: Mode
) -> None:
    """The whole request: token, fair use, page, the next page under its cursor."""
    phone = Device(ip="203.0.113.7", network="203.0.113.7", user_agent="Toptop/1 iPhone")
    access = accounts.admit(user=bob, device=phone).tokens.access
    commit()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {access}")
    query = {"mode": mode, "seed": "7", "limit": "4"}
    first = client.get("/api/v1/videos/feed", query).json()
    with CaptureQueriesContext(connection) as asked:
        again = client.get("/api/v1/videos/feed", query).json()
        second = client.get(again["next"]).json()
    assert not asked.captured_queries
    assert again == first
    assert len(second["results"]) == 4
    assert not ids_of(first["results"]) & ids_of(second["results"])


def test_strangers_read_from_memory_too(many: list[Video]) -> None:
    first = read(None, place_of())
    assert from_memory(None, place_of()) == first
    assert {video["viewer"]["liked"] for video in first} == {False}


def test_marks_and_counts_are_of_this_moment(many: list[Video], bob: User) -> None:
    shown = read(bob, place_of())[0]
    engagement.like_video(actor=bob, video_id=shown["id"])
    engagement.repost_video(actor=bob, video_id=shown["id"])
    commit()
    again = (from_memory(bob, place_of()) or [])[0]
    assert (again["viewer"]["liked"], again["viewer"]["reposted"]) == (True, True)
    assert (again["counts"]["likes"], again["counts"]["reposts"]) == (1, 1)
    engagement.unlike_video(actor=bob, video_id=shown["id"])
    commit()
    last = (from_memory(bob, place_of()) or [])[0]
    assert (last["viewer"]["liked"], last["counts"]["likes"]) == (False, 0)


def test_comments_of_whoever_is_hidden_count_no_longer(
    many: list[Video], bob: User, dave: User, erin: User, mod: User
) -> None:
    shown = read(bob, place_of())[0]
    for writer in (dave, erin):
        engagement.add_comment(actor=writer, video_id=shown["id"], text="Hello")
    commit()

    def counted() -> int:
        page = from_memory(bob, place_of()) or read(bob, place_of())
        return int(page[0]["counts"]["comments"])

    assert counted() == 2
    accounts.suspend_user(actor=mod, user_id=dave.pk, reason="Rules.")
    commit()
    assert counted() == 1
    graph.block(actor=erin, user_id=bob.pk)
    commit()
    assert counted() == 0


def _shut_out(author: User, viewer: User) -> None:
    accounts.set_private(actor=author, is_private=True)
    graph.remove_follower(actor=author, user_id=viewer.pk)


HIDING: dict[str, Callable[[User, User, User, Video], object]] = {
    "blocked by the author": lambda author, viewer, mod, _: graph.block(
        actor=author, user_id=viewer.pk
    ),
    "blocks the author": lambda author, viewer, mod, _: graph.block(
        actor=viewer, user_id=author.pk
    ),
    "mutes the author": lambda author, viewer, mod, _: graph.mute(actor=viewer, user_id=author.pk),
    "author suspended": lambda author, viewer, mod, _: accounts.suspend_user(
        actor=mod, user_id=author.pk, reason="Rules."
    ),
    "author private, follower removed": lambda author, viewer, mod, _: _shut_out(author, viewer),
    "deleted": lambda author, viewer, mod, video: videos.delete_video(
        actor=author, video_id=video.pk
    ),
    "narrowed": lambda author, viewer, mod, video: videos.edit_video(
        actor=author, video_id=video.pk, audience="only_me"
    ),
    "removed": lambda author, viewer, mod, video: videos.remove_video(
        actor=mod, video_id=video.pk, reason="Rules."
    ),
}


@pytest.mark.parametrize("what", HIDING)
def test_what_hides_a_video_hides_it_at_once(
    many: list[Video], alice: User, bob: User, mod: User, what: str
) -> None:
    read(bob, place_of())
    before = from_memory(bob, place_of())
    assert before is not None
    target = Video.objects.filter(pk__in=ids_of(before), author=alice)[0]
    with transaction.atomic():
        HIDING[what](alice, bob, mod, target)
        # Not committed: others still see it, and nobody may answer from memory any more.
        assert warm.read(viewer=bob, place=place_of(), limit=LIMIT) is None
    assert target.pk not in ids_of(read(bob, place_of()))
    commit()
    assert target.pk not in ids_of(read(bob, place_of()))
    assert target.pk not in ids_of(from_memory(bob, place_of()) or [])


def test_unfollowing_empties_the_following_feed_of_them(
    many: list[Video], alice: User, bob: User
) -> None:
    read(bob, place_of(Mode.FOLLOWING))
    assert from_memory(bob, place_of(Mode.FOLLOWING))
    graph.unfollow(actor=bob, user_id=alice.pk)
    commit()
    shown = read(bob, place_of(Mode.FOLLOWING))
    assert {video["author"]["username"] for video in shown} == {"carol"}


def test_a_new_name_is_shown_at_once(many: list[Video], alice: User, bob: User) -> None:
    read(bob, place_of())
    accounts.update_profile(actor=alice, name="Alice the Great")
    commit()
    names = {video["author"]["name"] for video in read(bob, place_of())}
    assert "Alice the Great" in names


def test_another_language_is_another_page(many: list[Video], bob: User) -> None:
    from django.utils import translation

    read(bob, place_of())
    with translation.override("vi"):
        assert from_memory(bob, place_of()) is None
        read(bob, place_of())
        assert from_memory(bob, place_of())


def test_a_viewer_costs_little_memory(many: list[Video], alice: User, bob: User) -> None:
    for number in range(120):
        make_video(alice, minutes_ago=100 + number)
    for mode in (Mode.FOR_YOU, Mode.FOLLOWING):
        for seed in range(5):
            place = Place(mode, Seed(str(seed)), 0)
            for _ in range(6):
                page = pages.json_page(viewer=bob, place=place, limit=10)
                place = Place(mode, place.seed, page.skip)
    redis = link()
    assert redis
    names = [name for name in redis.ask(("KEYS", b"*"))[0] if bob.pk.bytes in name]
    used = sum(redis.ask(("MEMORY", "USAGE", name))[0] for name in names)
    assert 1000 < used <= 10_500


def fill_anew(owner: User, *videos: Video) -> None:
    """Let the tombstones of these cards pass, and let their owner's own page fill the cards in."""
    redis = link()
    assert redis
    for video in videos:
        redis.ask(("DEL", store.key(b"c", video.pk.bytes)))
    read(owner, place_of(Mode.ALL))
    for video in videos:
        assert redis.ask(("GET", store.key(b"c", video.pk.bytes)))[0], "nobody filled it in"


ENDINGS: dict[str, Callable[[User, User, User, Video], object]] = {
    name: HIDING[name] for name in ("author suspended", "deleted", "narrowed", "removed")
} | {
    "private": lambda author, _, __, ___: accounts.set_private(actor=author, is_private=True),
    "the author blocks who made the duet": lambda author, dancer, _, __: graph.block(
        actor=author, user_id=dancer.pk
    ),
    "who made the duet blocks the author": lambda author, dancer, _, __: graph.block(
        actor=dancer, user_id=author.pk
    ),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_what_closes_an_original_closes_its_duets_for_good(
    alice: User, bob: User, dave: User, mod: User, what: str
) -> None:
    original = make_video(alice, minutes_ago=600)
    duets = make_videos(dave, 3 * LIMIT, is_duet=True, duet_of=original)
    ids = {video.pk for video in duets}
    # Not on his pages: its own card would send them to the database.
    NotInterested.objects.create(user=bob, video=original)
    read(bob, place_of())
    assert ids & ids_of(from_memory(bob, place_of()) or [])
    ENDINGS[what](alice, dave, mod, original)
    commit()
    fill_anew(dave, *duets)
    assert not ids & ids_of(from_memory(bob, place_of()) or [])
    assert not ids & ids_of(read(bob, place_of()))


def test_a_card_that_names_somebody_else_is_decided_anew(
    alice: User, bob: User, carol: User, dave: User
) -> None:
    below = make_video(alice, minutes_ago=600, audience="only_me")
    comment = Comment.objects.create(video=below, author=carol, text="From Carol")
    graph.block(actor=carol, user_id=bob.pk)
    commit()
    answers = make_videos(dave, 3 * LIMIT, is_reply=True)
    VideoReply.objects.bulk_create(VideoReply(video=one, comment=comment) for one in answers)
    read(bob, place_of())
    assert from_memory(bob, place_of())
    # Now everybody may read it, and everybody's card says it; Bob's window knew another card.
    videos.edit_video(actor=alice, video_id=below.pk, audience="everyone")
    commit()
    fill_anew(dave, *answers)
    assert "From Carol" not in str(from_memory(bob, place_of()))
    shown = read(bob, place_of())
    assert (len(shown), "From Carol" in str(shown)) == (LIMIT, False)
    assert "From Carol" in str(read(alice, place_of()))
