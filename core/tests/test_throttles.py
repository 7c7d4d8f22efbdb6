"""Fair use: so many calls a minute, counted at the same price whoever calls how often."""

from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from core.http.throttles import FairUseThrottle

User = get_user_model()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: object) -> list[float]:
    settings.RATE_BUDGETS = {"overall": (10, 60), "anonymous": (4, 60)}  # type: ignore[attr-defined]
    settings.RATE_LIMIT_SCALE = 1  # type: ignore[attr-defined]
    now = [6_000_000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    return now


def call(user: AbstractBaseUser | AnonymousUser) -> FairUseThrottle | None:
    """Make one call; return the throttle that refused it."""
    request = Request(APIRequestFactory().get("/"))
    request.user = user  # type: ignore[assignment]
    throttle = FairUseThrottle()
    return None if throttle.allow_request(request, APIView()) else throttle


def allowed(user: AbstractBaseUser | AnonymousUser, calls: int) -> int:
    return sum(call(user) is None for _ in range(calls))


def test_a_person_has_a_budget_of_their_own(clock: list[float]) -> None:
    first, second = User(pk=uuid4()), User(pk=uuid4())
    assert allowed(first, 12) == 10
    assert allowed(second, 12) == 10


def test_strangers_of_one_address_share_a_smaller_one(clock: list[float]) -> None:
    assert allowed(AnonymousUser(), 6) == 4


def test_the_window_slides(clock: list[float]) -> None:
    user = User(pk=uuid4())
    assert allowed(user, 10) == 10
    clock[0] += 61  # all but a second of the last window still weighs
    assert allowed(user, 5) == 0
    clock[0] += 58
    assert allowed(user, 3) == 3


def test_a_refusal_says_how_long_to_wait(clock: list[float]) -> None:
    user = User(pk=uuid4())
    allowed(user, 10)
    clock[0] += 20
    refused = call(user)
    assert refused is not None
    assert refused.wait() == 40
