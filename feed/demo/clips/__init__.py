"""The forty clips, in the order in which they are published."""

from feed.demo.clips.abstract import ABSTRACT
from feed.demo.clips.clip import Clip
from feed.demo.clips.lights import LIGHTS
from feed.demo.clips.places import PLACES

__all__ = ["CLIPS", "Clip"]


def _dealt(*piles: tuple[Clip, ...]) -> tuple[Clip, ...]:
    """Return the piles shuffled together like cards, so that neighbours differ."""
    placed = [
        ((position + 0.5) / len(pile), clip) for pile in piles for position, clip in enumerate(pile)
    ]
    return tuple(clip for _, clip in sorted(placed, key=lambda pair: pair[0]))


CLIPS = _dealt(PLACES, LIGHTS, ABSTRACT)
