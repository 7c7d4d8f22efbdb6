"""Hashtags: what a tag's page shows, who follows it, and which are trending.

Only videos for everyone on public accounts are on tag pages and in search, for their authors and
friends too. A tag without any is unknown: its name may be somebody's private words.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log, sqrt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from core import limits
from core.errors import NotFound
from feed.cards import with_relations
from feed.models import TagFollow, TagTrend
from feed.modes import signed_in
from social.graph.policies import require_active
from videos import policies
from videos.captions import MAX_TAG_LENGTH
from videos.models import Tag, Video, VideoTag
from videos.policies import Viewer

ORDER = ("-published_at", "-id")
TREND_ORDER = ("-score", "-tag_id")
HALF_LIFE_HOURS = 12.0
LATELY = timedelta(hours=48)
BEFORE = timedelta(days=7)
# On a quiet instance nothing may have happened lately: then two months count as "lately".
QUIET = timedelta(days=60)
SPANS = 24
KEPT = 100
LOOKED_AT = 300_000


@dataclass(frozen=True)
class TagPage:
    """A tag for its viewer."""

    name: str
    videos: int
    follows: bool
    trend: TagTrend | None


def open_videos(viewer: Viewer) -> "QuerySet[Video]":
    """Return what search and tag pages may show to `viewer`."""
    return policies.listed_for(viewer).filter(
        audience=Video.Audience.EVERYONE, author__is_private=False
    )


def open_tags(viewer: Viewer) -> "QuerySet[Tag]":
    """Return the tags that have something to show to `viewer`."""
    shown = open_videos(viewer).filter(video_tags__tag_id=OuterRef("pk"))
    return Tag.objects.filter(Exists(shown))


def get_tag(*, viewer: Viewer, name: str) -> Tag:
    """Return a tag by its name, with or without sign; raises NotFound."""
    key = name.removeprefix("#").casefold()
    usable = 0 < len(key) <= MAX_TAG_LENGTH and key.isprintable()
    tag = open_tags(viewer).filter(name=key).first() if usable else None
    if tag is None:
        raise NotFound
    return tag


def present(tag: Tag, *, viewer: Viewer) -> TagPage:
    """Return what the head of a tag's page says."""
    user = signed_in(viewer)
    follows = TagFollow.objects.filter(tag=tag, user_id=user.pk).exists() if user else False
    trend = TagTrend.objects.filter(tag=tag).first()
    return TagPage(tag.name, videos_of(tag, viewer=viewer).count(), follows, trend)


def videos_of(tag: Tag, *, viewer: Viewer) -> "QuerySet[Video]":
    """Return a tag's videos, in `ORDER`."""
    return with_relations(open_videos(viewer).filter(video_tags__tag=tag)).order_by(*ORDER)


def follow(*, actor: Viewer, name: str, on: bool) -> bool:
    """Follow a tag or stop; return the resulting state. Raises NotFound for an unknown tag."""
    user = require_active(actor)
    tag = get_tag(viewer=user, name=name)
    limits.consume(budget="relation", subject=str(user.pk))
    with transaction.atomic():
        if on:
            TagFollow.objects.get_or_create(user_id=user.pk, tag=tag)
        else:
            TagFollow.objects.filter(user_id=user.pk, tag=tag).delete()
    return on


def followed_by(user: User) -> "QuerySet[TagFollow, str]":
    """Return the names of the tags that somebody follows."""
    return TagFollow.objects.filter(user_id=user.pk).values_list("tag__name", flat=True)


def trending(viewer: Viewer) -> "QuerySet[TagTrend]":
    """Return the trends that have something to show to `viewer`, in `TREND_ORDER`."""
    rows = TagTrend.objects.filter(tag__in=open_tags(viewer))
    return rows.select_related("tag").order_by(*TREND_ORDER)


def followed_among(viewer: Viewer, tag_ids: list[int]) -> set[int]:
    """Return which of these tags the viewer follows."""
    user = signed_in(viewer)
    if user is None:
        return set()
    rows = TagFollow.objects.filter(user_id=user.pk, tag_id__in=tag_ids)
    return set(rows.values_list("tag_id", flat=True))


def compute_trends() -> int:
    """Write the table of trends anew from what everybody can see; return how many tags.

    Observed: different authors of the last two days, each use weighing half as much every twelve
    hours. Expected: what the rate of the week before would have given. The difference in units of
    its own noise (Poisson) is the score: a tag used daily by many does not trend by being used.
    """
    now = timezone.now()
    uses = _uses(now, LATELY + BEFORE)
    if not any(at > now - LATELY for _, _, at in uses):
        uses = _uses(now, QUIET)
    trends = _score(uses, now)
    trends.sort(key=lambda trend: (trend.score, trend.observed), reverse=True)
    with transaction.atomic():
        TagTrend.objects.all().delete()
        TagTrend.objects.bulk_create(trends[:KEPT])
    return len(trends[:KEPT])


def _uses(now: datetime, span: timedelta) -> list[tuple[int, UUID, datetime]]:
    shown = open_videos(None).filter(published_at__gt=now - span)
    rows = VideoTag.objects.filter(video__in=shown).order_by("-video_id")
    found = rows.values_list("tag_id", "video__author_id", "video__published_at")[:LOOKED_AT]
    return [(tag, author, at) for tag, author, at in found if at is not None]


def _score(uses: list[tuple[int, UUID, datetime]], now: datetime) -> list[TagTrend]:
    oldest = min((at for _, _, at in uses), default=now)
    lately = LATELY if any(at > now - LATELY for _, _, at in uses) else now - oldest
    half_life = HALF_LIFE_HOURS * (lately / LATELY)
    weeks_hours = BEFORE.total_seconds() / 3600
    effective_hours = half_life / log(2)
    # tag -> author -> the latest use; one author counts once, however much they post.
    recent: dict[int, dict[UUID, datetime]] = {}
    before: dict[int, set[tuple[UUID, int]]] = {}
    series: dict[int, list[int]] = {}
    for tag, author, at in uses:
        age = now - at
        if age <= lately:
            latest = recent.setdefault(tag, {})
            latest[author] = max(at, latest.get(author, datetime.min.replace(tzinfo=UTC)))
            span = min(SPANS - 1, int(age / lately * SPANS))
            series.setdefault(tag, [0] * SPANS)[SPANS - 1 - span] += 1
        else:
            before.setdefault(tag, set()).add((author, int(age / timedelta(days=2))))
    trends = []
    for tag, authors in recent.items():
        ages = ((now - at).total_seconds() / 3600 for at in authors.values())
        observed = sum(2 ** (-age / half_life) for age in ages)
        expected = len(before.get(tag, ())) / weeks_hours * effective_hours
        score = (observed - expected) / sqrt(expected + 1)
        trends.append(_trend(tag, score, observed, expected, series[tag], now))
    return trends


def _trend(tag: int, *values: Any) -> TagTrend:
    score, observed, expected, series, now = values
    return TagTrend(
        tag_id=tag,
        score=score,
        observed=observed,
        expected=expected,
        series=series,
        computed_at=now,
    )
