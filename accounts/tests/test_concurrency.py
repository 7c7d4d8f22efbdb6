"""Races on the real database, one connection per thread, in either mode."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts import services
from accounts.devices import Device
from accounts.models import RefreshToken, Session, User
from accounts.tests.conftest import PASSWORD
from core.errors import Conflict, DomainError

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run `act(n)` in `count` threads that start together; errors are results."""
    barrier = Barrier(count)

    def run(n: int) -> Any:
        try:
            barrier.wait(timeout=120)
            return act(n)
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.fixture
def person(transactional_db: None) -> User:
    return User.objects.create_user("racer", "racer@example.com", PASSWORD)


@pytest.mark.parametrize("count", [2, 20])
def test_concurrent_refreshes_leave_one_child(person: User, count: int) -> None:
    first = services.admit(user=person, device=Device()).tokens.refresh
    pairs = at_once(count, lambda _: services.refresh(token=first, device=Device()))
    assert len({pair.refresh for pair in pairs}) == 1
    assert RefreshToken.objects.count() == 2
    assert Session.objects.get().revoked_at is None
    services.refresh(token=pairs[0].refresh, device=Device())


def test_concurrent_replays_end_the_family_once(person: User) -> None:
    first = services.admit(user=person, device=Device()).tokens.refresh
    second = services.refresh(token=first, device=Device()).refresh
    services.refresh(token=second, device=Device())
    errors = at_once(8, lambda _: services.refresh(token=first, device=Device()))
    assert {error.code for error in errors} == {"refresh_invalid"}
    assert Session.objects.get().revoked_reason == "refresh_reused"
    assert not RefreshToken.objects.filter(revoked_at=None).exists()


def test_one_address_makes_one_account(transactional_db: None) -> None:
    results = at_once(
        6, lambda n: services.sign_up(email="same@example.com", password=PASSWORD, name=f"n{n}")
    )
    assert sum(isinstance(result, User) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 5
    assert User.objects.count() == 1


def test_one_username_goes_to_one_person(person: User) -> None:
    people = [User.objects.create_user(f"p{n}", f"p{n}@example.com", None) for n in range(4)]
    results = at_once(4, lambda n: services.update_profile(actor=people[n], username="wanted"))
    assert sum(isinstance(result, User) for result in results) == 1
    assert {result.code for result in results if isinstance(result, Conflict)} == {"username_taken"}
