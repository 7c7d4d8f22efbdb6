"""Z08, Z09 and the moderator's rows: who may report what, and who may look because of it."""

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from conftest import ApiOf, BrowserOf, make_user
from core.ids import uuid7
from core.testing import commit
from feed.tests.factories import make_video
from moderation.models import Inspection, Report
from social.engagement.services import add_comment
from social.graph.services import block
from videos.models import Video

URL = "/api/v1/reports"


@pytest.fixture
def video(alice: User) -> Video:
    return make_video(alice)


@pytest.fixture
def judge(db: None) -> User:
    """A moderator who is no superuser."""
    user = make_user("judge", is_staff=True)
    rights = ("change_report", "view_report", "change_video", "view_video", "view_comment")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return User.objects.get(pk=user.pk)


def about(kind: str, target: object, **fields: str) -> dict[str, str]:
    return {"target_type": kind, "target_id": str(target), "reason": "spam", **fields}


def test_what_one_sees_can_be_reported_once(
    api: ApiOf, bob: User, alice: User, video: Video
) -> None:
    comment = add_comment(actor=alice, video_id=video.pk, text="hello")
    for kind, target in (("video", video.pk), ("comment", comment.pk), ("user", alice.pk)):
        first = api(bob).post(URL, about(kind, target, detail=" look "), format="json")
        assert first.status_code == 201, first.content
        assert first.json()["detail"] == "look"
        again = api(bob).post(URL, about(kind, target, reason="hate"), format="json")
        assert again.json() == first.json()
    assert Report.objects.count() == 3
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(reporter=bob, target_type="video", target_id=video.pk, reason="hate")


def test_what_one_may_not_see_is_not_found(
    api: ApiOf, alice: User, carol: User, dave: User, video: Video
) -> None:
    hidden = make_video(alice, audience="friends")
    block(actor=alice, user_id=dave.pk)
    unknown = api(carol).post(URL, about("video", uuid7()), format="json")
    assert unknown.status_code == 404
    for viewer, kind, target in (
        (carol, "video", hidden.pk),
        (dave, "video", video.pk),
        (dave, "user", alice.pk),
        (carol, "comment", uuid7()),
        (carol, "video", "1"),
    ):
        answer = api(viewer).post(URL, about(kind, target), format="json")
        assert answer.status_code == 404
        assert answer.json()["code"] == unknown.json()["code"]
    assert not Report.objects.exists()


def test_bad_reports_say_why(api: ApiOf, alice: User, bob: User, video: Video) -> None:
    for body in (
        about("video", video.pk, reason="because"),
        about("city", video.pk),
        about("video", video.pk, detail="x" * 1001),
        {},
    ):
        answer = api(bob).post(URL, body, format="json")
        assert (answer.status_code, bool(answer.json()["errors"])) == (400, True)
    own = api(alice).post(URL, about("video", video.pk), format="json")
    assert (own.status_code, own.json()["code"]) == (400, "own")


def test_z09_moderators_look_only_at_what_is_reported(
    api: ApiOf, alice: User, erin: User, bob: User, judge: User, video: Video
) -> None:
    hidden = make_video(alice, audience="friends")
    url = f"/api/v1/moderation/videos/{hidden.pk}"
    closed = api(judge).get(url)
    assert (closed.status_code, closed.json()["code"]) == (403, "no_report")
    assert api(bob).get(url).json()["code"] == "not_moderator"
    assert api(judge).get(f"/api/v1/videos/{hidden.pk}").status_code == 404
    Report.objects.create(reporter=erin, target_type="video", target_id=hidden.pk, reason="hate")
    assert api(judge).get(url).json()["id"] == str(hidden.pk)
    written = Inspection.objects.get()
    assert (written.moderator, written.target_id) == (judge, hidden.pk)
    assert api(judge).get(f"/api/v1/videos/{hidden.pk}").status_code == 404
    assert api(judge).get(f"/api/v1/moderation/videos/{uuid7()}").status_code == 404
    assert api(judge).get(f"/api/v1/moderation/videos/{video.pk}").status_code == 200
    assert Inspection.objects.count() == 1


