"""Pushes are on, and go to a service of the test's own; everybody may do as much as they like."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from accounts.models import User
from core import vapid
from notifications.tests.kit import Browser, PushService


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as made:
        yield made


@pytest.fixture(autouse=True)
def pushing(settings: Any, service: PushService) -> None:
    private = vapid.new_private_key()
    settings.RATE_LIMIT_SCALE = 1000.0
    settings.PUSH = replace(
        settings.PUSH,
        public_key=vapid.public_key_of(private),
        private_key=private,
        subject="mailto:push@example.com",
        expo=True,
        expo_url=f"{service.url}/expo",
        allowed_hosts=frozenset({service.name}),
    )


@pytest.fixture
def phone(service: PushService, bob: User) -> Browser:
    """Bob's browser, which he is told on."""
    made = Browser(service, "bobs")
    made.register(bob)
    return made
