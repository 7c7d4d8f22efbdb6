"""What the recommender knows of one person, as they may read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from accounts.models import User
from accounts.presentation import UserBrief, brief
from feed import controls, tags
from feed.models import FeedMute, NotInterested
from feed.recommender import signals
from social.graph import policies as people

Key = TypeVar("Key")
SHOWN = 50
LEAST = 0.05


@dataclass
class TagInterest:
    """A tag and how much it counts."""

    name: str
    weight: float
    followed: bool


@dataclass
class AuthorInterest:
    """A person and how much their videos count."""

    user: UserBrief
    weight: float


@dataclass(frozen=True)
class Known:
    """All of it."""

    since: datetime | None
    views: int
    tags: list[TagInterest]
    authors: list[AuthorInterest]
    not_interested: int
    mutes: list[FeedMute]


def known_of(user: User) -> Known:
    """Return what is known of somebody: tags and people that count most, for or against.

    Tags and people whom they may not see any more are left out.
    """
    taste = signals.taste_of(user.pk)
    followed = signals.followed_tags(user.pk)
    weights = _heaviest(taste.tags(signals.tags_of(taste)))
    shown = set(tags.open_tags(user).filter(name__in=weights).values_list("name", flat=True))
    learned = [
        TagInterest(name, round(weight, 2), name in followed)
        for name, weight in weights.items()
        if name in shown
    ]
    named = {one.name for one in learned}
    picked = [TagInterest(name, 0.0, followed=True) for name in followed if name not in named]
    authors = _heaviest(taste.authors())
    visible = people.people_visible_to(user).filter(pk__in=authors)
    briefs = {person.pk: brief(person) for person in visible}
    return Known(
        since=taste.since,
        views=taste.views,
        tags=learned + picked,
        authors=[
            AuthorInterest(briefs[key], round(weight, 2))
            for key, weight in authors.items()
            if key in briefs and key != user.pk
        ],
        not_interested=NotInterested.objects.filter(user_id=user.pk).count(),
        mutes=list(controls.mutes_of(user)),
    )


def _heaviest(weights: dict[Key, float]) -> dict[Key, float]:
    heavy = [(key, weight) for key, weight in weights.items() if abs(weight) >= LEAST]
    heavy.sort(key=lambda pair: -abs(pair[1]))
    kept = heavy[:SHOWN]
    return dict(sorted(kept, key=lambda pair: -pair[1]))
