"""Who may see a video: the one rule, as a queryset; `can_view` asks it about one row.

The order of the clauses is that of `docs/architecture.md`: deleted, owner, author gone, blocked,
unpublished, audience, mature, sign-in required, original of a duet. Decisions are never cached;
queries are, unasked.

A duet holds the bytes of another clip. Others than its author see it while that clip is open to
everybody on a public account, they might see it themselves, and neither author blocked the other.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import ages
from accounts.models import User
from core.expressions import KeptExists, LateRightNow, RightNow
from core.statements import stand_in
from social.graph.selectors import (
    block_between,
    blocked_ids,
    followed_ids,
    friend_ids,
    muted_ids,
)
from videos.models import Video

Viewer: TypeAlias = User | AnonymousUser | None
Audience = Video.Audience
AllowComments = Video.AllowComments
# Rules are kept built, as unevaluated queries, for the viewers seen last by this process.
KEPT_RULES = 256
STAND_IN = stand_in(0)
BORN_LONG_AGO = dt.date(1900, 1, 1)
STRICTER = (AllowComments.EVERYONE, AllowComments.FRIENDS, AllowComments.NOBODY)


def visible_to(viewer: Viewer) -> "QuerySet[Video]":
    """Return every video that `viewer` may see by direct link, their own unpublished included."""
    person = _person(viewer)
    if _is_shut_out(person):
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
    if _is_shut_out(person):
        return Video.objects.none()
    return _listed(_eyes(person), with_mature=person is None or person.show_mature).all()


@dataclass(frozen=True)
class Likeness:
    """What of viewers, besides who they are, decides what they see: alike for many of them."""

    signed_in: bool
    is_adult: bool
    show_mature: bool
    sign_in: bool


def likeness(viewer: Viewer) -> Likeness | None:
    """Return whom `viewer` sees like, None for somebody who sees nothing."""
    person = _person(viewer)
    if _is_shut_out(person):
        return None
    eyes = _eyes(person)
    mature = person is not None and person.show_mature
    return Likeness(person is not None, eyes.is_adult, mature, eyes.sign_in)


def stand_in_for(like: Likeness) -> User | None:
    """Return nobody, to write a `core.statements.Statement` for everybody of a likeness.

    Their id is `STAND_IN`. They have what the rules read; any other field of theirs would be asked
    of the database, and not be found.
    """
    if not like.signed_in:
        return None
    values = {
        "id": STAND_IN,
        "birth_date": BORN_LONG_AGO if like.is_adult else None,
        "show_mature": like.show_mature,
        "is_active": True,
        "suspended_at": None,
    }
    names = [field.attname for field in User._meta.concrete_fields if field.attname in values]
    return User.from_db("default", names, [values[name] for name in names])


def is_public(video: Video) -> bool:
    """Return whether everybody may see it, signed in or not, so that caches may keep its media.

    Reads `video.author`, of a duet `video.duet_of` with its author, and asks nothing else: whoever
    gets at a duet whose authors block each other is its author.
    """
    return not settings.SIGN_IN_REQUIRED and all(
        clip is not None and is_open(clip) and not clip.mature for clip in _clips_in(video)
    )


def is_open(video: Video) -> bool:
    """Return whether it is out, for everyone, on a public account; says nothing of an original.

    Reads `video.author` and asks nothing else.
    """
    author = video.author
    return (
        is_published(video)
        and video.audience == Audience.EVERYONE
        and not author.is_private
        and not author.is_suspended
        and author.is_active
    )


def allows_duet(viewer: Viewer, video: Video) -> bool:
    """Return whether `viewer`, who may see the video, may make a duet of it.

    Only what everybody may see: strangers would see it in the duet. Not of a duet, whose other
    half belongs to a third person. Reads `video.author` and asks nothing else.
    """
    return isinstance(viewer, User) and offers_duet(viewer, video)


def offers_duet(viewer: Viewer, video: Video) -> bool:
    """Return whether a duet of it can be made, by a stranger as soon as they have signed in."""
    own = isinstance(viewer, User) and viewer.pk == video.author_id
    fits = video.kind == Video.Kind.CLIP and not video.is_duet
    return fits and is_open(video) and (video.allow_duet or own)


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

    The file of a duet holds its original: where that may not be taken, neither may the duet, by
    its author no more than by others. Reads what `is_public` reads.
    """
    if not isinstance(viewer, User):
        return False
    original = video.duet_of if video.is_duet else None
    if video.is_duet and (original is None or not _may_take(viewer, original)):
        return False
    return viewer.pk == video.author_id or _may_take(viewer, video)


