"""The core of the matrix in a few seconds: the world of both tables, asked in this process."""

import pytest

from social.graph import selectors as graph
from tiktok.tests.visibility.cast import the_world
from tiktok.tests.visibility.core import first_wrong, one_by_one
from tiktok.tests.visibility.staging import stage
from videos import policies, selectors


@pytest.mark.django_db
def test_the_policies_say_what_the_oracle_says() -> None:
    assert first_wrong(stage(the_world(), files=False)) is None


@pytest.mark.django_db
def test_one_and_many_are_the_same_rule() -> None:
    wrong = list(one_by_one(stage(the_world(), files=False)))
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_an_instance_that_requires_sign_in_shows_strangers_nothing(
    settings: pytest.FixtureRequest,
) -> None:
    settings.SIGN_IN_REQUIRED = True  # type: ignore[attr-defined]
    world = the_world()
    world.sign_in_required = True
    made = stage(world, files=False)
    assert first_wrong(made) is None
    assert not policies.visible_to(None).exists()
    assert selectors.count_published([made.users["pub"].pk]) == {}
    assert not graph.followed_ids(None).exists()
