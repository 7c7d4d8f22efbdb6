import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from core.errors import Invalid, Unauthenticated
from core.ids import uuid7
from feed import candidates, pages, sessions, tasks
from feed.cursors import read_cursor
from feed.models import FeedSession
from feed.modes import Mode
from feed.pages import FeedPage
from feed.tests.factories import make_video, make_videos
from social.graph.models import Block, Follow, Friendship, Mute
from videos.policies import Viewer


def read(viewer: Viewer, mode: Mode | None, *, limit: int = 5, **where: Any) -> FeedPage:
    place = pages.find_place(viewer=viewer, mode=mode, **where)
    return pages.feed_page(viewer=viewer, place=place, limit=limit)


def ids_of(page: FeedPage) -> list[UUID]:
    return [card.id for card in page.cards]


def walk(viewer: Viewer, mode: Mode, *, limit: int = 5, seed: str = "1") -> list[UUID]:
    """Return every id of a session, page by page, to its end."""
    page = read(viewer, mode, seed=seed, limit=limit)
    seen = ids_of(page)
    while not page.end:
        assert len(page.cards) == limit
        page = read(viewer, None, cursor=page.cursor, limit=limit)
        seen += ids_of(page)
    assert len(seen) == len(set(seen))
    return seen


@pytest.mark.parametrize("mode", [Mode.ALL, Mode.FOR_YOU])
@pytest.mark.parametrize("limit", [1, 4, 5, 100])
def test_a_walk_shows_everything_once_and_then_ends(alice: User, mode: Mode, limit: int) -> None:
    videos = make_videos(alice, 20)
    assert set(walk(None, mode, limit=limit)) == {video.pk for video in videos}


def test_the_end_is_told_with_the_last_video_and_not_a_page_later(alice: User) -> None:
    make_videos(alice, 10)
    first = read(None, Mode.ALL, seed="1")
    assert not first.end
    second = read(None, Mode.ALL, seed="1", skip=first.skip)
    assert len(second.cards) == 5
    assert second.end
    assert second.cursor is None


def test_the_same_place_gives_the_same_videos_and_another_seed_others(
    alice: User, bob: User
) -> None:
    make_videos(alice, 30)
    for mode in (Mode.ALL, Mode.FOR_YOU):
        once = ids_of(read(bob, mode, seed="9", skip=5))
        assert once == ids_of(read(bob, mode, seed="9", skip=5))
        assert walk(bob, mode, seed="9") != walk(bob, mode, seed="10")


def test_a_cursor_and_seed_with_skip_are_the_same_place(alice: User) -> None:
    make_videos(alice, 12)
    first = read(None, Mode.FOR_YOU)
    by_cursor = read(None, None, cursor=first.cursor)
    by_seed = read(None, Mode.FOR_YOU, seed=first.seed.text, skip=first.skip)
    assert ids_of(by_cursor) == ids_of(by_seed)


def test_following_and_friends_are_newest_first_and_of_those_people_only(
    alice: User, bob: User, carol: User, erin: User
) -> None:
    theirs = [make_video(alice, minutes_ago=age) for age in (30, 10, 20)]
    friends = [make_video(erin, minutes_ago=age, audience="friends") for age in (5, 15)]
    make_video(carol)
    Follow.objects.create(follower=bob, followed=alice)
    lo, hi = sorted([bob, erin], key=lambda user: user.pk)
    Friendship.objects.create(lo=lo, hi=hi)
    newest = [theirs[1], theirs[2], theirs[0]]
    assert walk(bob, Mode.FOLLOWING, limit=2) == [video.pk for video in newest]
    assert walk(bob, Mode.FRIENDS, limit=2) == [video.pk for video in friends]


@pytest.mark.parametrize("mode", [Mode.FOLLOWING, Mode.FRIENDS])
def test_strangers_have_no_people(mode: Mode, db: None) -> None:
    with pytest.raises(Unauthenticated):
        read(None, mode)


