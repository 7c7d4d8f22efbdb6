"""Suspended accounts: 403 everywhere, at once; who may suspend whom."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts import services
from accounts.events import UserSuspended
from accounts.models import Session, User
from accounts.tests.conftest import PASSWORD, App
from core import events
from core.errors import DomainError, Forbidden, NotFound
from core.testing import commit


def suspend(mod: User, user: User) -> None:
    services.suspend_user(actor=mod, user_id=user.pk, reason="spam")
    commit()


@pytest.mark.parametrize(
    "method, path",
    [
        ("get", "users/me"),
        ("patch", "users/me"),
        ("get", "auth/sessions"),
        ("post", "auth/password/change"),
        ("post", "auth/email/verify"),
        ("put", "users/alice"),
    ],
)
def test_bearer_and_cookie_are_403(
    alice: User, mod: User, app: type[App], browser: Any, method: str, path: str
) -> None:
    phone, page = app(alice), browser(alice)
    assert phone.me() == page.get("/api/v1/users/me").status_code == 200
    suspend(mod, alice)
    for client in (phone.client, page):
        answer = getattr(client, method)(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "account_suspended")


def test_signing_out_is_still_possible(alice: User, mod: User, app: type[App]) -> None:
    phone = app(alice)
    suspend(mod, alice)
    assert phone.client.post("/api/v1/auth/signout").status_code == 204


def test_pages_say_so(alice: User, mod: User, browser: Any) -> None:
    page = browser(alice)
    suspend(mod, alice)
    for path in ("/settings/profile", "/settings/account"):
        answer = page.get(path)
        assert answer.status_code == 403
        assert "suspended" in answer.content.decode()
    assert page.post("/signout").status_code == 302


def test_signing_in_says_so_only_with_the_right_password(alice: User, mod: User) -> None:
    suspend(mod, alice)
    url = "/api/v1/auth/signin"
    right = APIClient().post(url, {"email": alice.email, "password": PASSWORD})
    assert (right.status_code, right.json()["code"]) == (403, "account_suspended")
    wrong = APIClient().post(url, {"email": alice.email, "password": "wrong"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "credentials_invalid")


def test_it_is_lifted_at_once(alice: User, mod: User, app: type[App]) -> None:
    phone = app(alice)
    suspend(mod, alice)
    assert phone.me() == 403
    services.unsuspend_user(actor=mod, user_id=alice.pk, reason="appeal")
    commit()
    assert phone.me() == 200
    alice.refresh_from_db()
    assert (alice.suspended_at, alice.suspended_reason, alice.media_epoch) == (None, "", 2)


def test_those_above_hear_once(alice: User, mod: User) -> None:
    heard: list[UserSuspended] = []
    events.subscribe(UserSuspended, heard.append)
    suspend(mod, alice)
    suspend(mod, alice)
    mine = [event for event in heard if event.user_id == alice.pk]
    assert [event.suspended for event in mine] == [True]


@pytest.mark.parametrize("verb", [services.suspend_user, services.unsuspend_user])
def test_only_staff_may_and_not_to_each_other(alice: User, bob: User, mod: User, verb: Any) -> None:
    staff = User.objects.create_user("helper", "helper@example.com", None, is_staff=True)
    cases: list[tuple[User, Any, type[DomainError]]] = [
        (bob, alice.pk, Forbidden),
        (staff, mod.pk, Forbidden),
        (mod, mod.pk, Forbidden),
        (mod, "01920000-0000-7000-8000-000000000000", NotFound),
    ]
    for actor, user_id, error in cases:
        with pytest.raises(error):
            verb(actor=actor, user_id=user_id, reason="x")
    verb(actor=staff, user_id=alice.pk, reason="x")
    verb(actor=mod, user_id=staff.pk, reason="x")


def test_staff_sign_people_out(alice: User, bob: User, mod: User, app: type[App]) -> None:
    phone = app(alice)
    with pytest.raises(Forbidden):
        services.sign_out_user(actor=bob, user_id=alice.pk)
    assert services.sign_out_user(actor=mod, user_id=alice.pk) == 1
    commit()
    assert phone.me() == 401
    assert Session.objects.get().revoked_reason == "moderator"


def test_roles_are_a_superusers_to_give(alice: User, bob: User, mod: User) -> None:
    marks = {"is_verified": True, "is_staff": True, "is_superuser": False}
    with pytest.raises(Forbidden):
        services.set_roles(actor=bob, user_id=alice.pk, **marks)
    services.set_roles(actor=mod, user_id=alice.pk, **marks)
    alice.refresh_from_db()
    assert marks.items() <= vars(alice).items()
