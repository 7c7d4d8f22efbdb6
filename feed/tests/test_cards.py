from functools import partial

import orjson
import pytest
from django.utils import timezone

from accounts.models import User
from core.ids import uuid7
from core.testing import same_queries
from feed.cards import VideoCard, card_json, cards_for, with_relations
from feed.modes import Mode
from feed.tests.factories import add_files, add_tags, make_video, make_videos
from social.engagement import annotations
from social.engagement import selectors as engagement
from social.engagement.models import Comment, Like, Save, VideoStats
from social.graph.models import Block, Follow
from videos.models import Video
from videos.policies import Viewer

KEYS = {
    "id", "kind", "author", "caption", "tags", "mentions", "sound", "created_at", "published_at",
    "audience", "allow_comments", "allow_duet",
    "allow_sound", "allow_download", "mature", "processing_state",
    "duration_ms", "width", "height", "cover", "preview", "sources", "photos", "text", "captions",
    "counts", "viewer", "blurhash", "pinned", "duet_of", "reply_to",
}  # fmt: skip


def card_of(video: Video, viewer: Viewer = None, mode: Mode | None = None) -> VideoCard:
    return cards_for([video.pk], viewer=viewer, mode=mode)[0]


def test_the_json_has_exactly_the_keys_of_the_contract(alice: User) -> None:
    shown = card_json(card_of(make_video(alice)))
    assert set(shown) == KEYS
    assert set(shown["author"]) == {"id", "username", "name", "avatar", "is_verified"}
    assert set(shown["counts"]) == {"views", "likes", "comments", "saves", "shares", "reposts"}
    assert set(shown["viewer"]) == {"liked", "saved", "reposted", "reason"}
    assert b"e@example.com" not in orjson.dumps(shown, default=str)


def test_sources_come_smallest_first(alice: User) -> None:
    video = make_video(alice)
    add_files(video, 720, 360, 540)
    sources = card_of(video).sources
    assert [source["width"] for source in sources] == [360, 540, 720]
    assert set(sources[0]) == {"url", "type", "width", "height", "bitrate"}
    assert sources[0]["url"].startswith("/media/videos/")


def test_tags_keep_the_order_written(alice: User) -> None:
    video = make_video(alice, caption="#sea #bay #arc")
    add_tags(video, "sea", "bay", "arc")
    assert card_of(video).tags == ["sea", "bay", "arc"]


def test_counts_and_the_viewers_own_marks(alice: User, bob: User) -> None:
    video, other = make_videos(alice, 2)
    VideoStats.objects.create(video=video, likes=3, comments=2)
    for author in (alice, bob):
        Comment.objects.create(video=video, author=author, text="Nice")
    Like.objects.create(user=bob, video=video)
    Save.objects.create(user=bob, video=other)
    Follow.objects.create(follower=bob, followed=alice)
    first, second = cards_for([video.pk, other.pk], viewer=bob)
    assert (first.counts.likes, first.counts.comments) == (3, 2)
    assert (first.viewer.liked, first.viewer.saved) == (True, False)
    assert (second.viewer.liked, second.viewer.saved) == (False, True)
    assert first.follows_author
    assert not first.is_own
    assert card_of(video, alice).is_own
    assert not card_of(video).viewer.liked


def test_comments_that_the_viewer_does_not_see_are_not_counted(
    alice: User, bob: User, carol: User, dave: User
) -> None:
    video = make_video(alice)
    head = Comment.objects.create(video=video, author=dave, text="Hello")
    for author, parent in ((bob, head), (bob, None), (carol, None)):
        Comment.objects.create(video=video, author=author, parent=parent, text="Hello")
    VideoStats.objects.create(video=video, comments=4)
    Block.objects.create(blocker=carol, blocked=dave)
    assert [card_of(video, viewer).counts.comments for viewer in (bob, carol, dave)] == [4, 2, 3]
    bob.suspended_at = timezone.now()
    bob.save()
    assert [card_of(video, viewer).counts.comments for viewer in (None, carol)] == [2, 1]


