"""Themes that break the rules: reported by who sees them, looked at, and taken from every room."""

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from chat import selectors, services
from chat.models import Conversation, ConversationEvent, Theme, ThemeLayer
from chat.tests.factories import make_dm, make_group, make_theme
from conftest import ApiOf, BrowserOf, make_user
from core.errors import Forbidden, NotFound
from core.testing import commit
from moderation.models import Inspection, Report

URL, API = "/api/v1/reports", "/api/v1/themes"


@pytest.fixture
def judge(db: None) -> User:
    """A moderator who is no superuser."""
    user = make_user("judge", is_staff=True)
    rights = ("change_report", "view_report", "view_theme", "delete_theme")
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return User.objects.get(pk=user.pk)


def about(theme: Theme) -> dict[str, str]:
    return {"target_type": "theme", "target_id": str(theme.pk), "reason": "hate"}


def test_who_sees_a_theme_may_report_it(
    api: ApiOf, browser: BrowserOf, alice: User, bob: User, carol: User, dave: User
) -> None:
    open_one, worn, private = (
        make_theme(alice, published=True),
        make_theme(alice, name="Worn"),
        make_theme(alice, name="Private"),
    )
    room = make_dm(alice, bob)
    services.set_room_theme(actor=alice, conversation_id=room.pk, theme_id=worn.pk)
    for viewer, theme, status in (
        (carol, open_one, 201),
        (bob, worn, 201),
        (carol, worn, 404),
        (bob, private, 404),
        (alice, open_one, 400),
    ):
        assert api(viewer).post(URL, about(theme), format="json").status_code == status
    first = api(carol).post(URL, about(open_one), format="json").json()
    assert Report.objects.filter(target_id=open_one.pk).count() == 1
    assert first["target_type"] == "theme"
    # From the gallery to the form and back.
    link = f"/report/theme/{open_one.pk}"
    assert link in browser(dave).get("/messages/themes").content.decode()
    assert link not in browser(alice).get("/messages/themes").content.decode()
    page = f"{link}?next=/messages/themes"
    assert "Report this theme" in browser(dave).get(page).content.decode()
    sent = browser(dave).post(page, {"reason": "spam", "next": "/messages/themes"})
    assert sent["Location"] == "/messages/themes"
    assert browser(carol).get(f"/report/theme/{private.pk}").status_code == 404


def test_a_removed_theme_leaves_the_gallery_and_the_rooms(
    api: ApiOf, browser: BrowserOf, alice: User, bob: User, carol: User, judge: User
) -> None:
    theme, other = make_theme(alice, published=True), make_theme(alice, published=True, name="Ok")
    ThemeLayer.objects.create(theme=theme, position=0, key="x", width=1, height=1, speed=0)
    pair, group = make_dm(alice, bob), make_group(bob, carol)
    for actor, room in ((alice, pair), (bob, group)):
        services.set_room_theme(actor=actor, conversation_id=room.pk, theme_id=theme.pk)
    api(carol).post(URL, about(theme), format="json")
    report = Report.objects.get()
    queue = browser(judge).get("/admin/moderation/report/").content.decode()
    assert f"/admin/chat/theme/{theme.pk}/change/" in queue
    chosen = {"action": "remove", "_selected_action": [str(report.pk)]}
    assert browser(judge).post("/admin/moderation/report/", chosen).status_code == 302
    report.refresh_from_db()
    assert (report.outcome, report.closed_by) == ("acted", judge)
    # Before its job has run: nobody is shown it any more, in whatever way they ask.
    assert [one["name"] for one in api(carol).get(API).json()["results"]] == ["Ok"]
    assert [one["name"] for one in api(alice).get(f"{API}?mine=true").json()["results"]] == ["Ok"]
    for viewer in (alice, bob):
        assert api(viewer).get(f"{API}/{theme.pk}").status_code == 404
        assert browser(viewer).get(f"/messages/themes/{theme.pk}/0.webp").status_code == 404
        assert api(viewer).get(f"/api/v1/conversations/{pair.pk}").json()["theme"] is None
    assert browser(alice).get(f"/messages/{pair.pk}").status_code == 200
    path = f"/api/v1/conversations/{pair.pk}/theme"
    assert api(alice).put(path, {"theme_id": theme.pk}).status_code == 404
    assert api(alice).patch(f"{API}/{theme.pk}", {"published": True}).status_code == 404
    with pytest.raises(IntegrityError), transaction.atomic():
        Theme.objects.filter(pk=theme.pk).update(published_at=timezone.now())
    # Room by room, however often it is begun again.
    assert services.removed_ids() == [theme.pk]
    assert not services.take_off(theme.pk, limit=1)
    assert Theme.objects.get(pk=theme.pk).uses == 1
    assert services.take_off(theme.pk)
    assert services.take_off(theme.pk)
    assert not Theme.objects.filter(pk=theme.pk).exists()
    assert not Conversation.objects.filter(theme_id=theme.pk).exists()
    for room in (pair, group):
        last = ConversationEvent.objects.filter(conversation=room).latest("event_seq")
        assert (last.type, last.payload) == ("conv.update", {"theme": None})
    assert services.removed_ids() == []
    assert Theme.objects.get() == other


def test_only_moderators_remove(alice: User, bob: User, judge: User, mod: User) -> None:
    theme = make_theme(alice, published=True)
    plain = make_user("helper", is_staff=True)
    for actor in (alice, bob, plain):
        with pytest.raises(Forbidden):
            services.remove_theme(actor=actor, theme_id=theme.pk)
    with pytest.raises(NotFound):
        services.remove_theme(actor=judge, theme_id="x")
    services.remove_theme(actor=judge, theme_id=theme.pk)
    with pytest.raises(NotFound):
        services.remove_theme(actor=mod, theme_id=theme.pk)
    with pytest.raises(NotFound):
        selectors.usable_theme(user=alice, theme_id=theme.pk)


def test_moderators_look_at_the_gallery_and_at_what_is_reported(
    browser: BrowserOf, alice: User, bob: User, judge: User
) -> None:
    shown, hidden = make_theme(alice, published=True, name="Shown"), make_theme(alice, name="Own")
    client, place = browser(judge), "/admin/chat/theme/"
    page, picture = f"{place}{hidden.pk}/change/", f"/messages/themes/{hidden.pk}/0.webp"
    listed = client.get(place).content.decode()
    assert str(shown.pk) in listed
    assert str(hidden.pk) not in listed
    assert client.get(page).status_code == 302
    assert not selectors.reviewable_themes(judge).filter(pk=hidden.pk).exists()
    Report.objects.create(reporter=bob, target_type="theme", target_id=hidden.pk, reason="hate")
    assert client.get(page).status_code == 200
    commit()
    written = Inspection.objects.get()
    assert (written.moderator, written.target_type, written.target_id) == (
        judge,
        "theme",
        hidden.pk,
    )
    assert client.get(f"{place}{shown.pk}/change/").status_code == 200
    commit()
    assert Inspection.objects.count() == 1
    assert selectors.shown_theme(user=judge, theme_id=hidden.pk) == hidden
    assert browser(bob).get(picture).status_code == 404
    with pytest.raises(NotFound):
        selectors.shown_theme(user=bob, theme_id=hidden.pk)
