import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from core import events
from core.errors import Forbidden, Invalid, NotFound, RateLimited, Unauthenticated
from core.testing import commit
from social.engagement import services
from social.engagement.events import CommentAdded
from social.engagement.models import Comment
from social.engagement.tests.factories import make_comment, make_video, stats
from social.graph import services as graph
from social.graph.tests.factories import befriend, suspend
from videos.models import Video


def test_comment_counts_and_tells(video: Video, bob: User) -> None:
    seen: list[object] = []
    events.subscribe(CommentAdded, seen.append)
    comment = make_comment(video, bob, "  Nice!  ")
    commit()
    events._subscribers[CommentAdded].remove(seen.append)
    assert comment.text == "Nice!"
    assert stats(video) == (0, 1, 0)
    assert seen == [CommentAdded(comment.pk, video.pk, bob.pk, None)]


def test_reply_and_reply_to_a_reply_join_one_thread(video: Video, alice: User, bob: User) -> None:
    head = make_comment(video, bob)
    reply = make_comment(video, alice, parent_id=head.pk)
    deeper = make_comment(video, bob, parent_id=str(reply.pk))
    assert reply.parent_id == deeper.parent_id == head.pk
    assert stats(video) == (0, 3, 0)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 1001])
def test_bad_text(video: Video, bob: User, text: str) -> None:
    with pytest.raises(Invalid):
        make_comment(video, bob, text)
    assert stats(video) == (0, 0, 0)


def test_parents_that_will_not_do(video: Video, alice: User, bob: User, dave: User) -> None:
    elsewhere = make_comment(make_video(author=alice), bob)
    deleted = make_comment(video, bob)
    services.delete_comment(actor=bob, comment_id=deleted.pk)
    hidden = make_comment(video, dave)
    graph.block(actor=dave, user_id=bob.pk)
    for parent_id in (elsewhere.pk, deleted.pk, hidden.pk, video.pk, "x"):
        with pytest.raises(NotFound):
            make_comment(video, bob, parent_id=parent_id)


@pytest.mark.parametrize(
    "allowed,writers",
    [
        ("everyone", {"alice", "bob", "carol", "erin"}),
        ("friends", {"alice", "erin"}),
        ("nobody", {"alice"}),
    ],
)
def test_allow_comments(
    allowed: str, writers: set[str], alice: User, bob: User, carol: User, erin: User
) -> None:
    befriend(alice, erin)
    graph.follow(actor=bob, user_id=alice.pk)
    video = make_video(author=alice, allow_comments=allowed)
    for person in (alice, bob, carol, erin):
        if person.username in writers:
            make_comment(video, person)
        else:
            with pytest.raises(Forbidden) as error:
                make_comment(video, person)
            assert error.value.code == "comments_off"
    assert Comment.objects.count() == len(writers)


def test_hidden_video_is_not_found_even_with_comments_off(alice: User, carol: User) -> None:
    video = make_video(author=alice, audience="friends", allow_comments="nobody")
    with pytest.raises(NotFound):
        make_comment(video, carol)


def test_who_may_not(video: Video, alice: User, bob: User, dave: User) -> None:
    graph.block(actor=dave, user_id=alice.pk)
    with pytest.raises(NotFound):
        make_comment(video, dave)
    with pytest.raises(Forbidden):
        make_comment(video, suspend(bob))
    with pytest.raises(Unauthenticated):
        services.add_comment(actor=None, video_id=video.pk, text="x")


def test_budget(video: Video, bob: User, settings: Settings) -> None:
    settings.RATE_LIMIT_SCALE = 1
    settings.RATE_BUDGETS = settings.RATE_BUDGETS | {"comment": (1, 60)}
    make_comment(video, bob)
    with pytest.raises(RateLimited):
        make_comment(video, bob)