def test_comments_of_a_popular_video_are_not_counted_one_by_one(
    alice: User, bob: User, carol: User, dave: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the bound it is the counter without what a block hides, and the threads below that."""
    monkeypatch.setattr(annotations, "COUNTED_COMMENTS", 6)
    video, other = make_videos(alice, 2)
    head = Comment.objects.create(video=video, author=dave, text="Hello")
    for author, parent in ((bob, head), (dave, head), (bob, None), (carol, None), (dave, None)):
        Comment.objects.create(video=video, author=author, parent=parent, text="Hello")
    Comment.objects.create(video=other, author=dave, text="Elsewhere")
    Comment.objects.create(video=video, author=dave, text="", deleted_at=timezone.now())
    Block.objects.create(blocker=carol, blocked=dave)
    for counter, seen in ((6, [6, 2]), (1000, [1000, 996])):
        VideoStats.objects.update_or_create(video=video, defaults={"comments": counter})
        found = [card_of(video, viewer).counts.comments for viewer in (bob, carol)]
        assert found == seen
        assert engagement.count_comments(viewer=carol, video=video) == seen[1]


def test_ids_that_the_viewer_may_not_see_are_dropped_and_the_order_kept(
    alice: User, bob: User
) -> None:
    shown, hidden, last = make_videos(alice, 3)
    Video.objects.filter(pk=hidden.pk).update(audience="only_me")
    cards = cards_for([last.pk, hidden.pk, uuid7(), shown.pk], viewer=bob)
    assert [card.id for card in cards] == [last.pk, shown.pk]
    assert cards_for([], viewer=bob) == []


def test_a_video_without_files_yet_has_none(alice: User) -> None:
    video = make_video(
        alice, processing_state="queued", published_at=None, cover_key="", width=None
    )
    card = card_of(video, alice)
    assert (card.cover, card.preview, card.sources, card.width) == (None, None, [], None)


def test_a_page_of_twenty_costs_the_queries_of_a_page_of_two(
    alice: User, bob: User, carol: User
) -> None:
    for number, author in enumerate([alice, carol] * 10):
        video = make_video(author, caption=f"#t{number} with @alice and @carol and @nobody{number}")
        add_files(video, 360, 720)
        add_tags(video, f"t{number}")
        Like.objects.create(user=bob, video=video)
    ids = list(Video.objects.values_list("pk", flat=True))
    with same_queries() as record:
        for size in (2, 20):
            record(partial(cards_for, ids[:size], viewer=bob, mode=Mode.ALL))
    rows = with_relations(Video.objects.all())
    with same_queries() as record:
        for size in (2, 20):
            record(partial(cards_for, rows[:size], viewer=None))


def test_the_caption_is_escaped_and_marked(alice: User, carol: User) -> None:
    video = make_video(carol, caption='<b onx="1">& #Cà_phê @Alice, @nobody a@alice x#no #')
    html = str(card_of(video).caption_html)
    assert html == (
        "&lt;b onx=&quot;1&quot;&gt;&amp; "
        '<a class="tag" href="/tag/c%C3%A0_ph%C3%AA">#Cà_phê</a> '
        '<a class="mention" href="/@alice">@Alice</a>, @nobody a@alice x#no #'
    )


def test_only_people_whom_the_viewer_may_see_are_mentions(
    alice: User, bob: User, carol: User
) -> None:
    video = make_video(carol, caption="with @alice. and @bob")
    assert [person.username for person in card_of(video, bob).mentions] == ["alice", "bob"]
    alice.is_active = False
    alice.save()
    card = card_of(video, bob)
    assert [person.username for person in card.mentions] == ["bob"]
    assert "/@alice" not in card.caption_html
    assert "with @alice. and" in card.caption_html


def test_every_feed_says_why(alice: User, bob: User) -> None:
    new, popular, old = (make_video(alice, minutes_ago=60 * hours) for hours in (1, 72, 2000))
    VideoStats.objects.create(video=popular, likes=9)
    assert card_of(new, bob, Mode.FOR_YOU).viewer.reason == "New from @alice"
    assert card_of(popular, bob, Mode.FOR_YOU).viewer.reason == "Popular this week"
    assert card_of(old, bob, Mode.FOR_YOU).viewer.reason == "Something different"
    assert card_of(new, bob, Mode.ALL).viewer.reason == "Picked at random"
    assert card_of(new, bob, Mode.FRIENDS).viewer.reason == "From your friend @alice"
    assert card_of(new, bob).viewer.reason is None
    Follow.objects.create(follower=bob, followed=alice)
    assert card_of(new, bob, Mode.FOR_YOU).viewer.reason == "You follow @alice"
