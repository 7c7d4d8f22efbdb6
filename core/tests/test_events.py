"""Events are delivered after commit, and one failing subscriber harms nobody."""

from dataclasses import dataclass

import pytest
from django.db import transaction

from core import events, testing


@dataclass(frozen=True)
class Happened:
    """A test's event."""

    number: int


@pytest.mark.django_db
def test_delivered_after_commit_only() -> None:
    heard: list[int] = []
    events.subscribe(Happened, lambda event: heard.append(event.number))
    events.publish(Happened(1))
    assert heard == []
    testing.commit()
    assert heard == [1]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_event_never_happened() -> None:
    heard: list[int] = []
    events.subscribe(Happened, lambda event: heard.append(event.number))
    with transaction.atomic():
        events.publish(Happened(2))
        transaction.set_rollback(True)
    assert heard == []


@pytest.mark.django_db
def test_a_failing_subscriber_does_not_starve_the_next() -> None:
    @dataclass(frozen=True)
    class Other:
        number: int

    heard: list[int] = []

    def fail(event: Other) -> None:
        raise ValueError(event.number)

    events.subscribe(Other, fail)
    events.subscribe(Other, lambda event: heard.append(event.number))
    events.publish(Other(3))
    testing.commit()
    assert heard == [3]


def test_subscribing_twice_delivers_once() -> None:
    @dataclass(frozen=True)
    class Third:
        number: int

    heard: list[int] = []

    def hear(event: Third) -> None:
        heard.append(event.number)

    events.subscribe(Third, hear)
    events.subscribe(Third, hear)
    events._deliver(Third(1))
    assert heard == [1]
