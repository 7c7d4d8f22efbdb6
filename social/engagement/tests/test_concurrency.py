"""Fifty at once: counters equal rows, in both databases."""

from functools import partial

import pytest

from accounts.models import User
from core.errors import NotFound
from social.engagement import services
from social.engagement.models import Comment, Like, VideoStats
from social.engagement.tests.factories import make_comment, stats
from social.graph.tests.factories import make_people, together
from videos.models import Video

pytestmark = pytest.mark.django_db(transaction=True)


def test_fifty_likes_of_one_user_count_once(video: Video, bob: User) -> None:
    results = together([partial(services.like_video, actor=bob, video_id=video.pk)] * 50)
    assert results == [{"liked": True, "likes": 1}] * 50
    assert stats(video) == (1, 0, 0)


def test_fifty_users_like_fifty_times(video: Video) -> None:
    people = make_people(50)
    results = together(
        [partial(services.like_video, actor=one, video_id=video.pk) for one in people]
    )
    assert [one for one in results if isinstance(one, Exception)] == []
    assert stats(video) == (50, 0, 0)
    assert Like.objects.count() == 50


def test_like_and_unlike_and_save_of_one_user(video: Video, bob: User) -> None:
    verbs = [services.like_video, services.unlike_video, services.save_video]
    calls = [partial(verbs[index % 3], actor=bob, video_id=video.pk) for index in range(30)]
    results = together(calls)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert stats(video) == (Like.objects.count(), 0, 1)


def test_comments_and_one_deletion_counted_once(video: Video, alice: User, bob: User) -> None:
    comment = make_comment(video, bob)
    deletes = [
        partial(services.delete_comment, actor=actor, comment_id=comment.pk)
        for actor in (alice, bob)
    ] * 4
    adds = [partial(make_comment, video, bob, f"Number {index}") for index in range(8)]
    together([*deletes, *adds])
    assert Comment.objects.filter(deleted_at=None).count() == 8
    assert stats(video) == (0, 8, 0)


def test_recount_between_likes(video: Video) -> None:
    VideoStats.objects.create(video=video, likes=99)
    people = make_people(10)

    def recount() -> int:
        return sum(wrong for _, _, wrong in services.recount_videos())

    likes = [partial(services.like_video, actor=one, video_id=video.pk) for one in people]
    results = together([*likes, recount])
    assert [one for one in results if isinstance(one, Exception)] == []
    assert stats(video) == (10, 0, 0)


def test_replies_against_the_deletion_of_their_head(video: Video, alice: User, bob: User) -> None:
    head = make_comment(video, bob)
    reply = make_comment(video, alice, parent_id=head.pk)
    calls = [partial(make_comment, video, alice, str(n), parent_id=head.pk) for n in range(5)]
    calls += [partial(services.delete_comment, actor=bob, comment_id=head.pk)]
    calls += [partial(services.delete_comment, actor=alice, comment_id=reply.pk)] * 2
    strange = [
        one
        for one in together(calls)
        if isinstance(one, Exception) and not isinstance(one, NotFound)
    ]
    assert strange == []
    head.refresh_from_db()
    live = Comment.objects.filter(deleted_at=None)
    assert head.live_replies == live.filter(parent=head).count()
    assert stats(video) == (0, live.count(), 0)
