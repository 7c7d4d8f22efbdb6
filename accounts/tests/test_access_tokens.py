"""A05: everything that is not our living token has one answer."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.conf import settings as project
from rest_framework.test import APIClient

from accounts import tokens
from accounts.models import Session, User
from accounts.tests.conftest import App
from core.testing import commit

KEY = project.JWT_SIGNING_KEYS[0]
OTHER = "another-key-" + "y" * 60


def claims(app: App, **changes: Any) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": project.PUBLIC_URL,
        "aud": "toptop-api",
        "sub": str(app.session.user_id),
        "sid": str(app.session.pk),
        "jti": "1",
        "typ": "access",
        "iat": now,
        "exp": now + 600,
    } | changes


def sign(app: App, *, key: str = KEY, alg: str = "HS256", kid: Any = None, **changes: Any) -> str:
    headers = {"kid": tokens.key_id(KEY) if kid is None else kid}
    return jwt.encode(claims(app, **changes), key, algorithm=alg, headers=headers)


def unsigned(app: App, alg: str) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': alg, 'kid': tokens.key_id(KEY)})}.{part(claims(app))}."


BAD: dict[str, Callable[[App], str]] = {
    "no algorithm": lambda app: unsigned(app, "none"),
    "No algorithm, other case": lambda app: unsigned(app, "None"),
    "another algorithm": lambda app: sign(app, alg="HS384"),
    "another key": lambda app: sign(app, key=OTHER),
    "an unknown kid": lambda app: sign(app, kid="0" * 16),
    "a path for a kid": lambda app: sign(app, kid="../../dev/null", key=OTHER),
    "SQL for a kid": lambda app: sign(app, kid="' OR 1=1 --"),
    "an expired one": lambda app: sign(app, exp=int(time.time()) - 31),
    "one of the future": lambda app: sign(app, nbf=int(time.time()) + 600),
    "another audience": lambda app: sign(app, aud="other"),
    "another issuer": lambda app: sign(app, iss="https://elsewhere.example"),
    "another type": lambda app: sign(app, typ="refresh"),
    "no session": lambda app: sign(app, sid=None),
    "an odd session": lambda app: sign(app, sid="../x"),
    "an odd subject": lambda app: sign(app, sub="1"),
    "another subject": lambda app: sign(app, sub="01920000-0000-7000-8000-000000000000"),
    "an unknown session": lambda app: sign(app, sid="01920000-0000-7000-8000-000000000000"),
    "trailing garbage": lambda app: sign(app) + "x",
    "a refresh token": lambda app: app.refresh,
    "rubbish": lambda app: "rubbish",
    "a list of rubbish": lambda app: "a.b.c",
    "a very long one": lambda app: "a" * 5000,
    "two": lambda app: f"{sign(app)} {sign(app)}",
    "nothing": lambda app: " ",
}


def ask(header: str) -> Any:
    return APIClient().get("/api/v1/users/me", HTTP_AUTHORIZATION=header)


@pytest.mark.parametrize("what", BAD)
def test_a_bad_token_is_401(alice: User, app: type[App], what: str) -> None:
    answer = ask(f"Bearer {BAD[what](app(alice))}")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_the_answer_does_not_tell_what_is_wrong(alice: User, app: type[App]) -> None:
    phone = app(alice)
    bodies = set()
    for what, make in BAD.items():
        if what != "nothing":
            body = ask(f"Bearer {make(phone)}").json()
            body.pop("request_id")
            bodies.add(json.dumps(body))
    assert len(bodies) == 1


def test_our_own_claims_are_all_there(alice: User, app: type[App]) -> None:
    raw = tokens.issue_access(user_id=alice.pk, session_id=app(alice).session.pk)
    payload = jwt.decode(raw, options={"verify_signature": False})
    assert set(payload) == {"iss", "aud", "sub", "sid", "jti", "typ", "iat", "exp"}
    assert payload["exp"] - payload["iat"] == 600
    assert jwt.get_unverified_header(raw) == {
        "alg": "HS256",
        "typ": "JWT",
        "kid": tokens.key_id(KEY),
    }


def test_a_good_one_is_good(alice: User, app: type[App]) -> None:
    phone = app(alice)
    assert ask(f"Bearer {sign(phone)}").status_code == 200


def test_keys_rotate_with_overlap(alice: User, app: type[App], settings: Any) -> None:
    phone = app(alice)
    old = tokens.issue_access(user_id=alice.pk, session_id=phone.session.pk)
    settings.JWT_SIGNING_KEYS = [OTHER, KEY]
    new = tokens.issue_access(user_id=alice.pk, session_id=phone.session.pk)
    assert jwt.get_unverified_header(new)["kid"] == tokens.key_id(OTHER)
    assert ask(f"Bearer {old}").status_code == ask(f"Bearer {new}").status_code == 200
    settings.JWT_SIGNING_KEYS = [OTHER]
    assert ask(f"Bearer {old}").status_code == 401
    assert ask(f"Bearer {new}").status_code == 200


def test_a_read_asks_the_database_for_nobody(
    alice: User, app: type[App], django_assert_num_queries: Any
) -> None:
    phone = app(alice)
    url = "/api/v1/auth/sessions"
    assert phone.client.get(url).status_code == 200
    with django_assert_num_queries(1) as captured:  # the list itself
        assert phone.client.get(url).status_code == 200
    assert "accounts_user" not in captured[0]["sql"]


def test_a_revoked_session_is_over_at_once_although_cached(alice: User, app: type[App]) -> None:
    phone, tablet = app(alice), app(alice)
    assert tablet.me() == 200
    url = f"/api/v1/auth/sessions/{tablet.session.pk}"
    assert phone.client.delete(url).status_code == 204
    commit()
    assert tablet.me() == 401
    assert phone.me() == 200


def test_a_write_asks_the_database_itself(alice: User, app: type[App]) -> None:
    """What another process revoked is stale in this cache for 30 s, but only for reads."""
    phone = app(alice)
    assert phone.me() == 200
    Session.objects.update(auth_version=99)
    assert phone.me() == 200
    assert phone.client.patch("/api/v1/users/me", {"name": "X"}).status_code == 401
