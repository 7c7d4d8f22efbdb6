"""`/studio/<id>`: everything about one's own video, by a form that needs no scripts."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from conftest import BrowserOf
from core.ids import uuid7
from videos import services
from videos.models import Video
from videos.tests.factories import fake_file, ready_video, received, stored_video

pytestmark = pytest.mark.django_db
FORM = {
    "action": "save",
    "caption": "New #words",
    "audience": "friends",
    "allow_comments": "nobody",
    "allow_duet": ["false"],
    "allow_download": ["false", "true"],
    "mature": ["false", "true"],
    "draft": ["false"],
}


def path_of(video: Video) -> str:
    return f"/studio/{video.pk}"


def test_it_shows_what_is_chosen_and_saves_what_is_sent(browser: BrowserOf, alice: User) -> None:
    video, page = stored_video(alice, caption="Old <words>", audience="followers"), browser(alice)
    shown = page.get(path_of(video))
    text = shown.content.decode()
    assert "Old &lt;words&gt;" in text
    assert 'value="followers" checked' in text
    assert shown["Cache-Control"] == "private, no-store"
    saved = page.post(path_of(video), FORM)
    assert (saved.status_code, saved["Location"]) == (302, path_of(video))
    video.refresh_from_db()
    assert (video.caption, video.audience, video.allow_comments) == (
        "New #words",
        "friends",
        "nobody",
    )
    assert (video.allow_duet, video.allow_download, video.mature) == (False, True, True)
    assert video.media_epoch == 1


@pytest.mark.parametrize(
    "change, field",
    [
        ({"caption": "x" * 2201}, "caption"),
        ({"audience": "world"}, "audience"),
        ({"allow_comments": ""}, "allow_comments"),
        ({"publish_at": "soon"}, "publish_at"),
        ({"publish_at": "2999-01-01T10:00"}, "publish_at"),
    ],
)
def test_errors_stand_beside_their_fields(
    browser: BrowserOf, alice: User, change: dict[str, Any], field: str
) -> None:
    video = ready_video(alice, caption="kept")
    answer = browser(alice).post(path_of(video), {**FORM, **change})
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    video.refresh_from_db()
    assert video.caption == "kept"


def test_a_draft_gets_its_moment_in_any_zone(browser: BrowserOf, alice: User) -> None:
    video, page = ready_video(alice, draft=True, published_at=None), browser(alice)
    moment = (timezone.now() + dt.timedelta(days=2)).replace(second=0, microsecond=0)
    hanoi = moment.astimezone(dt.timezone(dt.timedelta(hours=7)))
    page.post(path_of(video), FORM | {"publish_at": hanoi.isoformat()})
    video.refresh_from_db()
    assert video.published_at == video.scheduled_for == moment
    assert moment.strftime('value="%Y-%m-%dT%H:%M"') in page.get(path_of(video)).content.decode()
    page.post(path_of(video), FORM | {"publish_at": moment.strftime("%Y-%m-%dT%H:%M")})
    video.refresh_from_db()
    assert video.published_at == moment


def test_buttons_pin_unpin_and_delete(browser: BrowserOf, alice: User) -> None:
    video, page = ready_video(alice), browser(alice)
    for action, pinned in (("pin", True), ("unpin", False)):
        assert page.post(path_of(video), {"action": action}).status_code == 302
        video.refresh_from_db()
        assert (video.pinned_at is not None) is pinned
    odd = page.post(path_of(video), {"action": "sell"}, follow=True)
    assert "action" in odd.content.decode()
    gone = page.post(path_of(video), {"action": "delete"})
    assert (gone.status_code, gone["Location"]) == (302, "/studio")
    assert page.get(path_of(video)).status_code == 404


def test_a_refused_pin_says_why(browser: BrowserOf, alice: User) -> None:
    for _ in range(3):
        services.pin_video(actor=alice, video_id=ready_video(alice).pk)
    answer = browser(alice).post(path_of(ready_video(alice)), {"action": "pin"}, follow=True)
    assert "Unpin another one first" in answer.content.decode()


def test_nobody_else_gets_in(browser: BrowserOf, alice: User, bob: User) -> None:
    seen, hidden = ready_video(alice), ready_video(alice, audience="only_me")
    for video, status in ((seen, 403), (hidden, 404)):
        assert browser(bob).get(path_of(video)).status_code == status
        assert browser(bob).post(path_of(video), FORM).status_code == status
    assert browser(bob).get(f"/studio/{uuid7()}").status_code == 404
    assert Client().get(path_of(seen))["Location"].startswith("/signin")
    assert not Video.objects.exclude(caption="").exists()


def test_the_studio_shows_one_state_at_a_time(browser: BrowserOf, alice: User) -> None:
    soon = timezone.now() + dt.timedelta(hours=1)
    ready_video(alice, caption="c-published")
    ready_video(alice, caption="c-scheduled", published_at=soon, scheduled_for=soon)
    ready_video(alice, caption="c-drafts", draft=True, published_at=None)
    ready_video(alice, caption="c-unfinished", processing_state="queued", published_at=None)
    ready_video(alice, caption="c-removed", moderation_state="removed")
    page = browser(alice)
    states = ("published", "scheduled", "drafts", "unfinished", "removed")
    for state in states:
        text = page.get(f"/studio?state={state}").content.decode()
        assert [name for name in states if f"c-{name}" in text] == [state]
    assert all(f"c-{name}" in page.get("/studio?state=odd").content.decode() for name in states)


def test_the_upload_form_without_scripts_takes_every_option(
    browser: BrowserOf, alice: User, settings: Any
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    moment = (timezone.now() + dt.timedelta(days=1)).replace(second=0, microsecond=0)
    form: dict[str, Any] = {**FORM, "publish_at": moment.strftime("%Y-%m-%dT%H:%M")}
    form["file"] = SimpleUploadedFile("clip.mp4", fake_file(5_000), "video/mp4")
    assert browser(alice).post("/upload", form).status_code == 302
    video = Video.objects.get()
    assert (video.audience, video.allow_comments, video.scheduled_for) == (
        "friends",
        "nobody",
        moment,
    )
    assert (video.allow_duet, video.allow_download, video.mature, video.draft) == (
        False,
        True,
        True,
        False,
    )


def test_what_the_form_said_comes_back_with_the_error(browser: BrowserOf, alice: User) -> None:
    answer = browser(alice).post("/upload", {**FORM, "publish_at": "soon"})
    assert answer.status_code == 400
    values = answer.context["values"]
    assert (values["caption"], values["mature"], values["allow_duet"]) == (
        "New #words",
        True,
        False,
    )


def test_publishing_by_json_takes_every_option(api: Any, alice: User) -> None:
    body = {"upload_id": str(received(alice, fake_file(5_000)).pk), "draft": True, "mature": True}
    answer = api(alice).post("/api/v1/videos", body | {"allow_duet": False})
    assert answer.status_code == 202
    video = Video.objects.get()
    assert (video.draft, video.mature, video.allow_duet) == (True, True, False)
