"""A07: nobody learns who has an account here."""

import statistics
import time
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.conftest import PASSWORD
from core.testing import commit, purge_jobs

KNOWN, UNKNOWN = "alice@example.com", "nobody@example.com"


def bare(answer: Any) -> tuple[int, dict[str, Any], set[str]]:
    body = answer.json()
    body.pop("request_id", None)
    return answer.status_code, body, set(answer.headers)


@pytest.mark.parametrize(
    "path, body",
    [
        ("auth/signin", {"password": "a wrong password"}),
        ("auth/password/reset", {}),
    ],
)
def test_the_answers_are_equal(alice: User, path: str, body: dict[str, str]) -> None:
    client = APIClient()
    known, unknown = (
        bare(client.post(f"/api/v1/{path}", {**body, "email": email})) for email in (KNOWN, UNKNOWN)
    )
    assert known == unknown


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_where_addresses_are_confirmed_signing_up_answers_alike(
    alice: User, email: str, settings: Any, sent: Any
) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    body = {"email": email, "password": "a long enough phrase"}
    answer = APIClient().post("/api/v1/auth/signup", body)
    assert bare(answer)[:2] == (202, {"status": "verification_sent"})
    assert len(sent()) == 1


def test_a_failing_mail_server_tells_nothing(alice: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "no.such.Backend"
    for email in (KNOWN, UNKNOWN):
        assert APIClient().post("/api/v1/auth/password/reset", {"email": email}).status_code == 202
        assert Client().post("/password/reset", {"email": email}).status_code == 302
    purge_jobs()


def test_sign_in_takes_as_long_for_nobody(alice: User) -> None:
    """A hash is 30 ms, everything else together far less: without one it would show."""
    client = APIClient()
    times: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for _ in range(15):
        for email, taken in times.items():
            start = time.process_time()
            client.post("/api/v1/auth/signin", {"email": email, "password": f"no {PASSWORD}"})
            taken.append(time.process_time() - start)
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert 0.5 < known / unknown < 2
    commit()
