"""Shared fixtures: one cast everywhere, files in a folder of their own, a real broker in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from core import testing

PASSWORD = "correct horse battery staple"  # noqa: S105


@pytest.fixture(autouse=True)
def clean_surroundings() -> Iterator[None]:
    """Empty cache and queues around each test."""
    cache.clear()
    testing.purge_jobs()
    yield
    cache.clear()


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Return an empty folder."""
    return tmp_path


def make_user(username: str, **fields: object) -> User:
    """Return a saved user with the common password, hashed cheaply."""
    return User.objects.create_user(
        username, f"{username}@example.com", PASSWORD, name=username.title(), **fields
    )


@pytest.fixture
def alice(db: None) -> User:
    """The author."""
    return make_user("alice")


@pytest.fixture
def bob(db: None) -> User:
    """The follower (once a test says so)."""
    return make_user("bob")


@pytest.fixture
def carol(db: None) -> User:
    """The stranger."""
    return make_user("carol")


@pytest.fixture
def dave(db: None) -> User:
    """The blocked one."""
    return make_user("dave")


@pytest.fixture
def erin(db: None) -> User:
    """The friend."""
    return make_user("erin")


@pytest.fixture
def mod(db: None) -> User:
    """The moderator."""
    return make_user("mod", is_staff=True, is_superuser=True)


@pytest.fixture
def anon() -> APIClient:
    """An API client of nobody."""
    return APIClient()


@pytest.fixture
def api() -> "ApiOf":
    """Return a maker of API clients: `api(alice).get(...)`."""
    return ApiOf()


class ApiOf:
    """Makes API clients that are somebody."""

    def __call__(self, user: User) -> APIClient:
        """Return a client authenticated as `user`."""
        client = APIClient()
        client.force_authenticate(user)
        return client


@pytest.fixture
def browser() -> "BrowserOf":
    """Return a maker of page clients: `browser(alice).get("/")`."""
    return BrowserOf()


class BrowserOf:
    """Makes page clients that are somebody."""

    def __call__(self, user: User) -> Client:
        """Return a client with a signed-in cookie session of `user`."""
        client = Client()
        client.force_login(user)
        return client
