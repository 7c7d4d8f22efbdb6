"""The core of the matrix in a second: the world of both tables, asked in this process.

`mutations.py` breaks the policies and runs this file, which must notice every time.
"""

import pytest

from social.graph import selectors as graph
from tiktok.tests.visibility import oracle
from tiktok.tests.visibility.cast import ROWS, the_world
from tiktok.tests.visibility.staging import stage
from tiktok.tests.visibility.watching import disagreements
from videos import policies, selectors


@pytest.mark.django_db
def test_the_policies_say_what_the_oracle_says() -> None:
    made = stage(the_world(), files=False)
    wrong = list(disagreements(made, old_seed="1"))
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_one_and_many_are_the_same_rule() -> None:
    made = stage(the_world(), files=False)
    for viewer in ROWS:
        user = made.users[viewer] if viewer else None
        for name, video in made.videos.items():
            may = oracle.may_view(made.world, viewer, made.world.clips[name])
            assert policies.can_view(user, video) == may, (viewer, name)


@pytest.mark.django_db
def test_public_media_is_what_everybody_sees() -> None:
    made = stage(the_world(), files=False)
    for name, video in made.videos.items():
        public = oracle.may_view(made.world, None, made.world.clips[name])
        assert policies.is_public(video) == public, name


@pytest.mark.django_db
def test_an_instance_that_requires_sign_in_shows_strangers_nothing(
    settings: pytest.FixtureRequest,
) -> None:
    settings.SIGN_IN_REQUIRED = True  # type: ignore[attr-defined]
    world = the_world()
    world.sign_in_required = True
    made = stage(world, files=False)
    wrong = list(disagreements(made, old_seed="1"))
    assert not wrong, "\n".join(wrong)
    assert not policies.visible_to(None).exists()
    assert selectors.count_published([made.users["pub"].pk]) == {}
    assert not graph.followed_ids(None).exists()
