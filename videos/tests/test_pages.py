"""The studio, the status API and the admin."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf, BrowserOf
from core.errors import Forbidden, NotFound
from core.testing import same_queries
from videos import services
from videos.models import ProcessingJob, Video
from videos.tests.factories import fake_file, posted, ready_video, received, stored_video

pytestmark = pytest.mark.django_db


def failed_video(author: User) -> Video:
    video = posted(author, fake_file(5_000))
    ProcessingJob.objects.update(state="failed")
    Video.objects.filter(pk=video.pk).update(
        processing_state="failed", error_code="corrupt", error_detail="The file is damaged."
    )
    return video


def test_the_studio_shows_every_state_but_others_videos(
    browser: BrowserOf, alice: User, bob: User
) -> None:
    ready_video(alice, caption="ready one")
    failed_video(alice)
    ready_video(bob, caption="of bob")
    text = browser(alice).get("/studio").content.decode()
    assert "ready one" in text
    assert "The file is damaged." in text
    assert "of bob" not in text
    assert browser(bob).get("/studio").status_code == 200


def test_the_studio_costs_the_same_for_two_and_twenty(browser: BrowserOf, alice: User) -> None:
    page = browser(alice)
    page.get("/studio")
    with same_queries() as record:
        for _ in range(2):
            stored_video(alice)
        record(lambda: page.get("/studio"))
        for _ in range(16):
            stored_video(alice)
        record(lambda: page.get("/studio"))


def test_delete_and_retry_by_button(browser: BrowserOf, alice: User) -> None:
    page, video = browser(alice), failed_video(alice)
    form = {"action": "retry", "video_id": str(video.pk)}
    row = page.post("/studio", form, headers={"HX-Request": "true"})
    assert row.status_code == 200
    assert f"row-{video.pk}" in row.content.decode()
    again = page.post("/studio", form, headers={"HX-Request": "true"})
    assert again.status_code == 409
    assert "HX-Trigger" in again
    gone = page.post(
        "/studio", {"action": "delete", "video_id": str(video.pk)}, headers={"HX-Request": "true"}
    )
    assert (gone.status_code, gone.content) == (200, b"")
    assert Video.objects.get().deleted_at is not None
    plain = page.post("/studio", {"action": "delete", "video_id": "nonsense"})
    assert (plain.status_code, plain["Location"]) == (302, "/studio")


def test_status_fragment_is_the_owners(browser: BrowserOf, alice: User, bob: User) -> None:
    video = posted(alice, fake_file(5_000))
    assert browser(alice).get(f"/videos/{video.pk}/status").status_code == 200
    assert browser(bob).get(f"/videos/{video.pk}/status").status_code == 404


def test_status_and_retry_by_api(api: ApiOf, alice: User, bob: User, anon: APIClient) -> None:
    video = failed_video(alice)
    url = f"/api/v1/videos/{video.pk}"
    answer = api(alice).get(f"{url}/status")
    assert answer.json() == {
        "processing_state": "failed",
        "progress": 0.0,
        "error": {"code": "corrupt", "detail": "The file is damaged."},
    }
    assert answer["Cache-Control"] == "private, no-store"
    assert api(bob).get(f"{url}/status").status_code == 404
    assert anon.get(f"{url}/status").status_code == 401
    assert api(bob).post(f"{url}/retry").status_code == 404
    retried = api(alice).post(f"{url}/retry")
    assert (retried.status_code, retried.json()["processing_state"]) == (202, "queued")
    assert api(alice).post(f"{url}/retry").json()["code"] == "not_failed"
    assert api(alice).get("/api/v1/videos/nonsense/status").status_code == 404


def test_others_may_see_a_video_but_not_its_status(api: ApiOf, alice: User, bob: User) -> None:
    video = ready_video(alice)
    answer = api(bob).get(f"/api/v1/videos/{video.pk}/status")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_owner")


def test_the_admin_lists_searches_removes_and_restores(
    browser: BrowserOf, mod: User, alice: User
) -> None:
    video, page = stored_video(alice, caption="needle"), browser(mod)
    received(alice, fake_file(5_000))
    posted(alice, fake_file(5_000))
    for path in ("video", "upload", "processingjob"):
        assert page.get(f"/admin/videos/{path}/").status_code == 200
    found = page.get("/admin/videos/video/?q=needle").content.decode()
    assert "cover.jpg" in found
    assert page.get(f"/admin/videos/video/{video.pk}/change/").status_code == 200
    assert page.get(f"/admin/videos/video/?q={video.pk}").status_code == 200
    chosen = {"_selected_action": [str(video.pk)]}
    page.post("/admin/videos/video/", {"action": "remove", **chosen})
    video.refresh_from_db()
    assert (video.moderation_state, video.media_epoch) == ("removed", 1)
    page.post("/admin/videos/video/", {"action": "restore", **chosen})
    video.refresh_from_db()
    assert video.moderation_state == "visible"


def test_removing_is_for_moderators(alice: User, bob: User) -> None:
    video = ready_video(alice)
    with pytest.raises(Forbidden):
        services.remove_video(actor=bob, video_id=video.pk, reason="mine")
    hidden = ready_video(alice, audience="only_me")
    with pytest.raises(NotFound):
        services.remove_video(actor=bob, video_id=hidden.pk, reason="mine")
