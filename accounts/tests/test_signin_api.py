import pytest
from django.contrib.auth.hashers import make_password
from rest_framework.test import APIClient

from accounts.models import Session, User
from accounts.tests.conftest import PASSWORD

URL = "/api/v1/auth/signin"


@pytest.mark.parametrize(
    "who",
    [
        {"email": "alice@example.com"},
        {"email": " ALICE@Example.com "},
        {"username": "Alice"},
        {"username": "@alice"},
        {"username": "alice@example.com"},
        {"email": "alice"},
    ],
)
def test_address_or_username_in_any_case(alice: User, anon: APIClient, who: dict[str, str]) -> None:
    answer = anon.post(URL, {**who, "password": PASSWORD})
    assert answer.status_code == 200
    assert answer.json()["user"]["id"] == str(alice.pk)
    alice.refresh_from_db()
    assert alice.last_login is not None


def test_the_alias_answers_too(alice: User, anon: APIClient) -> None:
    body = {"email": alice.email, "password": PASSWORD}
    assert anon.post("/api/v1/user/signin", body).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"email": "alice@example.com", "password": "wrong"},
        {"email": "nobody@example.com", "password": PASSWORD},
        {"username": "nobody", "password": PASSWORD},
        {"username": "nul\u0007", "password": PASSWORD},
        {"username": "a" * 200, "password": PASSWORD},
        {"username": "alice", "password": "x" * 900},
        {"username": "alice", "password": f"{PASSWORD} "},
    ],
)
def test_wrong_credentials_have_one_answer(
    alice: User, anon: APIClient, body: dict[str, str]
) -> None:
    answer = anon.post(URL, body)
    assert answer.status_code == 401
    problem = answer.json()
    assert problem["code"] == "credentials_invalid"
    assert problem["detail"] == "These credentials are not correct."
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "body",
    [{}, {"password": PASSWORD}, {"email": "alice@example.com"}, {"email": 1, "password": 2}],
)
def test_missing_fields_are_400_or_401(
    alice: User, anon: APIClient, body: dict[str, object]
) -> None:
    assert anon.post(URL, body).status_code in (400, 401)


def test_a_deactivated_account_looks_like_wrong_credentials(alice: User, anon: APIClient) -> None:
    User.objects.update(is_active=False)
    answer = anon.post(URL, {"email": alice.email, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (401, "credentials_invalid")


def test_a_stale_token_in_the_header_does_not_hinder(alice: User, anon: APIClient) -> None:
    answer = anon.post(
        URL, {"email": alice.email, "password": PASSWORD}, HTTP_AUTHORIZATION="Bearer stale"
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("hasher", ["bcrypt", "bcrypt_sha256"])
@pytest.mark.parametrize("password", [PASSWORD, "đ" * 100])
def test_an_imported_bcrypt_hash_verifies_and_is_renewed(
    alice: User, anon: APIClient, hasher: str, password: str
) -> None:
    User.objects.update(password=make_password(password, hasher=hasher))
    wrong = anon.post(URL, {"email": alice.email, "password": "x" * 100})
    assert wrong.status_code == 401
    answer = anon.post(URL, {"email": alice.email, "password": password})
    assert answer.status_code == 200
    alice.refresh_from_db()
    assert alice.password.startswith("argon2$")
