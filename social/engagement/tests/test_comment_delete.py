import pytest

from accounts.models import User
from core.errors import Forbidden, NotFound
from social.engagement import selectors, services
from social.engagement.models import Comment
from social.engagement.tests.factories import make_comment, stats
from social.graph import services as graph
from videos.models import Video


@pytest.mark.parametrize("who", ["bob", "alice", "mod"])
def test_author_owner_and_moderator(
    who: str, video: Video, bob: User, carol: User, mod: User
) -> None:
    comment = make_comment(video, bob, "Secret words")
    services.delete_comment(actor=User.objects.get(username=who), comment_id=comment.pk)
    comment.refresh_from_db()
    assert comment.text == ""
    assert comment.deleted_at is not None
    assert stats(video) == (0, 0, 0)


def test_others_may_not(video: Video, bob: User, carol: User) -> None:
    comment = make_comment(video, bob)
    with pytest.raises(Forbidden):
        services.delete_comment(actor=carol, comment_id=comment.pk)


def test_staff_without_the_permission_may_not(video: Video, bob: User, carol: User) -> None:
    carol.is_staff = True
    carol.save()
    with pytest.raises(Forbidden):
        services.delete_comment(actor=carol, comment_id=make_comment(video, bob).pk)


def test_hidden_comments_are_not_found(
    video: Video, alice: User, bob: User, carol: User, dave: User
) -> None:
    comment = make_comment(video, bob)
    graph.block(actor=bob, user_id=carol.pk)
    graph.block(actor=alice, user_id=dave.pk)
    for stranger in (carol, dave):
        with pytest.raises(NotFound):
            services.delete_comment(actor=stranger, comment_id=comment.pk)
    for nothing in ("1", video.pk):
        with pytest.raises(NotFound):
            services.delete_comment(actor=bob, comment_id=nothing)


def test_ones_own_can_always_be_deleted(video: Video, alice: User, bob: User) -> None:
    comment = make_comment(video, bob)
    graph.block(actor=alice, user_id=bob.pk)
    services.delete_comment(actor=bob, comment_id=comment.pk)
    assert stats(video) == (0, 0, 0)


def test_the_owner_can_delete_the_words_of_somebody_they_blocked(
    video: Video, alice: User, bob: User
) -> None:
    comment = make_comment(video, bob)
    graph.block(actor=alice, user_id=bob.pk)
    services.delete_comment(actor=alice, comment_id=comment.pk)
    assert stats(video) == (0, 0, 0)


def test_deleting_twice_counts_once(video: Video, bob: User) -> None:
    comment = make_comment(video, bob)
    services.delete_comment(actor=bob, comment_id=comment.pk)
    with pytest.raises(NotFound):
        services.delete_comment(actor=bob, comment_id=comment.pk)
    assert stats(video) == (0, 0, 0)


def test_a_head_with_replies_keeps_its_place(video: Video, bob: User, carol: User) -> None:
    head = make_comment(video, bob)
    reply = make_comment(video, carol, parent_id=head.pk)
    services.delete_comment(actor=bob, comment_id=head.pk)
    assert list(selectors.comments_of(viewer=carol, video_id=video.pk)) == [head]
    assert selectors.count_comments(viewer=carol, video=video) == 1
    assert stats(video) == (0, 1, 0)
    services.delete_comment(actor=carol, comment_id=reply.pk)
    assert list(selectors.comments_of(viewer=carol, video_id=video.pk)) == []
    assert Comment.objects.count() == 2
    assert stats(video) == (0, 0, 0)
