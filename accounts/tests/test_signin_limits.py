"""A08: guessing is limited, the owner is not locked out."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts import hashers
from accounts.models import User
from accounts.tests.conftest import PASSWORD

URL = "/api/v1/auth/signin"
pytestmark = pytest.mark.usefixtures("strict_limits")


def attempt(client: APIClient, login: str, password: str, ip: str = "198.51.100.1") -> int:
    body = {"email": login, "password": password}
    return client.post(URL, body, REMOTE_ADDR=ip).status_code


def test_the_sixth_failure_is_refused_whatever_the_spelling(alice: User, anon: APIClient) -> None:
    spellings = ["alice", "Alice", " alice@example.com", "ALICE@EXAMPLE.COM", "@alice", "alice "]
    codes = [attempt(anon, login, "wrong") for login in spellings]
    assert codes == [401] * 5 + [429]


def test_a_thousand_addresses_share_the_budget_of_the_account(alice: User, anon: APIClient) -> None:
    codes = [attempt(anon, "alice", "wrong", ip=f"198.51.100.{n}") for n in range(8)]
    assert codes == [401] * 5 + [429] * 3


def test_accounts_that_do_not_exist_are_limited_alike(db: None, anon: APIClient) -> None:
    codes = [attempt(anon, "nobody@example.com", "wrong") for _ in range(6)]
    assert codes == [401] * 5 + [429]


def test_success_costs_nothing_of_the_budget(alice: User, anon: APIClient) -> None:
    codes = [attempt(anon, "alice", PASSWORD) for _ in range(8)]
    assert codes == [200] * 8


def test_one_address_has_a_budget_of_its_own(db: None, anon: APIClient, settings: Any) -> None:
    settings.RATE_BUDGETS = {**settings.RATE_BUDGETS, "signin": (3, 3600)}
    assert [attempt(anon, f"user{n}", "wrong") for n in range(4)] == [401, 401, 401, 429]


def test_forged_forwarding_headers_change_nothing(alice: User, anon: APIClient) -> None:
    codes = [
        anon.post(
            URL, {"email": f"u{n}", "password": "wrong"}, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}"
        ).status_code
        for n in range(61)
    ]
    assert codes[-1] == 429


def test_the_owner_gets_in_from_a_network_used_before(alice: User, anon: APIClient) -> None:
    home = "203.0.113.50"
    assert attempt(anon, "alice", PASSWORD, ip=home) == 200
    for n in range(7):
        attempt(anon, "alice", "wrong", ip=f"198.51.100.{n}")
    assert attempt(anon, "alice", PASSWORD, ip="198.51.100.99") == 429
    assert attempt(anon, "alice", PASSWORD, ip=home) == 200


def test_the_owner_gets_in_with_a_browser_used_before(alice: User, anon: APIClient) -> None:
    browser = Client()
    form = {"login": "alice", "password": PASSWORD}
    assert browser.post("/signin", form).status_code == 302
    browser.post("/signout")
    for n in range(7):
        attempt(anon, "alice", "wrong", ip=f"198.51.100.{n}")
    abroad = "192.0.2.77"
    assert Client().post("/signin", form, REMOTE_ADDR=abroad).status_code == 429
    assert browser.post("/signin", form, REMOTE_ADDR=abroad).status_code == 302


@contextmanager
def running(threads: list[threading.Thread]) -> Iterator[None]:
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def test_at_most_four_hashes_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth.hashers import Argon2PasswordHasher, make_password

    at_once: list[int] = []
    now = 0
    guard = threading.Lock()
    real = Argon2PasswordHasher.encode

    def watched(self: Argon2PasswordHasher, password: str, salt: str) -> str:
        nonlocal now
        with guard:
            now += 1
            at_once.append(now)
        time.sleep(0.02)
        try:
            return real(self, password, salt)
        finally:
            with guard:
                now -= 1

    monkeypatch.setattr(Argon2PasswordHasher, "encode", watched)
    with running([threading.Thread(target=make_password, args=("x",)) for _ in range(12)]):
        pass
    assert len(at_once) == 12
    assert max(at_once) <= hashers.AT_ONCE
