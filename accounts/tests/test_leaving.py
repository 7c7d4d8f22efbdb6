"""Leaving for a while: nothing is seen, nobody is signed in, and the way back is offered."""

import time
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import returning, services
from accounts.devices import Device
from accounts.events import AccountDeactivated
from accounts.models import Session, User
from accounts.tests.conftest import PASSWORD, PHONE, App
from conftest import BrowserOf
from core import events
from core.testing import commit

LEAVE, PAGE = "/api/v1/users/me/deactivate", "/settings/privacy"
LOGIN = {"login": "alice", "password": PASSWORD}


def leave(user: User) -> None:
    services.deactivate(actor=user, password=PASSWORD, device=PHONE)
    commit()


def test_every_device_is_out_and_media_are_dead(alice: User, app: type[App], browser: Any) -> None:
    phone, page = app(alice), browser(alice)
    assert phone.me() == page.get("/api/v1/users/me").status_code == 200
    assert phone.client.post(LEAVE, {"password": PASSWORD}).status_code == 204
    commit()
    assert phone.me() == page.get("/api/v1/users/me").status_code == 401
    token = phone.client.post("/api/v1/auth/refresh", {"refresh": phone.refresh})
    assert token.status_code == 401
    assert not Session.objects.filter(revoked_at=None).exists()
    alice.refresh_from_db()
    assert (alice.is_active, alice.media_epoch) == (False, 1)
    assert alice.deactivated_at is not None


def test_only_with_the_password(alice: User, anon: Any, app: type[App]) -> None:
    assert anon.post(LEAVE, {"password": PASSWORD}).status_code == 401
    wrong = app(alice).client.post(LEAVE, {"password": "wrong"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "password_wrong")
    alice.refresh_from_db()
    assert alice.is_active


def test_guessing_the_password_is_counted(alice: User, app: type[App], strict_limits: None) -> None:
    client = app(alice).client
    codes = [client.post(LEAVE, {"password": f"w{number}"}).status_code for number in range(6)]
    assert codes[-1] == 429


def test_profile_videos_and_comments_are_gone_for_others(
    alice: User, bob: User, browser: BrowserOf
) -> None:
    page = browser(bob)
    assert page.get("/@alice").status_code == 200
    leave(alice)
    for path in ("/@alice", "/api/v1/users/alice", "/api/v1/users/alice/videos"):
        assert page.get(path).status_code == 404, path
    assert page.get("/api/v1/users?search=alice").json()["results"] == []


def test_an_app_is_asked_before_it_returns(alice: User, anon: Any) -> None:
    leave(alice)
    body = {"username": "alice", "password": PASSWORD}
    offer = anon.post("/api/v1/auth/signin", body)
    assert (offer.status_code, offer.json()["code"]) == (403, "account_deactivated")
    wrong = anon.post("/api/v1/auth/signin", {**body, "password": "wrong", "reactivate": True})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "credentials_invalid")
    back = anon.post("/api/v1/auth/signin", {**body, "reactivate": True})
    assert back.status_code == 200
    anon.credentials(HTTP_AUTHORIZATION=f"Bearer {back.json()['access']}")
    assert anon.get("/api/v1/users/me").status_code == 200
    alice.refresh_from_db()
    assert (alice.is_active, alice.deactivated_at) == (True, None)


def test_a_browser_is_asked_before_it_returns(alice: User, browser: BrowserOf) -> None:
    heard: list[object] = []
    events.subscribe(AccountDeactivated, heard.append)
    page = browser(alice)
    form = {"action": "deactivate", "password": PASSWORD}
    wrong = page.post(PAGE, {**form, "password": "wrong"})
    assert list(wrong.context["deactivate_form"].errors) == ["password"]
    assert page.post(PAGE, form)["Location"] == "/signin"
    commit()
    assert page.get(PAGE)["Location"].startswith("/signin")
    assert page.post("/signin", LOGIN)["Location"] == "/signin/return"
    assert b"@alice" in page.get("/signin/return").content
    alice.refresh_from_db()
    assert not alice.is_active
    assert page.post("/signin/return").status_code == 302
    commit()
    assert page.get("/api/v1/users/me").json()["username"] == "alice"
    assert page.get("/signin/return")["Location"] == "/signin"
    assert heard == [AccountDeactivated(alice.pk, True), AccountDeactivated(alice.pk, False)]


def test_the_offer_is_made_to_nobody_else_and_ends(
    alice: User, mod: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(alice)
    page = Client()
    assert page.post("/signin/return")["Location"] == "/signin"
    assert page.post("/signin", {**LOGIN, "password": "wrong"}).status_code == 200
    assert page.get("/signin/return")["Location"] == "/signin"
    page.post("/signin", LOGIN)
    with monkeypatch.context() as later:
        now = time.time()
        later.setattr("time.time", lambda: now + returning.SECONDS + 1)
        assert page.post("/signin/return")["Location"] == "/signin"
    services.set_password(user=alice, password="another long phrase here")
    assert page.post("/signin/return")["Location"] == "/signin"
    alice.refresh_from_db()
    assert not alice.is_active


def test_whoever_is_suspended_meanwhile_stays_out(alice: User, mod: User, anon: Any) -> None:
    leave(alice)
    services.suspend_user(actor=mod, user_id=alice.pk, reason="spam")
    body = {"username": "alice", "password": PASSWORD, "reactivate": True}
    assert anon.post("/api/v1/auth/signin", body).json()["code"] == "account_suspended"
    assert Client().post("/signin", LOGIN)["Location"] == "/account/inactive"
    alice.refresh_from_db()
    assert not alice.is_active


def test_leaving_for_good_offers_nothing(alice: User, anon: Any) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    body = {"username": "alice", "password": PASSWORD, "reactivate": True}
    assert anon.post("/api/v1/auth/signin", body).status_code == 401
    assert services.authenticate(login="alice", password=PASSWORD, device=Device()) is None


def test_a_forgotten_password_can_be_reset_while_away(alice: User, anon: Any, sent: Any) -> None:
    leave(alice)
    anon.post("/api/v1/auth/password/reset", {"email": "alice@example.com"})
    (mail,) = [mail for mail in sent() if mail.to == ["alice@example.com"]]
    key = next(word.split("/")[-1] for word in mail.body.split() if "/password/reset/" in word)
    body = {"key": key, "password": "another long phrase here"}
    assert anon.post("/api/v1/auth/password/reset/confirm", body).status_code == 204
    alice.refresh_from_db()
    assert not alice.is_active
    assert alice.check_password(body["password"])


def test_the_database_keeps_the_two_marks_together(alice: User) -> None:
    leave(alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=alice.pk).update(is_active=True)
