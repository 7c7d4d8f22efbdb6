from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from social.engagement import services
from social.engagement.models import VideoStats
from social.engagement.tests.factories import make_comment, make_video, stats
from social.graph.models import PersonStats
from videos.models import Video


def recount(*options: str) -> tuple[int, str]:
    """Return (exit status, what it said)."""
    said = StringIO()
    try:
        call_command("recount", *options, stdout=said, stderr=said)
    except SystemExit as end:
        return int(str(end.code)), said.getvalue()
    return 0, said.getvalue()


@pytest.fixture
def busy(video: Video, bob: User, carol: User) -> Video:
    for person in (bob, carol):
        services.like_video(actor=person, video_id=video.pk)
    services.save_video(actor=bob, video_id=video.pk)
    head = make_comment(video, bob)
    make_comment(video, carol, parent_id=head.pk)
    services.delete_comment(actor=bob, comment_id=head.pk)
    return video


def test_what_services_count_is_right(busy: Video) -> None:
    assert stats(busy) == (2, 1, 1)
    assert recount() == (0, "people: 0 wrong\nvideos: 0 wrong\n")


def test_check_tells_and_repairs_nothing(busy: Video) -> None:
    VideoStats.objects.update(likes=40)
    assert recount("--check") == (1, "people: 0 wrong\nvideos: 1 wrong\n")
    assert stats(busy) == (40, 1, 1)


def test_repairs_and_keeps_what_it_does_not_count(busy: Video, alice: User) -> None:
    VideoStats.objects.update(likes=40, comments=0, saves=7, views=12)
    PersonStats.objects.create(user=alice, followers=3)
    assert recount() == (1, "people: 1 wrong\nvideos: 1 wrong\n")
    assert stats(busy) == (2, 1, 1)
    assert VideoStats.objects.get().views == 12
    assert recount() == (0, "people: 0 wrong\nvideos: 0 wrong\n")


def test_goes_on_where_it_stopped(alice: User) -> None:
    videos = sorted((make_video(author=alice) for _ in range(5)), key=lambda one: one.pk)
    VideoStats.objects.bulk_create([VideoStats(video=one, likes=1) for one in videos])
    steps = services.recount_videos(batch=2)
    last_id, checked, wrong = next(steps)
    assert (last_id, checked, wrong) == (videos[1].pk, 2, 2)
    assert recount("--only", "videos", "--after", str(last_id)) == (1, "videos: 3 wrong\n")
    assert recount("--only", "videos") == (0, "videos: 0 wrong\n")


@pytest.mark.parametrize(
    "options",
    [["--after", "x"], ["--after", "01a1fba1-1178-7067-b2b7-6ab3baa8811b"], ["--batch=0"]],
)
def test_options_that_mean_nothing(db: None, options: list[str]) -> None:
    with pytest.raises(CommandError):
        recount(*options)


def test_repairs_the_replies_of_a_thread(busy: Video) -> None:
    head = busy.comments.get(parent=None)
    assert head.live_replies == 1
    busy.comments.filter(pk=head.pk).update(live_replies=0)
    assert recount() == (1, "people: 0 wrong\nvideos: 1 wrong\n")
    head.refresh_from_db()
    assert head.live_replies == 1


def test_repairs_reposts_shares_and_likes_of_comments(busy: Video, alice: User, bob: User) -> None:
    reply = busy.comments.exclude(parent=None).get()
    services.like_comment(actor=bob, comment_id=reply.pk)
    services.repost_video(actor=bob, video_id=busy.pk)
    for sharer in (alice, bob):
        services.share_video(actor=sharer, video_id=busy.pk)
    assert recount() == (0, "people: 0 wrong\nvideos: 0 wrong\n")
    VideoStats.objects.update(reposts=5, shares=0)
    busy.comments.update(likes=9)
    assert recount() == (1, "people: 0 wrong\nvideos: 3 wrong\n")
    row = VideoStats.objects.get()
    assert (row.reposts, row.shares) == (1, 2)
    assert sorted(busy.comments.values_list("likes", flat=True)) == [0, 1]
