"""A test that cannot fail proves nothing: each broken policy is noticed, the sound one passes."""

import pytest

from tiktok.tests.visibility import mutations


def test_there_are_ten_ways_and_more() -> None:
    assert len({mutation.name for mutation in mutations.MUTATIONS}) >= 10


@pytest.mark.parametrize("mutation", mutations.MUTATIONS, ids=lambda mutation: mutation.name)
def test_every_mutation_still_has_something_to_break(mutation: mutations.Mutation) -> None:
    said = (mutations.ROOT / mutation.path).read_text()
    assert mutation.old in said, f"{mutation.path} has changed: adapt {mutation.name!r}"


def test_the_tests_notice_every_broken_policy() -> None:
    results = mutations.run_all()
    assert results.pop(""), "the tests fail without any mutation"
    survived = [name for name, passed in results.items() if passed]
    assert not survived, f"nothing noticed: {survived}"
