"""What the recommender knows of one person, as they may read it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.presentation import UserBrief, brief
from feed import controls, hot, reasons, tags
from feed.controls import Muted
from feed.heard import SoundPart, sound_part
from feed.models import NotInterested
from feed.modes import Mode
from feed.recommender import memory, serving, signals
from social.engagement import selectors as engagement
from social.graph import policies as people
from social.graph import selectors as graph
from videos import selectors as videos
from videos import sounds
from videos.models import VideoTag

Key = TypeVar("Key")
SHOWN = 50
OFFERED = 36
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
    mutes: list[Muted]


def known_of(user: User) -> Known:
    """Return what is known of somebody: tags and people that count most, for or against.

    Tags and people whom they may not see any more are left out.
    """
    remembered = memory.of(user.pk)
    taste, followed = signals.taste_of(remembered), remembered.interests
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
        mutes=controls.shown_mutes(user, controls.mutes_of(user)),
    )


@dataclass(frozen=True)
class Explanation:
    """Why a video may be in somebody's feed, and what they can do about it."""

    video_id: UUID
    username: str
    caption: str
    reasons: list[str]
    tags: list[str]
    sound: SoundPart | None = None


def explain(user: User, video_id: object) -> Explanation:
    """Return what speaks for a video, for one viewer at this moment; raises NotFound."""
    video = videos.get_viewable_video(viewer=user, video_id=video_id)
    rows = VideoTag.objects.filter(video_id=video.pk).order_by("position")
    names = list(rows.values_list("tag__name", flat=True))
    name = video.author.username
    if video.author_id == user.pk:
        mine = [_("It is your own: it is not in your for-you feed")]
        return Explanation(video.pk, name, video.caption, mine, names)
    said = [
        reasons.sentence(why, name=name, tags=names)
        for why in serving.explain(user, video.pk, now=timezone.now())
    ]
    follows = graph.followed_ids(user.pk).filter(followed_id=video.author_id).exists()
    counts = engagement.counts_for([video.pk])[video.pk]
    rest = reasons.reason_for(video, mode=Mode.FOR_YOU, follows=follows, counts=counts)
    found = [sentence for sentence in (*said, rest) if sentence]
    heard = sounds.heard_by(user).filter(pk=video.sound_id).first() if video.sound_id else None
    sound = sound_part(heard) if heard else None
    return Explanation(video.pk, name, video.caption, list(dict.fromkeys(found)), names, sound)


def offered(user: User) -> list[str]:
    """Return tags to pick from: those in fashion, then those of what is hot."""
    trends = tags.trending(user).values_list("tag__name", flat=True)[:OFFERED]
    hottest = hot.shown_to(user, limit=hot.POOL)
    rows = VideoTag.objects.filter(video_id__in=hottest).values_list("tag__name", flat=True)
    common = [name for name, _times in Counter(rows).most_common(OFFERED)]
    shown = set(tags.open_tags(user).filter(name__in=common).values_list("name", flat=True))
    names = dict.fromkeys([*trends, *(name for name in common if name in shown)])
    return list(names)[:OFFERED]


def is_new(user: User) -> bool:
    """Return whether nothing at all is known of somebody yet."""
    return not signals.followed_tags(user.pk) and not signals.seen_by(user.pk)


def _heaviest(weights: dict[Key, float]) -> dict[Key, float]:
    heavy = [(key, weight) for key, weight in weights.items() if abs(weight) >= LEAST]
    heavy.sort(key=lambda pair: -abs(pair[1]))
    kept = heavy[:SHOWN]
    return dict(sorted(kept, key=lambda pair: -pair[1]))
