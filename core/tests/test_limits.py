"""Budgets: exact under concurrency, in the database and in Redis alike."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as django_settings
from django.db import connection
from pytest_django import Settings

from core import limits
from core.errors import RateLimited
from core.ids import uuid7
from core.models import RateBucket


@pytest.fixture(autouse=True)
def exact_budgets(settings: Settings) -> None:
    """Count budgets as declared: the test run multiplies them otherwise."""
    settings.RATE_LIMIT_SCALE = 1.0
    settings.RATE_BUDGETS = {"comment": (5, 3600)}


def spend(subject: str) -> bool:
    """Return whether one call fitted the budget."""
    try:
        limits.consume(budget="comment", subject=subject)
    except RateLimited:
        return False
    return True


@pytest.mark.django_db
def test_the_budget_may_be_spent_at_once_and_no_further() -> None:
    subject = str(uuid7())
    assert [spend(subject) for _ in range(7)] == [True] * 5 + [False] * 2


@pytest.mark.django_db
def test_the_refusal_says_when_to_come_back() -> None:
    subject = str(uuid7())
    for _ in range(5):
        limits.consume(budget="comment", subject=subject)
    with pytest.raises(RateLimited) as refused:
        limits.consume(budget="comment", subject=subject)
    assert 700 <= refused.value.retry_after <= 720


@pytest.mark.django_db
def test_subjects_do_not_share_a_budget() -> None:
    first, second = str(uuid7()), str(uuid7())
    for _ in range(6):
        spend(first)
    assert spend(second)


@pytest.mark.django_db(transaction=True)
def test_a_burst_from_many_threads_does_not_exceed_the_budget() -> None:
    subject = str(uuid7())

    def call(_: int) -> bool:
        try:
            return spend(subject)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(call, range(30))) == 5


@pytest.mark.django_db
def test_redis_away_falls_back_to_the_database(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    limits._client.cache_clear()
    try:
        subject = str(uuid7())
        assert [spend(subject) for _ in range(6)] == [True] * 5 + [False]
    finally:
        limits._client.cache_clear()


@pytest.mark.django_db
def test_idle_buckets_are_forgotten() -> None:
    RateBucket.objects.create(key="old", theoretical_arrival=1.0)
    assert limits.forget_idle() == 1


def test_every_declared_budget_is_a_positive_rate() -> None:
    for calls, seconds in django_settings.RATE_BUDGETS.values():
        assert calls > 0
        assert seconds > 0


def test_a_refund_gives_one_call_back(db: None, settings: Settings) -> None:
    settings.RATE_BUDGETS = {"refundable": (2, 3600)}
    for _ in range(5):
        limits.consume(budget="refundable", subject="a")
        limits.refund(budget="refundable", subject="a")
    limits.consume(budget="refundable", subject="a")
    limits.consume(budget="refundable", subject="a")
    with pytest.raises(RateLimited):
        limits.consume(budget="refundable", subject="a")
    limits.refund(budget="refundable", subject="nobody yet")
