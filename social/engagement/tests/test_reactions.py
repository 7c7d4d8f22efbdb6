from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from core import events
from core.errors import Forbidden, NotFound, RateLimited, Unauthenticated
from core.testing import commit
from social.engagement import selectors, services
from social.engagement.annotations import Counts, Flags
from social.engagement.events import VideoLiked, VideoUnliked
from social.engagement.models import Like, Save, VideoStats
from social.engagement.tests.factories import make_video, stats
from social.graph import services as graph
from social.graph.tests.factories import suspend
from videos.models import Video

VERBS = [services.like_video, services.unlike_video, services.save_video, services.unsave_video]


def test_like_counts_once(video: Video, bob: User) -> None:
    for _ in range(2):
        assert services.like_video(actor=bob, video_id=video.pk) == {"liked": True, "likes": 1}
    assert stats(video) == (1, 0, 0)
    for _ in range(2):
        assert services.unlike_video(actor=bob, video_id=video.pk) == {"liked": False, "likes": 0}
    assert stats(video) == (0, 0, 0)


def test_save_counts_once(video: Video, bob: User, carol: User) -> None:
    services.save_video(actor=carol, video_id=video.pk)
    for _ in range(2):
        assert services.save_video(actor=bob, video_id=video.pk) == {"saved": True, "saves": 2}
    assert services.unsave_video(actor=bob, video_id=video.pk) == {"saved": False, "saves": 1}
    assert stats(video) == (0, 0, 1)


def test_events_only_for_changes(video: Video, bob: User) -> None:
    seen: list[object] = []
    for kind in (VideoLiked, VideoUnliked):
        events.subscribe(kind, seen.append)
    for verb in (services.like_video, services.unlike_video):
        for _ in range(2):
            verb(actor=bob, video_id=video.pk)
    commit()
    for kind in (VideoLiked, VideoUnliked):
        events._subscribers[kind].remove(seen.append)
    assert seen == [
        VideoLiked(user_id=bob.pk, video_id=video.pk),
        VideoUnliked(user_id=bob.pk, video_id=video.pk),
    ]


def test_unlike_of_a_drifted_counter(video: Video, bob: User) -> None:
    Like.objects.create(user=bob, video=video)
    VideoStats.objects.create(video=video)
    assert services.unlike_video(actor=bob, video_id=video.pk)["likes"] == 0


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    "fields",
    [
        {"audience": "followers"},
        {"audience": "friends"},
        {"audience": "only_me"},
        {"processing_state": "queued", "published_at": None},
        {"moderation_state": "held"},
        {"mature": True},
    ],
)
def test_hidden_videos_are_not_found(
    verb: Callable[..., object], fields: dict[str, object], alice: User, carol: User
) -> None:
    hidden = make_video(author=alice, **fields)
    with pytest.raises(NotFound):
        verb(actor=carol, video_id=hidden.pk)
    assert not Like.objects.exists()
    assert not Save.objects.exists()


@pytest.mark.parametrize("verb", VERBS)
def test_who_may_not(
    verb: Callable[..., object], video: Video, alice: User, bob: User, dave: User
) -> None:
    graph.block(actor=alice, user_id=dave.pk)
    with pytest.raises(NotFound):
        verb(actor=dave, video_id=video.pk)
    with pytest.raises(Unauthenticated):
        verb(actor=None, video_id=video.pk)
    with pytest.raises(Forbidden):
        verb(actor=suspend(bob), video_id=video.pk)
    for nothing in ("1", "", "\x00"):
        with pytest.raises(NotFound):
            verb(actor=alice, video_id=nothing)


def test_budget(video: Video, bob: User, settings: Settings) -> None:
    settings.RATE_LIMIT_SCALE = 1
    settings.RATE_BUDGETS = settings.RATE_BUDGETS | {"react": (2, 60)}
    services.like_video(actor=bob, video_id=video.pk)
    services.save_video(actor=bob, video_id=video.pk)
    with pytest.raises(RateLimited):
        services.unlike_video(actor=bob, video_id=video.pk)


def test_counts_and_flags_of_a_page(video: Video, alice: User, bob: User) -> None:
    other = make_video(author=alice)
    services.like_video(actor=bob, video_id=video.pk)
    services.save_video(actor=bob, video_id=video.pk)
    ids = [video.pk, other.pk]
    assert selectors.counts_for(ids) == {
        video.pk: Counts(likes=1, saves=1),
        other.pk: Counts(),
    }
    assert selectors.viewer_flags(bob.pk, ids) == {
        video.pk: Flags(liked=True, saved=True),
        other.pk: Flags(),
    }
    assert selectors.viewer_flags(None, ids) == {video.pk: Flags(), other.pk: Flags()}
    assert list(selectors.liked_ids(bob.pk)) == [video.pk]


def test_likes_received_by_public_videos_only(video: Video, alice: User, bob: User) -> None:
    private = make_video(author=alice, audience="followers")
    graph.follow(actor=bob, user_id=alice.pk)
    for one in (video, private):
        services.like_video(actor=bob, video_id=one.pk)
    assert selectors.likes_received([alice.pk, bob.pk]) == {alice.pk: 1}
