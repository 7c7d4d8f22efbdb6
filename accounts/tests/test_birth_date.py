"""The birth date: asked without a hint, told once, corrected by moderators only."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import ages, services
from accounts.events import AgeCorrected
from accounts.models import User
from conftest import ApiOf, BrowserOf
from core import events
from core.errors import Forbidden, Invalid
from core.testing import commit

SIGNUP = {"email": "new@example.com", "password": "a long enough phrase"}


def born(years: int, days: int = 0) -> dt.date:
    """Return a birth date `years` and `days` ago."""
    today = timezone.localdate()
    return today.replace(year=today.year - years, day=min(today.day, 28)) - dt.timedelta(days=days)


@pytest.mark.parametrize("years, status", [(12, 400), (13, 201)])
def test_thirteen_is_old_enough_to_sign_up(db: None, anon: Any, years: int, status: int) -> None:
    answer = anon.post("/api/v1/auth/signup", {**SIGNUP, "birth_date": str(born(years))})
    assert answer.status_code == status
    assert User.objects.count() == (status == 201)
    if status == 400:
        assert "13" not in answer.json()["detail"]
        assert answer.json()["errors"] == {"birth_date": ["This account cannot be made."]}


def test_the_page_asks_too_and_refuses_beside_the_field(db: None) -> None:
    page = Client()
    assert b'name="birth_date"' in page.get("/signup").content
    form = {"email": SIGNUP["email"], "username": "", "password1": SIGNUP["password"]}
    refused = page.post("/signup", {**form, "birth_date": str(born(12))})
    assert list(refused.context["form"].errors) == ["birth_date"]
    assert not User.objects.exists()
    assert page.post("/signup", {**form, "birth_date": str(born(30))}).status_code == 302
    assert User.objects.get().birth_date == born(30)


def test_it_may_be_left_out(db: None, anon: Any) -> None:
    assert anon.post("/api/v1/auth/signup", SIGNUP).status_code == 201
    assert User.objects.get().birth_date is None


def test_it_is_told_once(api: ApiOf, browser: BrowserOf, alice: User) -> None:
    client, date = api(alice), str(born(17))
    assert client.patch("/api/v1/users/me", {"birth_date": date}).status_code == 200
    assert client.patch("/api/v1/users/me", {"birth_date": date}).status_code == 200
    for other in (str(born(40)), None):
        refused = client.patch("/api/v1/users/me", {"birth_date": other, "name": "Older"})
        assert (refused.status_code, refused.json()["code"]) == (409, "birth_date_set")
    page = browser(alice)
    page.post("/settings/account", {"action": "birth_date", "birth_date": str(born(40))})
    assert b'name="birth_date"' not in page.get("/settings/account").content
    alice.refresh_from_db()
    assert (alice.birth_date, alice.name) == (born(17), "Alice")


def test_a_moderator_corrects_it_and_what_it_opened_shuts(alice: User, mod: User) -> None:
    heard: list[object] = []
    events.subscribe(AgeCorrected, heard.append)
    services.update_profile(actor=alice, birth_date=born(30))
    services.update_settings(actor=alice, show_mature=True)
    services.correct_birth_date(actor=mod, user_id=alice.pk, birth_date=born(15))
    commit()
    alice.refresh_from_db()
    assert (alice.birth_date, alice.show_mature) == (born(15), False)
    assert heard == [AgeCorrected(alice.pk, is_adult=False)]
    services.correct_birth_date(actor=mod, user_id=alice.pk, birth_date=born(18))
    commit()
    assert heard[1:] == [AgeCorrected(alice.pk, is_adult=True)]


def test_only_moderators_correct_it_and_within_reason(alice: User, bob: User, mod: User) -> None:
    with pytest.raises(Forbidden):
        services.correct_birth_date(actor=bob, user_id=alice.pk, birth_date=born(20))
    with pytest.raises(Invalid):
        services.correct_birth_date(actor=mod, user_id=alice.pk, birth_date=born(3))


def test_the_admin_corrects_it_through_the_service(
    browser: BrowserOf, alice: User, mod: User
) -> None:
    services.update_profile(actor=alice, birth_date=born(30))
    services.update_settings(actor=alice, show_mature=True)
    page, path = browser(mod), f"/admin/accounts/user/{alice.pk}/change/"
    sessions = {f"device_sessions-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    answer = page.post(path, {"birth_date": str(born(16)), **sessions})
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert (alice.birth_date, alice.show_mature) == (born(16), False)


@pytest.mark.parametrize(
    "birth, today, years",
    [("2008-03-01", "2026-03-01", 18), ("2008-03-02", "2026-03-01", 17),
     ("2008-02-29", "2026-02-28", 17), ("2008-02-29", "2026-03-01", 18)],
)  # fmt: skip
def test_years_are_counted_from_the_birthday(birth: str, today: str, years: int) -> None:
    now = dt.date.fromisoformat(today)
    assert ages.years(dt.date.fromisoformat(birth), now) == years
    assert ages.is_adult(dt.date.fromisoformat(birth), now) is (years >= 18)
    assert not ages.is_adult(None, now)
