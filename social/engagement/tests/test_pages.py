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


def test_the_repost_button_and_the_tab(
    browser: BrowserOf, client: Client, video: Video, bob: User, carol: User
) -> None:
    url = f"/videos/{video.pk}/repost"
    on = browser(bob).post(url, {"on": "1"}, headers=HTMX)
    assert 'aria-pressed="true"' in on.content.decode()
    assert "toast" in on["HX-Trigger"]
    for visitor in (client, browser(bob), browser(carol)):
        assert str(video.pk) in visitor.get("/@bob/reposts").content.decode()
    Video.objects.update(audience="friends")
    assert str(video.pk) not in client.get("/@bob/reposts").content.decode()
    off = browser(bob).post(url, {"on": "0"})
    assert off.status_code == 404
    bob.is_private = True
    bob.save()
    Video.objects.update(audience="everyone")
    assert str(video.pk) not in browser(carol).get("/@bob/reposts").content.decode()


def test_saving_offers_a_collection(browser: BrowserOf, video: Video, bob: User) -> None:
    client, sheet = browser(bob), f"/videos/{video.pk}/collections"
    saved = client.post(f"/videos/{video.pk}/save", {"on": "1"}, headers=HTMX)
    assert sheet in saved["HX-Trigger"]
    made = client.post(sheet, {"name": "By <b>the sea"}, headers=HTMX).content.decode()
    assert "By &lt;b&gt;the sea" in made
    assert f'id="save-form-{video.pk}" hx-swap-oob="true"' in made
    shelf = bob.collections.get()
    assert shelf.items.get().video_id == video.pk
    out = client.post(sheet, {"collection_id": shelf.pk, "on": "0"}, headers=HTMX)
    assert 'aria-pressed="true"' not in out.content.decode().split("save-form")[0]
    taken = client.post(sheet, {"name": "by <b>the sea"}, headers=HTMX)
    assert taken.status_code == 409
    assert "toast" in taken["HX-Trigger"]
    plain = client.post(sheet, {"collection_id": shelf.pk, "on": "1"})
    assert (plain.status_code, plain["Location"]) == (303, sheet)
    assert "<html" in client.get(sheet).content.decode()


def test_the_pages_of_collections(browser: BrowserOf, video: Video, bob: User, carol: User) -> None:
    client = browser(bob)
    assert client.get("/collections").status_code == 200
    made = client.post("/collections", {"name": "Sea"})
    page = made["Location"]
    for name in ("sea", "", "x" * 61):
        refused = client.post("/collections", {"name": name})
        assert refused.status_code in (400, 409)
        assert "field__error" in refused.content.decode()
    client.post(f"/videos/{video.pk}/collections", {"name": "Sky"})
    assert client.get(page).status_code == 200
    assert client.post(page, {"action": "rename", "name": "Deep sea"}).status_code == 302
    client.post(page, {"action": "rename", "name": "SKY"})
    assert {one.name for one in bob.collections.all()} == {"Deep sea", "Sky"}
    assert client.post(page, {"action": "burn"}).status_code == 404
    for method in (browser(carol).get, browser(carol).post):
        assert method(page, {"action": "delete"}).status_code == 404
    assert client.post(page, {"action": "delete"})["Location"] == "/collections"
    assert client.get(page).status_code == 404


def test_who_likes_it(browser: BrowserOf, client: Client, video: Video, bob: User) -> None:
    browser(bob).post(f"/videos/{video.pk}/like", {"on": "1"})
    url = f"/videos/{video.pk}/likes"
    assert "@bob" in client.get(url).content.decode()
    fragment = client.get(url, headers=HTMX).content.decode()
    assert "@bob" in fragment
    assert "<html" not in fragment


def test_marks_on_comments(browser: BrowserOf, video: Video, alice: User, bob: User) -> None:
    first, second = (make_comment(video, bob, text) for text in ("One", "Two"))
    author, writer = browser(alice), browser(bob)
    liked = author.post(f"/comments/{first.pk}/like", {"on": "1"}, headers=HTMX)
    assert 'aria-pressed="true"' in liked.content.decode()
    sheet = author.post(f"/comments/{first.pk}/pin", {"on": "1"}, headers=HTMX).content.decode()
    assert sheet.index("One") < sheet.index("Two")
    assert "Pinned" in sheet
    assert "Liked by creator" in sheet
    assert writer.post(f"/comments/{second.pk}/pin", {"on": "1"}, headers=HTMX).status_code == 403
    edited = writer.post(f"/comments/{second.pk}/edit", {"text": "<i>2</i>"}, headers=HTMX)
    assert "&lt;i&gt;2&lt;/i&gt;" in edited.content.decode()
    assert "edited" in edited.content.decode()
    assert author.post(f"/comments/{second.pk}/edit", {"text": "x"}).status_code == 403
    assert second.revisions.get().text == "Two"
    back = author.post(f"/comments/{first.pk}/pin", {"on": "0"})
    assert (back.status_code, back["Location"]) == (303, f"/@alice/video/{video.pk}")
