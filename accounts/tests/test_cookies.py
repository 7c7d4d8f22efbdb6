"""A11, A15, A16: the browser's session."""

import io
from typing import Any

import pytest
from django.conf import settings as project
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import services
from accounts.models import Session, User
from accounts.tests.conftest import PASSWORD, App
from core.testing import commit

ME = "/api/v1/users/me"


def sign_in(client: Client, login: str = "alice") -> Any:
    answer = client.post("/signin", {"login": login, "password": PASSWORD})
    commit()
    return answer


def test_signing_in_opens_a_device_session(alice: User) -> None:
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Firefox/140")
    assert sign_in(client).status_code == 302
    session = Session.objects.get()
    assert (session.user_id, session.kind) == (alice.pk, "browser")
    assert client.session["device_session"] == str(session.pk)
    assert client.get(ME).status_code == 200


def test_the_session_id_changes_at_sign_in(alice: User) -> None:
    client = Client()
    client.get("/signin")
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies[project.SESSION_COOKIE_NAME] = planted = session.session_key or ""
    sign_in(client)
    assert client.cookies[project.SESSION_COOKIE_NAME].value != planted


def test_a_revoked_device_is_signed_out_at_once(alice: User, browser: Any) -> None:
    client = browser(alice)
    assert client.get(ME).status_code == 200
    services.end_sessions([Session.objects.get().pk], reason="revoked")
    commit()
    assert client.get(ME).status_code == 401
    assert client.get("/settings/profile").status_code == 302


@pytest.mark.parametrize("change", ["expired", "outdated", "deactivated", "gone", "unknown"])
def test_a_device_session_that_is_not_good_is_nobody(
    alice: User, browser: Any, change: str
) -> None:
    client = browser(alice)
    if change == "expired":
        Session.objects.update(expires_at=timezone.now())
    elif change == "outdated":
        User.objects.update(auth_version=7)
    elif change == "deactivated":
        User.objects.update(is_active=False)
    elif change == "gone":
        Session.objects.all().delete()
    else:
        session = client.session
        del session["device_session"]
        session.save()
    for key in Session.objects.values_list("pk", flat=True):
        cache.delete(f"principal:{key}")
    if change == "gone":
        session = client.session
        cache.delete(f"principal:{session['device_session']}")
    assert client.get(ME).status_code == 401


@pytest.mark.parametrize("key", ['"abcdefgh\\000"', "../../etc/passwd", "é" * 32, "x" * 5000])
def test_an_odd_session_cookie_is_nobody(db: None, key: str) -> None:
    client = Client(HTTP_COOKIE=f"{project.SESSION_COOKIE_NAME}={key}")
    assert client.get(ME).status_code == 401
    assert client.get("/settings/profile").status_code == 302


def test_signing_out_by_page_ends_the_device(alice: User, browser: Any) -> None:
    client = browser(alice)
    assert client.post("/signout").status_code == 302
    commit()
    assert Session.objects.get().revoked_reason == "signed_out"
    assert client.get(ME).status_code == 401


def test_signing_in_again_replaces_the_device(alice: User) -> None:
    client = Client()
    sign_in(client)
    client.force_login(alice)
    alive = Session.objects.filter(revoked_at=None)
    assert [str(session.pk) for session in alive] == [client.session["device_session"]]


def test_signing_out_by_api_ends_the_cookie_too(alice: User, browser: Any) -> None:
    client = browser(alice)
    assert client.post("/api/v1/auth/signout").status_code == 204
    commit()
    assert client.get(ME).status_code == 401


def test_cookies_are_for_http_only_and_same_site(alice: User) -> None:
    client = Client()
    sign_in(client)
    for name in (project.SESSION_COOKIE_NAME, "known"):
        morsel = client.cookies[name]
        assert morsel["httponly"]
        assert morsel["samesite"] == "Lax"
        assert morsel["path"] == "/"
        assert not morsel["domain"]


def test_a_change_by_cookie_needs_the_csrf_header(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    patch: dict[str, Any] = {"data": {"name": "X"}, "content_type": "application/json"}
    refused = client.patch(ME, **patch)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    client.get("/settings/profile")
    token = client.cookies[project.CSRF_COOKIE_NAME].value
    assert client.patch(ME, **patch, HTTP_X_CSRFTOKEN=token).status_code == 200
    foreign = client.patch(ME, **patch, HTTP_X_CSRFTOKEN=token, HTTP_ORIGIN="https://evil.example")
    assert foreign.status_code == 403
    assert client.get(ME).status_code == 200


def test_the_form_field_is_no_csrf_token_and_the_body_is_not_read(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    client.get("/settings/profile")
    token = client.cookies[project.CSRF_COOKIE_NAME].value
    read: list[int] = []

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            read.append(size or 0)
            return super().read(size)

    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n--x--'
    )
    answer = client.post(
        "/api/v1/auth/signout",
        body,
        content_type="multipart/form-data; boundary=x",
        **{"wsgi.input": Watched(body.encode())},  # type: ignore[arg-type]
    )
    assert answer.status_code == 403
    assert read == []


def test_bearer_needs_no_csrf(alice: User, app: type[App]) -> None:
    client = APIClient(enforce_csrf_checks=True)
    phone = app(alice)
    client.credentials(HTTP_AUTHORIZATION=phone.bearer)
    assert client.patch(ME, {"name": "X"}).status_code == 200


def test_beside_a_cookie_the_bearer_wins(alice: User, bob: User, app: type[App]) -> None:
    client = APIClient()
    client.force_login(alice)
    client.credentials(HTTP_AUTHORIZATION=app(bob).bearer)
    assert client.get(ME).json()["username"] == "bob"
    client.credentials(HTTP_AUTHORIZATION="Bearer not.a.token")
    assert client.get(ME).status_code == 401


def test_the_admin_door_is_the_same_sign_in(mod: User) -> None:
    answer = Client().get("/admin/login/?next=/admin/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/signin")


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "javascript:alert(1)"]
)
def test_sign_in_leads_nowhere_else(alice: User, target: str) -> None:
    form = {"login": "alice", "password": PASSWORD, "next": target}
    answer = Client().post("/signin", form)
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_sign_in_returns_to_where_it_was_asked(alice: User) -> None:
    form = {"login": "alice", "password": PASSWORD, "next": "/settings/profile"}
    assert Client().post("/signin", form)["Location"] == "/settings/profile"


def test_wrong_credentials_by_page_have_one_answer(alice: User) -> None:
    pages = []
    for login in ("alice@example.com", "nobody@example.com"):
        answer = Client().post("/signin", {"login": login, "password": "wrong"})
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "not correct" in text
        pages.append(answer.context["form"].errors.as_json())
    assert pages[0] == pages[1]
