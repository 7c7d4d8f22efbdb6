"""What the visibility tests share: quiet logs, and the staged world of the matrix."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager
from copy import deepcopy
from typing import Protocol

import pytest
from django.db import transaction

from feed import freshness
from tiktok.tests.visibility.cast import the_world
from tiktok.tests.visibility.staging import Stage, stage


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Refusals are what these tests are about: thousands of log lines say nothing."""
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(before)


class Blocker(Protocol):
    """What pytest-django keeps the database closed with."""

    def unblock(self) -> AbstractContextManager[None]:
        """Open it."""


@pytest.fixture(scope="module")
def staged(django_db_setup: None, django_db_blocker: Blocker) -> Iterator[Stage]:
    """The world of the matrix, written once for a file of tests, which each undo what they do."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield stage(the_world())
        transaction.set_rollback(True)


@pytest.fixture
def world(staged: Stage, db: None) -> Stage:
    """The world of the matrix as nobody has changed it."""
    freshness.forget_everything()
    return deepcopy(staged)
