"""Clips that answer comments: who may, what is shown of it, and to whom."""

from functools import partial

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from rest_framework.test import APIClient

from accounts import services as accounts
from accounts.models import User
from conftest import ApiOf, BrowserOf
from core import events
from core.errors import Forbidden, NotFound
from core.testing import run_jobs, same_queries
from feed.cards import cards_for
from feed.tests.factories import make_video
from social.engagement import services as engagement
from social.engagement import sheets
from social.engagement.events import CommentAnswered
from social.engagement.models import Comment, VideoReply
from social.graph import services as graph
from videos import services
from videos.models import Video
from videos.tests.factories import clip, posted, received

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def comment(alice: User, carol: User) -> Comment:
    """What carol said below a clip of alice."""
    video = make_video(alice)
    return engagement.add_comment(actor=carol, video_id=video.pk, text="How did you do that?")


def reply(author: User, comment: Comment) -> Video:
    """Return a published clip of rows alone that answers a comment."""
    video = make_video(author, is_reply=True)
    VideoReply.objects.create(video=video, comment=comment)
    return video


def shown(client: APIClient, video: Video) -> object:
    answer = client.get(f"{API}/videos/{video.pk}")
    assert answer.status_code == 200
    return answer.json()["reply_to"]


def test_a_clip_answers_a_comment_by_every_door(
    comment: Comment,
    bob: User,
    api: ApiOf,
    browser: BrowserOf,
    request: pytest.FixtureRequest,
) -> None:
    told: list[CommentAnswered] = []
    events.subscribe(CommentAnswered, told.append)
    request.addfinalizer(lambda: events._subscribers[CommentAnswered].remove(told.append))
    json = {"upload_id": str(received(bob).pk), "reply_to": str(comment.pk)}
    answer = api(bob).post(f"{API}/videos", json)
    assert answer.status_code == 202
    said = answer.json()["reply_to"]
    assert set(said) == {"comment_id", "video_id", "author", "text"}
    assert said["comment_id"] == str(comment.pk)
    assert said["video_id"] == str(comment.video_id)
    assert (said["author"]["username"], said["text"]) == ("carol", "How did you do that?")
    form = {"file": ContentFile(clip(), "a.mp4"), "reply_to": str(comment.pk)}
    answer = api(bob).post(f"{API}/videos", form, format="multipart")
    assert (answer.status_code, answer.json()["reply_to"]["comment_id"]) == (202, str(comment.pk))
    plain = {"file": ContentFile(clip(), "b.mp4"), "reply_to": str(comment.pk), "duet_of": ""}
    assert browser(bob).post("/upload", plain)["Location"] == "/studio"
    assert VideoReply.objects.filter(comment=comment).count() == 3
    # Its author may be told when it is out, not before.
    assert told == []
    run_jobs()
    assert len(told) == 3
    assert {(event.comment_id, event.author_id) for event in told} == {(comment.pk, bob.pk)}


def test_a_repeat_is_the_same_clip_whatever_became_of_the_comment(
    comment: Comment, carol: User, bob: User, api: ApiOf
) -> None:
    json = {"upload_id": str(received(bob).pk), "reply_to": str(comment.pk)}
    first = api(bob).post(f"{API}/videos", json)
    engagement.delete_comment(actor=carol, comment_id=comment.pk)
    again = api(bob).post(f"{API}/videos", json)
    assert (first.json()["id"], again.status_code) == (again.json()["id"], 202)
    assert again.json()["reply_to"] is None


def test_only_whoever_may_comment_there_may_answer_so(
    comment: Comment, alice: User, bob: User, dave: User, carol: User, api: ApiOf
) -> None:
    graph.block(actor=alice, user_id=dave.pk)
    with pytest.raises(NotFound):
        posted(dave, reply_to=comment.pk)
    graph.block(actor=carol, user_id=bob.pk)
    with pytest.raises(NotFound):
        posted(bob, reply_to=comment.pk)
    graph.unblock(actor=carol, user_id=bob.pk)
    services.edit_video(actor=alice, video_id=comment.video_id, allow_comments="friends")
    with pytest.raises(Forbidden) as refusal:
        posted(bob, reply_to=comment.pk)
    assert refusal.value.code == "comments_off"
    assert posted(alice, reply_to=comment.pk).is_reply
    services.edit_video(actor=alice, video_id=comment.video_id, audience="friends")
    upload = str(received(bob).pk)
    hidden = api(bob).post(f"{API}/videos", {"upload_id": upload, "reply_to": str(comment.pk)})
    assert hidden.status_code == 404
    engagement.delete_comment(actor=alice, comment_id=comment.pk)
    with pytest.raises(NotFound):
        posted(alice, reply_to=comment.pk)
    words = api(bob).post(f"{API}/videos", {"caption": "Words", "reply_to": str(comment.pk)})
    assert (words.status_code, list(words.json()["errors"])) == (400, ["reply_to"])
    assert VideoReply.objects.count() == 1