def test_own_videos_are_in_all_but_not_in_for_you_and_muted_people_in_no_feed(
    alice: User, bob: User, carol: User
) -> None:
    own, plain, muted = make_video(bob), make_video(alice), make_video(carol)
    Mute.objects.create(muter=bob, muted=carol)
    Follow.objects.create(follower=bob, followed=carol)
    assert set(walk(bob, Mode.FOR_YOU)) == {plain.pk}
    assert set(walk(bob, Mode.ALL)) == {own.pk, plain.pk}
    assert walk(bob, Mode.FOLLOWING) == []
    assert muted.pk in walk(alice, Mode.FOR_YOU)


def test_what_is_hidden_after_the_list_was_made_is_passed_over_and_the_page_filled(
    alice: User, bob: User, carol: User
) -> None:
    make_videos(alice, 10)
    hidden = make_videos(carol, 10)
    page = read(bob, Mode.ALL, seed="4")
    Block.objects.create(blocker=carol, blocked=bob)
    rest = []
    while not page.end:
        page = read(bob, None, cursor=page.cursor)
        rest += page.cards
        assert len(page.cards) == 5 or page.end
    assert not {card.id for card in rest} & {video.pk for video in hidden}


def test_a_long_hidden_stretch_does_not_shorten_a_page(alice: User, bob: User, carol: User) -> None:
    hidden, shown = make_videos(carol, 60), make_videos(alice, 60)
    for video in (*hidden, *shown):
        video.shuffle_key = 5 if video in hidden else 6
        video.save()
    read(bob, Mode.ALL, seed="0", limit=1)
    carol.suspended_at = timezone.now()
    carol.save()
    assert len(read(bob, Mode.ALL, seed="0", limit=50).cards) == 50


def test_unfollowing_takes_the_videos_out_of_a_list_made_before(alice: User, bob: User) -> None:
    make_videos(alice, 8)
    pair = Follow.objects.create(follower=bob, followed=alice)
    page = read(bob, Mode.FOLLOWING)
    pair.delete()
    assert ids_of(read(bob, None, cursor=page.cursor)) == []


def test_what_is_published_meanwhile_comes_before_the_end(alice: User) -> None:
    old = {video.pk for video in make_videos(alice, 8)}
    for mode in (Mode.ALL, Mode.FOR_YOU):
        page = read(None, mode, seed="2")
        new = make_video(alice, minutes_ago=0)
        rest = ids_of(read(None, None, cursor=page.cursor, limit=50))
        assert set(ids_of(page)) | set(rest) == old | {new.pk}
        old.add(new.pk)


def test_many_videos_of_one_moment_are_all_shown(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "WINDOW", 4)
    monkeypatch.setattr(candidates, "SHUFFLE_BATCH", 4)
    moment = timezone.now() - timedelta(hours=1)
    videos = {make_video(alice, published_at=moment, shuffle_key=3).pk for _ in range(19)}
    for mode in (Mode.ALL, Mode.FOR_YOU):
        assert set(walk(None, mode)) == videos


def test_more_than_a_window_published_since_is_no_early_end(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "WINDOW", 4)
    make_videos(alice, 3)
    page = read(None, Mode.ALL, seed="3", limit=1)
    moment = timezone.now()
    later = {make_video(alice, published_at=moment).pk for _ in range(14)}
    seen = []
    while not page.end:
        page = read(None, None, cursor=page.cursor, limit=2)
        seen += ids_of(page)
    assert later < set(seen)
    assert len(seen) == len(set(seen)) == 16


def test_lists_grow_by_bounded_batches(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "SHUFFLE_BATCH", 10)
    make_videos(alice, 35)
    read(None, Mode.ALL, seed="1", limit=3)
    # What the page needs, or (prepared ahead, in the scaled mode) that and the two pages after it.
    assert FeedSession.objects.get().length <= 21


