"""Every test of the messenger may send as fast as it likes."""

import pytest


@pytest.fixture(autouse=True)
def no_waiting(settings: pytest.FixtureRequest) -> None:
    settings.RATE_LIMIT_SCALE = 1000.0  # type: ignore[attr-defined]