def test_the_sticker_is_there_for_whoever_may_read_the_comment(
    comment: Comment, alice: User, bob: User, carol: User, erin: User, api: ApiOf, anon: APIClient
) -> None:
    video = reply(bob, comment)
    assert shown(anon, video) == shown(api(erin), video) != None  # noqa: E711
    graph.block(actor=erin, user_id=carol.pk)
    assert shown(api(erin), video) is None
    engagement.edit_comment(actor=carol, comment_id=comment.pk, text="Tell me how.")
    said = shown(anon, video)
    assert isinstance(said, dict)
    assert said["text"] == "Tell me how."
    services.edit_video(actor=alice, video_id=comment.video_id, audience="friends")
    assert shown(anon, video) is None
    assert shown(api(alice), video) == said
    services.edit_video(actor=alice, video_id=comment.video_id, audience="everyone")
    assert shown(anon, video) == said
    accounts.set_private(actor=alice, is_private=True)
    assert shown(anon, video) is None
    accounts.set_private(actor=alice, is_private=False)
    engagement.delete_comment(actor=carol, comment_id=comment.pk)
    assert shown(anon, video) is None
    assert shown(api(bob), video) is None


def test_a_comment_leads_to_the_latest_clip_that_its_reader_sees(
    comment: Comment, alice: User, bob: User, erin: User, api: ApiOf, anon: APIClient
) -> None:
    path = f"{API}/videos/{comment.video_id}/comments"
    assert anon.get(path).json()["results"][0]["video_reply"] is None
    first = reply(bob, comment)
    second = reply(erin, comment)
    draft = reply(alice, comment)
    Video.objects.filter(pk=draft.pk).update(draft=True, published_at=None)
    said = anon.get(path).json()["results"][0]["video_reply"]
    assert (said["id"], said["author"]["username"], len(said)) == (str(second.pk), "erin", 2)
    graph.block(actor=alice, user_id=erin.pk)
    Video.objects.filter(pk=draft.pk).delete()
    assert api(alice).get(path).json()["results"][0]["video_reply"]["id"] == str(first.pk)
    services.delete_video(actor=bob, video_id=first.pk)
    assert api(alice).get(path).json()["results"][0]["video_reply"] is None


def test_pages_lead_from_one_to_the_other(
    comment: Comment, bob: User, browser: BrowserOf, client: Client
) -> None:
    page = browser(bob)
    watch = f"/@alice/video/{comment.video_id}"
    offer = f"/upload?reply_to={comment.pk}"
    assert offer in page.get(watch).content.decode()
    form = page.get(offer).content.decode()
    assert f'name="reply_to" value="{comment.pk}"' in form
    assert "How did you do that?" in form
    video = reply(bob, comment)
    text = client.get(f"/@bob/video/{video.pk}").content.decode()
    assert "Replying to @carol" in text
    assert f'href="{watch}?comment={comment.pk}#comments"' in text
    assert f'href="/@bob/video/{video.pk}"' in client.get(watch).content.decode()
    assert "no longer there" in page.get(f"/upload?reply_to={video.pk}").content.decode()


def test_the_comment_that_was_asked_for_leads_and_comes_once(
    comment: Comment, alice: User, bob: User, client: Client
) -> None:
    video = comment.video
    below = engagement.add_comment(actor=bob, video_id=video.pk, text="So.", parent_id=comment.pk)
    for number in range(sheets.PAGE + 1):
        engagement.add_comment(actor=bob, video_id=video.pk, text=f"number-{number}-")
    pinned = engagement.add_comment(actor=bob, video_id=video.pk, text="Pinned.")
    engagement.pin_comment(actor=alice, comment_id=pinned.pk)
    mark = f'id="comment-{comment.pk}"'
    watch = f"/@alice/video/{video.pk}"
    assert mark not in client.get(watch).content.decode()
    for asked in (comment, below):
        first = sheets.sheet(viewer=None, video=video, asked=str(asked.pk))
        assert [row.id for row in first["comments"][:2]] == [comment.pk, pinned.pk]
        rest = client.get(first["next_url"], headers={"HX-Request": "true"}).content.decode()
        assert "number-0-" in rest
        assert mark not in rest
        assert mark in client.get(f"{watch}?comment={asked.pk}").content.decode()
    for wrong in ("x", video.pk):
        assert client.get(f"{watch}?comment={wrong}").status_code == 200


def test_cards_and_comments_cost_the_same_for_two_and_twenty(
    comment: Comment, bob: User, erin: User
) -> None:
    heads = Comment.objects.select_related("author", "video")

    def rows(most: int) -> list[sheets.CommentRow]:
        return sheets.rows_for(list(heads[:most]), viewer=erin)

    with same_queries() as record:
        for size in (2, 18):
            for number in range(size):
                said = engagement.add_comment(
                    actor=erin, video_id=comment.video_id, text=f"{size} {number}"
                )
                reply(bob, said)
            ids = list(VideoReply.objects.values_list("pk", flat=True))
            record(partial(cards_for, ids, viewer=erin))
    with same_queries() as record:
        for most in (3, 20):
            record(partial(rows, most))
