"""Every test of the messenger may send as fast as it likes, and some ask a gateway."""

from collections.abc import Iterator

import pytest

from chat.tests.sockets import Server


@pytest.fixture(autouse=True)
def no_waiting(settings: pytest.FixtureRequest) -> None:
    settings.RATE_LIMIT_SCALE = 1000.0  # type: ignore[attr-defined]


@pytest.fixture
def server() -> Iterator[Server]:
    """A gateway of this process, for the length of a test."""
    made = Server().start()
    yield made
    made.stop()
