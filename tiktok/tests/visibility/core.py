"""The core of the matrix, asked in this process; `mutations` breaks the rule and asks it again."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from tiktok.tests.visibility import oracle
from tiktok.tests.visibility.cast import ROWS
from tiktok.tests.visibility.staging import Stage
from tiktok.tests.visibility.watching import disagreements
from videos import policies


def first_wrong(made: Stage) -> str | None:
    """Return the first thing that the product sees otherwise than the oracle, or None."""
    return next(chain(public_media(made), disagreements(made, old_seed="1")), None)


def public_media(made: Stage) -> Iterator[str]:
    """Yield every clip whose bytes are called public and are not, or the other way.

    A duet whose authors block each other keeps the name: nobody but its author gets a URL of it.
    """
    world = replace(made.world, blocks=set())
    for name, video in made.videos.items():
        public = oracle.may_view(world, None, world.clips[name])
        if policies.is_public(video) != public:
            yield f"public media of {name}: should be {public}"


def one_by_one(made: Stage) -> Iterator[str]:
    """Yield every viewer and clip where the question about one row gets the wrong answer."""
    for viewer in ROWS:
        user = made.users[viewer] if viewer else None
        for name, video in made.videos.items():
            may = oracle.may_view(made.world, viewer, made.world.clips[name])
            if policies.can_view(user, video) != may:
                yield f"{viewer} and {name}: should be {may}"
