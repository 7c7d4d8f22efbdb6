"""What the visibility tests share: quiet logs, and the staged world of the matrix."""

import logging
from collections.abc import Iterator

import pytest

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


@pytest.fixture
def world(db: None) -> Stage:
    """The world of the matrix."""
    return stage(the_world())
