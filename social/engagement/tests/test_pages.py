from django.test import Client

from accounts.models import User
from conftest import BrowserOf
from social.engagement.tests.factories import make_comment, make_video, stats
from social.graph import services as graph
from videos.models import Video

HTMX = {"HX-Request": "true"}


def test_like_and_save_buttons(browser: BrowserOf, video: Video, bob: User) -> None:
    client = browser(bob)
    for name in ("like", "save"):
        url = f"/videos/{video.pk}/{name}"
        on = client.post(url, {"on": "1"}, headers=HTMX)
        assert on.status_code == 200
        assert 'aria-pressed="true"' in on.content.decode()
        off = client.post(url, {"on": "0"}, headers=HTMX)
        assert 'aria-pressed="false"' in off.content.decode()
    assert stats(video) == (0, 0, 0)


def test_plain_forms_go_back(browser: BrowserOf, video: Video, bob: User) -> None:
    client = browser(bob)
    watch = f"/@alice/video/{video.pk}"
    answer = client.post(f"/videos/{video.pk}/like", {"on": "1"})
    assert (answer.status_code, answer["Location"]) == (303, watch)
    answer = client.post(f"/videos/{video.pk}/comments", {"text": "x"})
    assert (answer.status_code, answer["Location"]) == (303, watch)
    comment = video.comments.get()
    answer = client.post(f"/comments/{comment.pk}/delete", {"next": "//evil.example"})
    assert (answer.status_code, answer["Location"]) == (303, watch)
    assert stats(video) == (1, 0, 0)


def test_sheet_page_and_rest(client: Client, video: Video, bob: User) -> None:
    for number in range(23):
        make_comment(video, bob, f"number-{number}-")
    url = f"/videos/{video.pk}/comments"
    sheet = client.get(url, headers=HTMX)
    text = sheet.content.decode()
    assert sheet.status_code == 200
    assert "number-22-" in text
    assert "number-2-" not in text
    assert "23" in text
    cursor = video.comments.get(text="number-3-").pk
    assert f"{url}?cursor={cursor}" in text
    rest = client.get(f"{url}?cursor={cursor}", headers=HTMX).content.decode()
    assert "number-2-" in rest
    assert "number-3-" not in rest
    assert "<html" in client.get(url).content.decode()
    assert client.get(f"{url}?cursor=7", headers=HTMX).status_code == 400


def test_comment_reply_and_delete(browser: BrowserOf, video: Video, alice: User, bob: User) -> None:
    client = browser(bob)
    url = f"/videos/{video.pk}/comments"
    added = client.post(url, {"text": "<i>hello</i>", "parent_id": ""}, headers=HTMX)
    assert added.status_code == 200
    assert "&lt;i&gt;hello" in added.content.decode()
    head = video.comments.get()
    reply = client.post(url, {"text": "again", "parent_id": str(head.pk)}, headers=HTMX)
    assert reply.status_code == 200
    replies = client.get(f"/comments/{head.pk}/replies", headers=HTMX)
    assert "again" in replies.content.decode()
    gone = browser(alice).post(f"/comments/{head.pk}/delete", headers=HTMX).content.decode()
    assert "This comment was deleted." in gone
    assert "hello" not in gone
    last = video.comments.get(text="again")
    gone = client.post(f"/comments/{last.pk}/delete", headers=HTMX).content.decode()
    assert "<li" not in gone
    assert stats(video) == (0, 0, 0)


def test_refusals(
    browser: BrowserOf, client: Client, video: Video, alice: User, bob: User, dave: User
) -> None:
    graph.block(actor=alice, user_id=dave.pk)
    comment = make_comment(video, bob)
    closed = make_video(author=alice, allow_comments="nobody")
    hidden = browser(dave)
    paths = [f"/videos/{video.pk}/{name}" for name in ("like", "save", "comments")]
    for path in [*paths, f"/comments/{comment.pk}/delete"]:
        body = {"on": "1", "text": "x"}
        assert hidden.post(path, body, headers=HTMX).status_code == 404, path
        assert client.post(path, body, headers=HTMX).status_code == 401, path
    for path in (f"/videos/{video.pk}/comments", f"/comments/{comment.pk}/replies"):
        assert hidden.get(path, headers=HTMX).status_code == 404
    person = browser(bob)
    off = person.post(f"/videos/{closed.pk}/comments", {"text": "x"}, headers=HTMX)
    assert off.status_code == 403
    assert "comment" in off["HX-Trigger"]
    assert (
        person.post(f"/videos/{video.pk}/comments", {"text": " "}, headers=HTMX).status_code == 400
    )
    assert person.get(f"/videos/{video.pk}/like").status_code == 405
    assert stats(video) == (0, 1, 0)