def is_adult(person: User, today: dt.date) -> bool:
    """Return whether `person` told a birth date that makes them 18 or older."""
    return ages.is_adult(person.birth_date, today)


def _may_take(viewer: User, video: Video) -> bool:
    return is_open(video) and (video.allow_download or viewer.pk == video.author_id)


def _clips_in(video: Video) -> list[Video | None]:
    """Return whose bytes a video holds: its own and, of a duet, the original's, None when gone."""
    return [video, video.duet_of] if video.is_duet else [video]


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
        tame = Video.objects.filter(pk=OuterRef("duet_of_id"), mature=False)
        rows = rows.filter(Q(is_duet=False) | KeptExists(tame), mature=False)
    if eyes.viewer_id is None:
        return rows
    return rows.exclude(author_id__in=muted_ids(eyes.viewer_id))


def _is_shut_out(person: User | None) -> bool:
    """Return whether somebody sees nothing at all, less than a stranger does."""
    return person is not None and (person.is_suspended or not person.is_active)


def _person(viewer: Viewer) -> User | None:
    return viewer if isinstance(viewer, User) else None


def _published(now: RightNow | None = None) -> Q:
    by = now or RightNow()
    return Q(moderation_state=Video.Moderation.VISIBLE, draft=False, published_at__lte=by)


def _shown_to_others(eyes: _Eyes) -> Q:
    author_is_here = Q(author__suspended_at__isnull=True, author__is_active=True)
    rule = author_is_here & _published() & _in_audience(eyes.viewer_id)
    if eyes.viewer_id is not None:
        rule &= ~Q(author_id__in=blocked_ids(eyes.viewer_id))
    if not eyes.is_adult:
        rule &= Q(mature=False)
    if eyes.viewer_id is None and eyes.sign_in:
        rule &= Q(pk__in=[])
    return rule & (Q(is_duet=False) | Q(KeptExists(_open_originals(eyes))))


def _open_originals(eyes: _Eyes) -> "QuerySet[Video]":
    """Return the originals that let others see a duet, asked by key and for duets alone."""
    is_open = Q(audience=Audience.EVERYONE, author__is_private=False)
    stands = Q(author__suspended_at__isnull=True, author__is_active=True)
    rows = Video.objects.filter(
        stands,
        _published(LateRightNow()),
        is_open,
        pk=OuterRef("duet_of_id"),
        deleted_at__isnull=True,
    )
    if eyes.viewer_id is not None:
        rows = rows.exclude(author_id__in=blocked_ids(eyes.viewer_id))
    if not eyes.is_adult:
        rows = rows.filter(mature=False)
    return rows.exclude(block_between(OuterRef("author_id"), OuterRef(OuterRef("author_id"))))


def _in_audience(viewer_id: UUID | None) -> Q:
    everyone = Q(audience=Audience.EVERYONE, author__is_private=False)
    if viewer_id is None:
        return everyone
    friend = Q(author_id__in=friend_ids(viewer_id))
    follower = Q(author_id__in=followed_ids(viewer_id)) | friend
    followers = Q(audience__in=[Audience.EVERYONE, Audience.FOLLOWERS]) & follower
    friends = Q(audience=Audience.FRIENDS) & friend
    return everyone | followers | friends
