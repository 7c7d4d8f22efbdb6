from io import StringIO

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from accounts.events import UserSignedUp
from accounts.models import RefreshToken, Session, User
from core import events
from core.testing import commit

URL = "/api/v1/auth/signup"
GOOD = {"email": "New.Person@Example.com ", "password": "a long enough phrase"}


def test_a_new_account_is_signed_in_at_once(db: None, anon: APIClient) -> None:
    answer = anon.post(URL, {**GOOD, "username": "New.Person", "name": "Người Mới"})
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"access", "refresh", "user"}
    assert body["user"]["username"] == "new.person"
    assert body["user"]["name"] == "Người Mới"
    assert body["user"]["email"] == "new.person@example.com"
    me = anon.get("/api/v1/users/me", HTTP_AUTHORIZATION=f"Bearer {body['access']}")
    assert me.json()["id"] == body["user"]["id"]
    assert Session.objects.get().kind == Session.Kind.APP


def test_the_alias_of_the_original_notes_is_the_same_verb(db: None, anon: APIClient) -> None:
    assert anon.post("/api/v1/user/signup", GOOD).status_code == 201
    assert anon.post("/api/v1/user/signup/", GOOD).status_code == 409


def test_a_username_is_made_up_when_none_is_given(db: None, anon: APIClient) -> None:
    answer = anon.post(URL, GOOD)
    username = answer.json()["user"]["username"]
    assert username.startswith("newperson")
    assert username.removeprefix("newperson").isdigit()


def test_the_password_is_kept_as_argon2id_only(db: None, anon: APIClient) -> None:
    anon.post(URL, GOOD)
    assert User.objects.get().password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_no_live_token_lies_in_the_database(db: None, anon: APIClient) -> None:
    body = anon.post(URL, GOOD, headers={"Idempotency-Key": "once"}).json()
    dump = StringIO()
    call_command("dumpdata", stdout=dump)
    raw = body["refresh"].encode()
    assert body["access"] not in dump.getvalue()
    assert body["refresh"] not in dump.getvalue()
    assert GOOD["password"] not in dump.getvalue()
    assert raw not in bytes(RefreshToken.objects.get().hash)


@pytest.mark.parametrize(
    "change, field",
    [
        ({"email": "no-address"}, "email"),
        ({"email": ""}, "email"),
        ({"email": "a" * 400 + "@example.com"}, "email"),
        ({"email": "nul\x00@example.com"}, "email"),
        ({"email": ["a@example.com"]}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "password1234"}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"username": "a"}, "username"),
        ({"username": "has space"}, "username"),
        ({"username": "admin"}, "username"),
        ({"name": "zero\u200bwidth"}, "name"),
        ({"birth_date": "2999-01-01"}, "birth_date"),
        ({"birth_date": "yesterday"}, "birth_date"),
    ],
)
def test_each_rule_names_its_field(
    db: None, anon: APIClient, change: dict[str, object], field: str
) -> None:
    answer = anon.post(URL, GOOD | change)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not User.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "null", "1", '"x"', "{", '{"email": {}}', "\x00"])
def test_malformed_bodies_are_400(db: None, anon: APIClient, body: str) -> None:
    answer = anon.generic("POST", URL, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_fields_that_are_not_offered_are_ignored(db: None, anon: APIClient) -> None:
    more = {"is_staff": True, "is_superuser": True, "is_verified": True, "id": 1, "auth_version": 9}
    assert anon.post(URL, GOOD | more).status_code == 201
    user = User.objects.get()
    assert [user.is_staff, user.is_superuser, user.is_verified] == [False] * 3
    assert user.auth_version == 0


def test_names_and_addresses_are_unique_in_any_case(alice: User, anon: APIClient) -> None:
    same_email = anon.post(URL, GOOD | {"email": "ALICE@example.com"})
    assert (same_email.status_code, same_email.json()["code"]) == (409, "email_taken")
    for name in ("Alice", "ＡＬＩＣＥ", "@alice"):
        answer = anon.post(URL, GOOD | {"username": name})
        assert (answer.status_code, answer.json()["code"]) == (409, "username_taken")
    lookalike = anon.post(URL, GOOD | {"username": "аlice"})  # Cyrillic а
    assert lookalike.status_code == 400


def test_others_hear_of_a_new_account(db: None, anon: APIClient) -> None:
    heard: list[UserSignedUp] = []
    events.subscribe(UserSignedUp, heard.append)
    anon.post(URL, GOOD)
    commit()
    assert [event.user_id for event in heard] == [User.objects.get().pk]


def test_signing_up_is_limited_by_address(
    db: None, anon: APIClient, strict_limits: None, settings: object
) -> None:
    settings.RATE_BUDGETS = {**settings.RATE_BUDGETS, "signup": (2, 3600)}  # type: ignore[attr-defined]
    codes = [anon.post(URL, GOOD | {"email": f"p{n}@example.com"}).status_code for n in range(3)]
    assert codes == [201, 201, 429]
    blocked = anon.post("/api/v1/user/signup", GOOD)
    assert blocked.status_code == 429
    assert int(blocked["Retry-After"]) > 0
    elsewhere = anon.post(URL, GOOD, REMOTE_ADDR="198.51.100.9")
    assert elsewhere.status_code == 201
