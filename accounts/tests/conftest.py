"""What the tests of accounts share: real sign-ins, mail that was sent."""

from typing import Any

import pytest
from django.core import mail
from rest_framework.test import APIClient

from accounts import services
from accounts.devices import Device
from accounts.models import User
from core.testing import commit, run_jobs

PASSWORD = "correct horse battery staple"
PHONE = Device(ip="203.0.113.7", network="203.0.113.7", user_agent="Toptop/1 iPhone")


class App:
    """A phone that is signed in, with real tokens."""

    def __init__(self, user: User, device: Device = PHONE) -> None:
        signed_in = services.admit(user=user, device=device)
        self.session = signed_in.session
        self.refresh = signed_in.tokens.refresh
        self.client = APIClient()
        self.use(signed_in.tokens.access)
        commit()

    def use(self, access: str) -> None:
        self.bearer = f"Bearer {access}"
        self.client.credentials(HTTP_AUTHORIZATION=self.bearer)

    def me(self) -> int:
        return self.client.get("/api/v1/users/me").status_code


@pytest.fixture
def app() -> type[App]:
    """Return the maker of signed-in phones: `app(alice)`."""
    return App


@pytest.fixture
def sent(settings: Any) -> "Sent":
    """Return a reader of the mail that queued jobs send."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return Sent()


class Sent:
    """Runs the queue and gives the mails."""

    def __call__(self) -> list[Any]:
        run_jobs()
        return list(mail.outbox)


@pytest.fixture
def strict_limits(settings: Any) -> None:
    """Count budgets as in production."""
    settings.RATE_LIMIT_SCALE = 1.0
