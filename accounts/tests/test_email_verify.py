"""A10 for the code of an address."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services.emails import current_code
from accounts.tests.conftest import App
from core.testing import commit

URL = "/api/v1/auth/email/verify"


def test_the_code_of_the_mail_confirms_the_address(alice: User, app: type[App], sent: Any) -> None:
    phone = app(alice)
    assert phone.client.get("/api/v1/users/me").json()["email_verified"] is False
    assert phone.client.post(URL, {}).status_code == 202
    code = sent()[0].subject.split()[2]
    answer = phone.client.post(URL, {"code": code})
    assert (answer.status_code, answer.json()["email_verified"]) == (200, True)


@pytest.mark.parametrize("code", ["000000x", "é", "1", "12345678"])
def test_a_wrong_code_is_400(alice: User, app: type[App], code: str) -> None:
    answer = app(alice).client.post(URL, {"code": code})
    assert (answer.status_code, answer.json()["code"]) == (400, "code_invalid")


def test_codes_belong_to_one_account_and_one_address(alice: User, bob: User) -> None:
    first = current_code(alice)
    alice.email = "elsewhere@example.com"
    assert len({first, current_code(alice), current_code(bob)}) == 3


def test_a_code_is_good_for_half_an_hour_at_most(
    alice: User, app: type[App], time_machine: Any
) -> None:
    time_machine.move_to("2031-05-05 10:00")
    phone, code = app(alice), current_code(alice)
    time_machine.move_to("2031-05-05 10:30:01")
    User.objects.get(pk=alice.pk)
    phone = app(alice)
    assert phone.client.post(URL, {"code": code}).status_code == 400


def test_guessing_is_limited(alice: User, app: type[App], strict_limits: None) -> None:
    phone = app(alice)
    codes = [phone.client.post(URL, {"code": f"x{n}"}).status_code for n in range(11)]
    assert codes == [400] * 10 + [429]


def test_nobody_is_401(db: None) -> None:
    assert APIClient().post(URL, {"code": "123456"}).status_code == 401


def test_where_it_is_mandatory_an_unconfirmed_account_may_look_and_mind_itself(
    alice: User, app: type[App], settings: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    phone = app(alice)
    assert phone.me() == 200
    assert phone.client.patch("/api/v1/users/me", {"name": "A"}).status_code == 200
    refused = phone.client.post("/api/v1/users/alice/follow")
    assert (refused.status_code, refused.json()["code"]) == (403, "email_unverified")
    phone.client.post(URL, {"code": current_code(alice)})
    commit()
    assert phone.client.post("/api/v1/users/alice/follow").status_code != 403


def test_the_link_of_the_page_flow_confirms_too(db: None, sent: Any, settings: Any) -> None:
    client = Client()
    form = {"email": "new@example.com", "password1": "a long enough phrase"}
    assert client.post("/signup", form).status_code == 302
    mail = next(mail for mail in sent() if "/account/verify/" in mail.body)
    path = mail.body.split(settings.PUBLIC_URL)[1].split()[0]
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 302
    assert client.get("/api/v1/users/me").json()["email_verified"] is True
