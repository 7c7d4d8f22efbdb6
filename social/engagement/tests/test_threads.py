"""Comments of hidden people vanish for the viewer, and every count of the sheet with them."""

import pytest

from accounts.models import User
from core.errors import NotFound
from core.testing import same_queries
from social.engagement import selectors, services, sheets
from social.engagement.models import Comment
from social.engagement.tests.factories import make_comment, make_video
from social.graph import services as graph
from social.graph.tests.factories import make_people, suspend
from videos.models import Video


@pytest.fixture
def thread(video: Video, bob: User, carol: User, dave: User) -> list[Comment]:
    """bob; below it carol and dave; dave; below it carol."""
    first = make_comment(video, bob, "first")
    replies = [make_comment(video, one, parent_id=first.pk) for one in (carol, dave)]
    second = make_comment(video, dave, "second")
    return [first, *replies, second, make_comment(video, carol, parent_id=second.pk)]


def seen(viewer: User | None, video: Video) -> tuple[list[str], list[int], int]:
    sheet = sheets.sheet(viewer=viewer, video=video)
    rows = sheet["comments"]
    return [row.text for row in rows], [row.reply_count for row in rows], sheet["total"]


def test_newest_first_with_replies_counted(video: Video, thread: list[Comment]) -> None:
    assert seen(None, video) == (["second", "first"], [1, 2], 5)


@pytest.mark.parametrize("blocker,blocked", [("erin", "dave"), ("dave", "erin")])
def test_blocked_in_either_direction(
    blocker: str, blocked: str, video: Video, thread: list[Comment], erin: User
) -> None:
    graph.block(actor=User.objects.get(username=blocker), username=blocked)
    assert seen(erin, video) == (["first"], [1], 2)
    assert seen(None, video)[2] == 5
    with pytest.raises(NotFound):
        selectors.replies_of(viewer=erin, comment_id=thread[3].pk)
    shown = selectors.replies_of(viewer=erin, comment_id=thread[0].pk)
    assert [one.author.username for one in shown] == ["carol"]


def test_suspended_authors_vanish_for_everybody(
    video: Video, thread: list[Comment], dave: User, alice: User
) -> None:
    suspend(dave)
    for viewer in (None, alice):
        assert seen(viewer, video) == (["first"], [1], 2)


def test_a_deleted_head_whose_replies_are_all_hidden_vanishes(
    video: Video, erin: User, bob: User, dave: User
) -> None:
    head = make_comment(video, bob)
    make_comment(video, dave, parent_id=head.pk)
    services.delete_comment(actor=bob, comment_id=head.pk)
    assert seen(None, video) == ([""], [1], 1)
    graph.block(actor=erin, user_id=dave.pk)
    assert seen(erin, video) == ([], [], 0)


def test_a_deleted_comment_tells_nothing(video: Video, bob: User, carol: User) -> None:
    head = make_comment(video, bob, "Secret")
    make_comment(video, carol, parent_id=head.pk)
    services.delete_comment(actor=bob, comment_id=head.pk)
    row = sheets.sheet(viewer=bob, video=video)["comments"][0]
    assert (row.deleted, row.author, row.text, row.can_delete) == (True, None, "", False)


def test_who_sees_what_they_may_do(
    video: Video, alice: User, bob: User, carol: User, mod: User
) -> None:
    make_comment(video, alice)
    make_comment(video, bob)

    def flags(viewer: User | None) -> list[tuple[bool, bool]]:
        rows = sheets.sheet(viewer=viewer, video=video)["comments"]
        return [(row.can_delete, row.is_author_of_video) for row in rows]

    assert flags(None) == flags(carol) == [(False, False), (False, True)]
    assert flags(bob) == [(True, False), (False, True)]
    assert flags(alice) == flags(mod) == [(True, False), (True, True)]


def test_hidden_video_has_no_thread(alice: User, carol: User) -> None:
    video = make_video(author=alice, audience="friends")
    comment = make_comment(video, alice)
    with pytest.raises(NotFound):
        selectors.comments_of(viewer=carol, video_id=video.pk)
    with pytest.raises(NotFound):
        selectors.replies_of(viewer=carol, comment_id=comment.pk)


def test_composer_flags(alice: User, bob: User) -> None:
    closed = make_video(author=alice, allow_comments="nobody")
    for viewer, can in ((None, False), (bob, False), (alice, True)):
        sheet = sheets.sheet(viewer=viewer, video=closed)
        assert (sheet["can_comment"], sheet["comments_closed"]) == (can, True)


def test_twenty_cost_what_two_cost(video: Video, alice: User, bob: User) -> None:
    with same_queries() as record:
        for number in (2, 17):
            for person in make_people(number, prefix=f"p{number}x"):
                head = make_comment(video, person)
                make_comment(video, bob, parent_id=head.pk)
            record(lambda: sheets.sheet(viewer=alice, video=video))


def test_replies_cost_the_same(video: Video, alice: User, bob: User) -> None:
    head = make_comment(video, bob)
    with same_queries() as record:
        for number in (2, 17):
            for person in make_people(number, prefix=f"p{number}x"):
                make_comment(video, person, parent_id=head.pk)
            record(lambda: sheets.replies(viewer=alice, head=head))
