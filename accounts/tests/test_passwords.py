"""A04: a changed password ends every other session."""

import re
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts import services
from accounts.devices import Device
from accounts.models import User
from accounts.tests.conftest import PASSWORD, App
from core.testing import commit

NEW = "another long phrase here"
CHANGE = "/api/v1/auth/password/change"
RESET = "/api/v1/auth/password/reset"


def test_changing_it_keeps_this_device_and_ends_the_others(
    alice: User, app: type[App], browser: Any, sent: Any
) -> None:
    phone, tablet, page = app(alice), app(alice), browser(alice)
    assert (tablet.me(), page.get("/api/v1/users/me").status_code) == (200, 200)
    body = {"current_password": PASSWORD, "new_password": NEW}
    answer = phone.client.post(CHANGE, body)
    assert (answer.status_code, answer.json()) == (200, {"ended_sessions": 2})
    commit()
    assert phone.me() == 200
    assert tablet.me() == 401
    assert page.get("/api/v1/users/me").status_code == 401
    refresh = "/api/v1/auth/refresh"
    assert APIClient().post(refresh, {"refresh": tablet.refresh}).status_code == 401
    assert APIClient().post(refresh, {"refresh": phone.refresh}).status_code == 200
    signin = {"email": alice.email, "password": NEW}
    assert APIClient().post("/api/v1/auth/signin", signin).status_code == 200
    assert "password was changed" in sent()[0].subject


@pytest.mark.parametrize(
    "body, field",
    [
        ({"current_password": "wrong", "new_password": NEW}, "current_password"),
        ({"current_password": PASSWORD, "new_password": "short"}, "new_password"),
        ({"current_password": PASSWORD, "new_password": "x" * 129}, "new_password"),
        ({"current_password": PASSWORD}, "new_password"),
        ({"new_password": NEW}, "current_password"),
    ],
)
def test_what_is_wrong_names_its_field(
    alice: User, app: type[App], body: dict[str, str], field: str
) -> None:
    phone, tablet = app(alice), app(alice)
    answer = phone.client.post(CHANGE, body)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert tablet.me() == 200


def test_guessing_the_current_one_is_limited(
    alice: User, app: type[App], strict_limits: None
) -> None:
    phone = app(alice)
    body = {"current_password": "wrong", "new_password": NEW}
    codes = [phone.client.post(CHANGE, body).status_code for _ in range(6)]
    assert codes == [400] * 5 + [429]


def test_changing_it_needs_somebody(db: None) -> None:
    assert APIClient().post(CHANGE, {}).status_code == 401


def key_of(mail: Any) -> str:
    found = re.search(r"key instead: (\S+)", mail.body)
    assert found
    return found.group(1)


def test_a_forgotten_one_is_reset_by_mail(alice: User, app: type[App], sent: Any) -> None:
    phone = app(alice)
    answer = APIClient().post(RESET, {"email": " Alice@example.com"})
    assert (answer.status_code, answer.json()) == (202, {"status": "reset_sent"})
    (mail,) = sent()
    assert mail.to == [alice.email]
    key = key_of(mail)
    confirm = {"key": key, "password": NEW}
    assert APIClient().post(f"{RESET}/confirm", confirm).status_code == 204
    commit()
    assert phone.me() == 401
    assert services.authenticate(login="alice", password=NEW, device=Device()) == alice
    again = APIClient().post(f"{RESET}/confirm", {"key": key, "password": "yet another phrase"})
    assert (again.status_code, again.json()["code"]) == (400, "reset_key_invalid")


def test_the_link_leads_to_public_url_whatever_the_host_header(
    alice: User, sent: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    APIClient().post(RESET, {"email": alice.email}, HTTP_HOST="evil.example")
    Client().post("/password/reset", {"email": alice.email}, HTTP_HOST="evil.example")
    mails = sent()
    assert len(mails) == 2
    for mail in mails:
        assert settings.PUBLIC_URL in mail.body
        assert "evil" not in mail.body


def test_the_link_opens_a_page_that_sets_it(alice: User, sent: Any, settings: Any) -> None:
    client = Client()
    answer = client.post("/password/reset", {"email": alice.email})
    assert answer.status_code == 302
    (mail,) = sent()
    found = re.search(r"https?://\S+", mail.body)
    assert found
    path = found.group().removeprefix(settings.PUBLIC_URL)
    form = client.get(path, follow=True)
    assert form.status_code == 200
    where = form.redirect_chain[-1][0]
    done = client.post(where, {"password1": NEW, "password2": NEW})
    assert done.status_code == 302
    assert services.authenticate(login="alice", password=NEW, device=Device()) == alice


@pytest.mark.parametrize(
    "key", ["", "x", "-", "a-b", "01920000000070008000000000000000-abc", "é-é", "1" * 199]
)
def test_odd_keys_are_400(alice: User, key: str) -> None:
    answer = APIClient().post(f"{RESET}/confirm", {"key": key, "password": NEW})
    assert answer.status_code == 400


def test_a_weak_new_one_leaves_the_key_good(alice: User, sent: Any) -> None:
    APIClient().post(RESET, {"email": alice.email})
    key = key_of(sent()[0])
    weak = APIClient().post(f"{RESET}/confirm", {"key": key, "password": "short"})
    assert (weak.status_code, weak.json()["code"]) == (400, "password_weak")
    good = APIClient().post(f"{RESET}/confirm", {"key": key, "password": NEW})
    assert good.status_code == 204


def test_the_key_is_good_for_an_hour(alice: User, sent: Any, time_machine: Any) -> None:
    time_machine.move_to("2031-05-05 10:00")
    APIClient().post(RESET, {"email": alice.email})
    key = key_of(sent()[0])
    time_machine.move_to("2031-05-05 11:00:02")
    assert services.passwords.user_of_reset_key(key) is None


def test_resetting_is_limited_by_mailbox(db: None, strict_limits: None) -> None:
    codes = [
        APIClient().post(RESET, {"email": "a@example.com"}, REMOTE_ADDR=f"10.0.0.{n}").status_code
        for n in range(6)
    ]
    assert codes == [202] * 5 + [429]
