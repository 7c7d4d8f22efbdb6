"""A test that cannot fail proves nothing: the core of the matrix notices each broken policy."""

import pytest
from django.core.cache import cache
from django.db import transaction

from tiktok.tests.visibility import mutations
from tiktok.tests.visibility.cast import the_world
from tiktok.tests.visibility.core import first_wrong
from tiktok.tests.visibility.staging import stage
from videos import policies


def test_there_are_ten_ways_and_more() -> None:
    assert len({mutation.name for mutation in mutations.MUTATIONS}) >= 10


@pytest.mark.django_db
def test_the_tests_notice_every_broken_policy() -> None:
    """`test_core` says that the sound rule passes the very same questions."""
    made = stage(the_world(), files=False)
    survived = []
    for mutation in mutations.MUTATIONS:
        cache.clear()
        with transaction.atomic(), mutations.broken(mutation):
            if first_wrong(made) is None:
                survived.append(mutation.name)
            transaction.set_rollback(True)
    assert not survived, f"nothing noticed: {survived}"


def test_a_broken_rule_is_mended_again() -> None:
    mutation = mutations.MUTATIONS[0]
    sound = policies._shown_to_others.__code__
    with mutations.broken(mutation):
        assert policies._shown_to_others.__code__ is not sound
    assert policies._shown_to_others.__code__ is sound