def test_the_admin_shows_moderators_what_is_public_or_reported(
    browser: BrowserOf, alice: User, erin: User, judge: User, mod: User, video: Video
) -> None:
    hidden = make_video(alice, audience="friends", caption="among friends")
    said = add_comment(actor=alice, video_id=hidden.pk, text="a secret")
    client, place = browser(judge), "/admin/videos/video/"
    page = f"{place}{hidden.pk}/change/"
    assert str(video.pk) in client.get(place).content.decode()
    assert str(hidden.pk) not in client.get(place).content.decode()
    assert client.get(page).status_code == 302
    comments = "/admin/engagement/comment/"
    assert "a secret" not in client.get(comments).content.decode()
    assert browser(mod).get(page).status_code == 200
    commit()
    assert Inspection.objects.filter(moderator=mod).count() == 1
    for kind, target in (("video", hidden.pk), ("comment", said.pk)):
        Report.objects.create(reporter=erin, target_type=kind, target_id=target, reason="hate")
    assert client.get(page).status_code == 200
    commit()
    assert Inspection.objects.filter(moderator=judge).count() == 1
    assert "a secret" in client.get(comments).content.decode()


def test_decisions_are_one_click(
    browser: BrowserOf, alice: User, bob: User, erin: User, mod: User, video: Video
) -> None:
    comment = add_comment(actor=alice, video_id=video.pk, text="rude")
    targets = {"video": video.pk, "comment": comment.pk, "user": alice.pk}
    reports = {
        (person.username, kind): Report.objects.create(
            reporter=person, target_type=kind, target_id=target, reason="hate"
        )
        for person in (bob, erin)
        for kind, target in targets.items()
    }
    decide(browser(mod), "remove", reports["bob", "video"], reports["bob", "comment"])
    decide(browser(mod), "suspend", reports["bob", "user"])
    video.refresh_from_db()
    comment.refresh_from_db()
    alice.refresh_from_db()
    assert video.moderation_state == "removed"
    assert comment.text == ""
    assert alice.is_suspended
    # Whoever else waited for the same decision has it too.
    assert set(Report.objects.values_list("outcome", "closed_by")) == {("acted", mod.pk)}


def test_dismissed_reports_can_be_made_again(
    browser: BrowserOf, api: ApiOf, bob: User, mod: User, video: Video
) -> None:
    api(bob).post(URL, about("video", video.pk), format="json")
    decide(browser(mod), "dismiss", Report.objects.get())
    video.refresh_from_db()
    assert video.moderation_state == "visible"
    assert Report.objects.get().outcome == "dismissed"
    api(bob).post(URL, about("video", video.pk), format="json")
    assert Report.objects.filter(outcome="").count() == 1


def test_z10_moderators_do_not_act_on_the_staff(browser: BrowserOf, bob: User, mod: User) -> None:
    boss, judge = make_user("boss", is_staff=True, is_superuser=True), make_user("j", is_staff=True)
    rights = Permission.objects.filter(codename__in=("change_report", "view_report", "change_user"))
    judge.user_permissions.set(rights)
    report = Report.objects.create(
        reporter=bob, target_type="user", target_id=boss.pk, reason="spam"
    )
    decide(browser(judge), "suspend", report)
    boss.refresh_from_db()
    report.refresh_from_db()
    assert not boss.is_suspended
    assert report.outcome == ""


def test_the_page_takes_a_report(browser: BrowserOf, bob: User, alice: User, video: Video) -> None:
    client, url = browser(bob), f"/report/video/{video.pk}"
    assert "What is wrong?" in client.get(url).content.decode()
    refused = client.post(url, {"reason": "", "detail": "<b>kept</b>"})
    assert refused.status_code == 400
    assert "&lt;b&gt;kept" in refused.content.decode()
    done = client.post(url, {"reason": "spam", "detail": "", "next": "//evil.example/"})
    assert (done.status_code, done["Location"]) == (303, "/")
    assert Report.objects.get().reporter == bob
    assert browser(alice).post(url, {"reason": "spam"}).status_code == 400
    assert client.get(f"/report/video/{uuid7()}").status_code == 404
    assert client.get(f"/report/city/{video.pk}").status_code == 404


def decide(client: Client, action: str, *reports: Report) -> None:
    chosen = {"action": action, "_selected_action": [str(report.pk) for report in reports]}
    assert client.post("/admin/moderation/report/", chosen).status_code == 302
