"""`users/me/settings` and `/settings/privacy`: one set of settings, effective at once."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts import services
from accounts.models import User
from conftest import ApiOf, BrowserOf
from core.errors import Invalid

PATH, PAGE = "/api/v1/users/me/settings", "/settings/privacy"
BORN = dt.date(1990, 5, 4)
OPEN = {"who_may_message": "everyone", "who_may_comment": "everyone"}


def adult(user: User) -> User:
    services.update_profile(actor=user, birth_date=BORN)
    return user


def test_they_are_read_and_changed_in_part(api: ApiOf, alice: User) -> None:
    client = api(alice)
    shown = {
        "is_private": False,
        "who_may_message": "everyone",
        "who_may_comment": "everyone",
        "found_by_email": False,
        "show_mature": False,
        "adult": False,
    }
    assert client.get(PATH).json() == shown
    answer = client.patch(PATH, {"who_may_comment": "friends", "found_by_email": True})
    assert answer.status_code == 200
    shown |= {"who_may_comment": "friends", "found_by_email": True}
    assert answer.json() == client.get(PATH).json() == shown


def test_nobody_signed_in_has_none(anon: Any) -> None:
    assert anon.get(PATH).status_code == anon.patch(PATH, {}).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"who_may_comment": "followers"},
        {"who_may_message": "aliens"},
        {"is_private": "maybe"},
        {"show_mature": True},
    ],
)
def test_odd_values_change_nothing(api: ApiOf, alice: User, change: dict[str, Any]) -> None:
    answer = api(alice).patch(PATH, {"found_by_email": True, **change})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == list(change)
    alice.refresh_from_db()
    assert not alice.found_by_email


def test_a_setting_that_is_none_is_refused(alice: User) -> None:
    with pytest.raises(Invalid):
        services.update_settings(actor=alice, is_staff=True)


def test_going_private_ends_media_urls_and_the_rest_does_not(api: ApiOf, alice: User) -> None:
    api(alice).patch(PATH, {"found_by_email": True, "who_may_comment": "nobody"})
    alice.refresh_from_db()
    assert alice.media_epoch == 0
    api(alice).patch(PATH, {"is_private": True})
    alice.refresh_from_db()
    assert (alice.is_private, alice.media_epoch) == (True, 1)


@pytest.mark.parametrize("years, status", [(17, 400), (18, 200)])
def test_mature_videos_are_for_adults(api: ApiOf, alice: User, years: int, status: int) -> None:
    today = timezone.localdate()
    born = today.replace(year=today.year - years, day=min(today.day, 28))
    services.update_profile(actor=alice, birth_date=born)
    answer = api(alice).patch(PATH, {"show_mature": True})
    assert answer.status_code == status
    if status == 400:
        assert answer.json()["code"] == "age_required"
        assert "18" not in answer.json()["detail"]
    alice.refresh_from_db()
    assert alice.show_mature is (status == 200)


def test_found_by_email_opens_and_closes_at_once(api: ApiOf, alice: User, bob: User) -> None:
    path = "/api/v1/users/alice@example.com"
    for found, status in ((True, 200), (False, 404)):
        api(alice).patch(PATH, {"found_by_email": found})
        answer = api(bob).get(path)
        assert answer.status_code == status
        assert b"alice@example.com" not in answer.content


def test_the_page_saves_what_it_shows(browser: BrowserOf, alice: User) -> None:
    page = browser(adult(alice))
    assert page.get(PAGE).status_code == 200
    form = {
        "action": "save",
        "is_private": "on",
        "who_may_message": "friends",
        "who_may_comment": "nobody",
        "show_mature": "on",
    }
    assert page.post(PAGE, form).status_code == 302
    alice.refresh_from_db()
    assert (alice.is_private, alice.who_may_comment) == (True, "nobody")
    assert alice.who_may_message == "friends"
    assert (alice.found_by_email, alice.show_mature) == (False, True)
    page.post(PAGE, {"action": "save", **OPEN})
    alice.refresh_from_db()
    assert (alice.is_private, alice.who_may_comment, alice.show_mature) == (
        False,
        "everyone",
        False,
    )


def test_the_page_offers_mature_videos_to_adults_only(browser: BrowserOf, alice: User) -> None:
    page = browser(alice)
    assert b"show_mature" not in page.get(PAGE).content
    page.post(PAGE, {"action": "save", **OPEN, "show_mature": "on"})
    alice.refresh_from_db()
    assert not alice.show_mature
    assert b"show_mature" in browser(adult(alice)).get(PAGE).content


def test_the_page_says_what_is_wrong(browser: BrowserOf, alice: User) -> None:
    page = browser(alice)
    refused = page.post(PAGE, {"action": "save", **OPEN, "who_may_comment": "aliens"})
    assert (refused.status_code, b"form-errors" in refused.content) == (400, True)
    assert page.post(PAGE, {"action": "rob"}).status_code == 404
