"""Timelines of the following feed, and first pages made ahead."""

from io import StringIO

import orjson
import pytest
from django.core.management import call_command

from accounts.models import User
from core import events
from core.redis_link import link
from core.testing import commit, run_jobs
from feed import ahead, pages, store, tasks, timelines, warm
from feed.modes import Mode
from feed.tests.factories import make_video, make_videos
from social.graph import services as graph
from social.graph.models import Follow, PersonStats
from videos import services as videos
from videos.events import VideoPublished


def test_a_published_video_comes_to_the_timelines_that_there_are(
    alice: User, bob: User, carol: User
) -> None:
    for fan in (bob, carol):
        Follow.objects.create(follower=fan, followed=alice)
    old = make_videos(alice, 3)
    assert [entry[1] for entry in timelines.newest(bob.pk) or []] == [video.pk for video in old]
    new = make_video(alice, minutes_ago=30)
    events.publish(VideoPublished(new.pk, alice.pk))
    assert "feed.fan_out" in run_jobs()
    assert next(entry[1] for entry in timelines.newest(bob.pk) or []) == new.pk
    # Carol never came: she has none, and gets one of her own when she does.
    done = timelines.push(new.pk)
    assert done
    assert (done.followers, done.timelines) == (2, 0)
    assert len(timelines.newest(carol.pk) or []) == 4


def test_it_keeps_the_newest_in_their_order(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timelines, "KEPT", 4)
    Follow.objects.create(follower=bob, followed=alice)
    first = [make_video(alice, minutes_ago=age) for age in (20, 40, 60, 80)]
    timelines.newest(bob.pk)
    between = make_video(alice, minutes_ago=50)
    timelines.push(between.pk)
    timelines.push(between.pk)
    shown = [entry[1] for entry in timelines.newest(bob.pk) or []]
    assert shown == [first[0].pk, first[1].pk, between.pk, first[2].pk]


def test_authors_with_many_followers_are_pulled(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timelines, "PUSH_LIMIT", 0)
    Follow.objects.create(follower=bob, followed=alice)
    PersonStats.objects.create(user=alice, followers=1)
    timelines.newest(bob.pk)
    new = make_video(alice, minutes_ago=30)
    done = timelines.push(new.pk)
    assert done
    assert done.timelines == 0
    assert [entry[1] for entry in timelines.newest(bob.pk) or []] == [new.pk]


def test_the_following_feed_begins_with_it_and_goes_on_below(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timelines, "KEPT", 6)
    Follow.objects.create(follower=bob, followed=alice)
    made = make_videos(alice, 15)
    place = pages.find_place(viewer=bob, mode=Mode.FOLLOWING)
    page = pages.feed_page(viewer=bob, place=place, limit=50)
    assert [card.id for card in page.cards] == [video.pk for video in made]
    assert page.end


def test_following_somebody_shows_their_older_videos_too(
    alice: User, bob: User, carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timelines, "KEPT", 2)
    Follow.objects.create(follower=bob, followed=alice)
    make_videos(alice, 3)
    timelines.newest(bob.pk)
    hers = make_videos(carol, 3)
    graph.follow(actor=bob, user_id=carol.pk)
    commit()
    place = pages.find_place(viewer=bob, mode=Mode.FOLLOWING)
    page = pages.feed_page(viewer=bob, place=place, limit=50)
    assert {video.pk for video in hers} <= {card.id for card in page.cards}


def test_publishing_only_queues_a_job_whatever_the_followers(alice: User, bob: User) -> None:
    video = make_video(alice, draft=True, published_at=None)
    Follow.objects.create(follower=bob, followed=alice)
    timelines.newest(bob.pk)
    videos.edit_video(actor=alice, video_id=video.pk, draft=False)
    commit()
    redis = link()
    assert redis
    packed = redis.ask(("GET", store.key(b"t", bob.pk.bytes)))[0]
    assert packed == b""
    run_jobs()
    packed = redis.ask(("GET", store.key(b"t", bob.pk.bytes)))[0]
    assert packed[8:] == video.pk.bytes


def test_timelines_are_rebuilt_for_recent_readers(alice: User, bob: User) -> None:
    Follow.objects.create(follower=bob, followed=alice)
    make_videos(alice, 3)
    pages.feed_page(viewer=bob, place=pages.find_place(viewer=bob, mode=Mode.FOR_YOU), limit=2)
    call_command("rebuild_timelines")
    redis = link()
    assert redis
    assert len(redis.ask(("GET", store.key(b"t", bob.pk.bytes)))[0]) == 72


@pytest.mark.parametrize("mode", [Mode.FOR_YOU, Mode.FOLLOWING])
def test_a_first_page_made_ahead_costs_no_sql(alice: User, bob: User, mode: Mode) -> None:
    Follow.objects.create(follower=bob, followed=alice)
    make_videos(alice, 40)
    pages.feed_page(viewer=bob, place=pages.find_place(viewer=bob, mode=mode), limit=10)
    redis = link()
    assert redis
    redis.ask(("DEL", store.head_key(bob.pk, Mode.FOR_YOU), store.head_key(bob.pk, mode)))
    out = StringIO()
    call_command("precache", stdout=out)
    assert "2 first pages are ready for 1 people" in out.getvalue()
    redis.ask(("DEL", store.head_key(bob.pk, Mode.FOR_YOU), store.head_key(bob.pk, mode)))
    tasks.precache()  # as the schedule does
    place = pages.find_place(viewer=bob, mode=mode)
    page = warm.read(viewer=bob, place=place, limit=10)
    assert page
    first = [orjson.loads(video)["id"] for video in page.videos]
    assert len(set(first)) == 10
    # The list goes on where the head ends, and the next visit is another list.
    rest = pages.json_page(
        viewer=bob,
        place=pages.find_place(viewer=bob, mode=mode, seed=place.seed.text, skip=page.skip),
        limit=30,
    )
    assert not set(first) & {orjson.loads(video)["id"] for video in rest.videos}
    assert len(rest.videos) == 30
    assert pages.find_place(viewer=bob, mode=mode).seed != place.seed


def test_nothing_is_made_ahead_for_strangers(alice: User) -> None:
    make_videos(alice, 3)
    assert not ahead.make_head(None, Mode.FOR_YOU)
    assert ahead.take_head(viewer=None, mode=Mode.FOR_YOU) is None