def test_a_position_beyond_the_end_is_empty_and_one_too_far_ahead_is_refused(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_videos(alice, 9)
    page = read(None, Mode.ALL, seed="1", skip=10**9)
    assert (page.cards, page.end) == ([], True)
    monkeypatch.setattr(candidates, "SHUFFLE_BATCH", 1)
    monkeypatch.setattr(sessions, "MAX_BATCHES", 3)
    with pytest.raises(Invalid) as error:
        read(None, Mode.ALL, seed="2", skip=8)
    assert error.value.code == "skip_too_far"


@pytest.mark.parametrize("mode", [Mode.ALL, Mode.FOR_YOU])
def test_a_lost_list_is_made_again_as_it_was(alice: User, bob: User, mode: Mode) -> None:
    for author in (alice, bob):
        make_videos(author, 15)
    first = read(None, mode, seed="77")
    second = ids_of(read(None, None, cursor=first.cursor))
    FeedSession.objects.all().delete()
    assert ids_of(read(None, None, cursor=first.cursor)) == second


def test_an_empty_instance_ends_at_once_and_keeps_no_list(db: None) -> None:
    page = read(None, Mode.FOR_YOU)
    assert (page.cards, page.end, page.skip) == ([], True, 0)
    assert FeedSession.objects.count() == 0


def test_a_person_keeps_their_latest_lists(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "KEPT_PER_VIEWER", 3)
    make_video(alice)
    for seed in range(6):
        read(bob, Mode.ALL, seed=str(seed))
    assert set(FeedSession.objects.values_list("seed", flat=True)) == {3, 4, 5}


def test_the_sweep_deletes_what_nobody_reads(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_video(alice)
    for seed in range(4):
        read(None, Mode.ALL, seed=str(seed))
        read(bob, Mode.ALL, seed=str(seed))
    ages = {0: timedelta(days=8), 1: timedelta(hours=7)}
    for seed, age in ages.items():
        FeedSession.objects.filter(seed=seed).update(used_at=timezone.now() - age)
    monkeypatch.setattr(sessions, "KEPT_OF_STRANGERS", 1)
    tasks.sweep()
    left = FeedSession.objects.filter(seed__lt=4)  # without the one of the next visit
    assert set(left.values_list("viewer_id", "seed")) == {
        (bob.pk, 1),
        (bob.pk, 2),
        (bob.pk, 3),
        (None, 3),
    }


def test_reading_keeps_a_list_alive(alice: User) -> None:
    make_video(alice)
    read(None, Mode.ALL, seed="1")
    FeedSession.objects.update(used_at=timezone.now() - timedelta(hours=5))
    read(None, Mode.ALL, seed="1")
    assert FeedSession.objects.get().used_at > timezone.now() - timedelta(minutes=1)


def test_cursors_name_what_a_client_may_also_say_in_the_clear(alice: User, bob: User) -> None:
    make_videos(alice, 8)
    page = read(bob, Mode.ALL, seed="abc")
    place = read_cursor(page.cursor or "", viewer=bob)
    assert (place.mode, place.seed.text, place.skip) == (Mode.ALL, "abc", page.skip)


@pytest.mark.django_db(transaction=True)
def test_concurrent_readers_of_one_place_agree(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "SHUFFLE_BATCH", 7)
    make_videos(alice, 40)
    barrier, answers = threading.Barrier(6), []

    def reader() -> None:
        barrier.wait()
        seen = []
        page = read(bob, Mode.ALL, seed="5", limit=3)
        seen += ids_of(page)
        while not page.end:
            page = read(bob, None, cursor=page.cursor, limit=3)
            seen += ids_of(page)
        answers.append(seen)
        connection.close()

    threads = [threading.Thread(target=reader) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert all(answer == answers[0] for answer in answers)
    assert len(answers[0]) == len(set(answers[0])) == 40


def test_ids_are_packed_in_sixteen_bytes_each(alice: User) -> None:
    videos = make_videos(alice, 3)
    read(None, Mode.ALL, seed="1")
    row = FeedSession.objects.get()
    assert len(bytes(row.ids)) == 16 * row.length == 48
    assert videos[0].pk.bytes in bytes(row.ids)
    assert uuid7().bytes not in bytes(row.ids)
