"""Who may see a video: the one rule, as a queryset; `can_view` asks it about one row.

The order of the clauses is that of `docs/architecture.md`: deleted, owner, author gone, blocked,
unpublished, audience, mature, sign-in required. Decisions are never cached; queries are, unasked.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import ages
from accounts.models import User
from core.expressions import RightNow
from social.graph.selectors import blocked_ids, followed_ids, friend_ids, muted_ids
from videos.models import Video

Viewer: TypeAlias = User | AnonymousUser | None
Audience = Video.Audience
AllowComments = Video.AllowComments
# Rules are kept built, as unevaluated queries, for the viewers seen last by this process.
KEPT_RULES = 256
STRICTER = (AllowComments.EVERYONE, AllowComments.FRIENDS, AllowComments.NOBODY)


def visible_to(viewer: Viewer) -> "QuerySet[Video]":
    """Return every video that `viewer` may see by direct link, their own unpublished included."""
    person = _person(viewer)
    if person is not None and (person.is_suspended or not person.is_active):
        return Video.objects.none()
    return _visible(_eyes(person)).all()


def can_view(viewer: Viewer, video: Video) -> bool:
    """Return whether `viewer` may see this one video now."""
    return visible_to(viewer).filter(pk=video.pk).exists()


def listed_for(viewer: Viewer) -> "QuerySet[Video]":
    """Return what feeds may show: published, visible to the viewer, author not muted.

    Mature ones only to adults who switched them on.
    """
    person = _person(viewer)
    if person is not None and (person.is_suspended or not person.is_active):
        return Video.objects.none()
    return _listed(_eyes(person), with_mature=person is None or person.show_mature).all()


def is_public(video: Video) -> bool:
    """Return whether everybody may see it, signed in or not, so that caches may keep its media.

    Reads `video.author` and asks nothing else.
    """
    author = video.author
    return (
        is_published(video)
        and video.audience == Audience.EVERYONE
        and not video.mature
        and not author.is_private
        and not author.is_suspended
        and author.is_active
        and not settings.SIGN_IN_REQUIRED
    )


def is_published(video: Video) -> bool:
    """Return whether others than the owner may see it at all; the row form is `_published`."""
    return (
        video.deleted_at is None
        and video.moderation_state == Video.Moderation.VISIBLE
        and not video.draft
        and video.published_at is not None
        and video.published_at <= timezone.now()
    )


def comments_allowed(video: Video) -> str:
    """Return who may comment: what the video says, within what its author lets at all.

    Reads `video.author` and asks nothing else.
    """
    return max(video.allow_comments, video.author.who_may_comment, key=STRICTER.index)


def allows_download(viewer: Viewer, video: Video) -> bool:
    """Return whether `viewer`, who may see the video, may take its file along.

    Reads `video.author` and asks nothing else.
    """
    if isinstance(viewer, User) and viewer.pk == video.author_id:
        return True
    is_open = video.audience == Audience.EVERYONE and not video.author.is_private
    return isinstance(viewer, User) and video.allow_download and is_open


def is_adult(person: User, today: dt.date) -> bool:
    """Return whether `person` told a birth date that makes them 18 or older."""
    return ages.is_adult(person.birth_date, today)


@dataclass(frozen=True)
class _Eyes:
    """What of a viewer the rule reads; nobody's without an id. `sign_in` is the instance's."""

    viewer_id: UUID | None
    is_adult: bool
    sign_in: bool


def _eyes(person: User | None) -> _Eyes:
    adult = person is not None and is_adult(person, timezone.now().date())
    return _Eyes(person.pk if person else None, adult, settings.SIGN_IN_REQUIRED)


@lru_cache(maxsize=KEPT_RULES)
def _visible(eyes: _Eyes) -> "QuerySet[Video]":
    """Build the rule, which takes longer than to run it; callers take a copy with `all`."""
    rows = Video.objects.filter(deleted_at__isnull=True)
    if eyes.viewer_id is None:
        return rows.filter(_shown_to_others(eyes))
    return rows.filter(Q(author_id=eyes.viewer_id) | _shown_to_others(eyes))


@lru_cache(maxsize=KEPT_RULES)
def _listed(eyes: _Eyes, *, with_mature: bool) -> "QuerySet[Video]":
    rows = _visible(eyes).filter(_published())
    if not with_mature:
        rows = rows.filter(mature=False)
    if eyes.viewer_id is None:
        return rows
    return rows.exclude(author_id__in=muted_ids(eyes.viewer_id))


def _person(viewer: Viewer) -> User | None:
    return viewer if isinstance(viewer, User) else None


def _published() -> Q:
    return Q(moderation_state=Video.Moderation.VISIBLE, draft=False, published_at__lte=RightNow())


def _shown_to_others(eyes: _Eyes) -> Q:
    author_is_here = Q(author__suspended_at__isnull=True, author__is_active=True)
    rule = author_is_here & _published() & _in_audience(eyes.viewer_id)
    if eyes.viewer_id is not None:
        rule &= ~Q(author_id__in=blocked_ids(eyes.viewer_id))
    if not eyes.is_adult:
        rule &= Q(mature=False)
    if eyes.viewer_id is None and eyes.sign_in:
        rule &= Q(pk__in=[])
    return rule


def _in_audience(viewer_id: UUID | None) -> Q:
    everyone = Q(audience=Audience.EVERYONE, author__is_private=False)
    if viewer_id is None:
        return everyone
    friend = Q(author_id__in=friend_ids(viewer_id))
    follower = Q(author_id__in=followed_ids(viewer_id)) | friend
    followers = Q(audience__in=[Audience.EVERYONE, Audience.FOLLOWERS]) & follower
    friends = Q(audience=Audience.FRIENDS) & friend
    return everyone | followers | friends
