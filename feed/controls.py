"""What people tell the recommender: what they do not want, what they like, and to forget."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from core import events, limits
from core.errors import Conflict, Invalid, NotFound
from feed import reading, tags
from feed.events import WishesChanged
from feed.heard import sound_name
from feed.models import FeedMute, NotInterested, TagFollow, TasteReset
from social.graph.policies import require_active
from videos import selectors as videos
from videos import sounds
from videos.captions import MAX_TAG_LENGTH
from videos.models import Sound, Tag
from videos.policies import Viewer

MOST_MUTES = 200
LONGEST_WORD = 60
MOST_INTERESTS = 50
Kind = FeedMute.Kind


def not_interested(*, actor: Viewer, video_id: object, on: bool) -> bool:
    """Say that a video is not wanted, or take it back; return the resulting state."""
    user = require_active(actor)
    limits.consume(budget="react", subject=str(user.pk))
    video = videos.get_viewable_video(viewer=user, video_id=video_id)
    rows = NotInterested.objects.filter(user_id=user.pk, video_id=video.pk)
    with transaction.atomic():
        if on:
            NotInterested.objects.get_or_create(user_id=user.pk, video_id=video.pk)
        else:
            rows.delete()
        _changed(user)
    return on


def mutes_of(user: User) -> "QuerySet[FeedMute]":
    """Return what somebody muted, the latest first."""
    return FeedMute.objects.filter(user_id=user.pk).order_by("-pk")


@dataclass(frozen=True)
class Muted:
    """Something muted, with what it is called: a sound has no name once nobody may hear it."""

    id: int
    kind: str
    value: str
    name: str


def shown_mutes(user: User, rows: Iterable[FeedMute]) -> list[Muted]:
    """Return mutes as their owner reads them; one query for the names of all sounds."""
    mutes = list(rows)
    ids = [mute.sound_id for mute in mutes if mute.sound_id]
    heard = sounds.heard_by(user).in_bulk(ids) if ids else {}
    return [
        Muted(mute.pk, mute.kind, mute.value, _name(mute, heard.get(mute.sound_id)))
        for mute in mutes
    ]


def mute(*, actor: Viewer, kind: str, value: str) -> FeedMute:
    """Mute a word (or a few in a row), a tag or a sound, for oneself; return it, new or not.

    `value` of a sound is its id. Raises Invalid for an unusable value, NotFound for a sound that
    the actor may not hear, Conflict when there are 200 already.
    """
    user = require_active(actor)
    limits.consume(budget="relation", subject=str(user.pk))
    sound = sounds.get_sound(viewer=user, sound_id=value) if kind == Kind.SOUND else None
    cleaned = str(sound.pk) if sound else _clean(kind, value)
    with transaction.atomic():
        known = mutes_of(user).filter(kind=kind, value=cleaned).first()
        if known:
            return known
        if mutes_of(user).count() >= MOST_MUTES:
            raise Conflict("too_many_mutes", f"At most {MOST_MUTES} things can be muted.")
        made, _ = FeedMute.objects.get_or_create(
            user_id=user.pk, kind=kind, value=cleaned, sound=sound
        )
        _changed(user)
    return made


def unmute(*, actor: Viewer, mute_id: object) -> None:
    """Mute something no longer; raises NotFound where it is not the actor's."""
    user = require_active(actor)
    number = str(mute_id)
    usable = number.isascii() and number.isdigit() and len(number) <= 18
    row = mutes_of(user).filter(pk=int(number)).first() if usable else None
    if row is None:
        raise NotFound
    with transaction.atomic():
        row.delete()
        _changed(user)


def pick_interests(*, actor: Viewer, names: Iterable[str]) -> list[str]:
    """Follow exactly these tags; return their names. Raises NotFound for an unknown one."""
    user = require_active(actor)
    limits.consume(budget="relation", subject=str(user.pk))
    wanted = {name.removeprefix("#").casefold() for name in names}
    if len(wanted) > MOST_INTERESTS:
        message = f"At most {MOST_INTERESTS} interests can be picked."
        raise Invalid.field("tags", message, code="too_many")
    rows = TagFollow.objects.filter(user_id=user.pk)
    known = set(rows.values_list("tag__name", flat=True))
    open_tags = tags.open_tags(user).filter(name__in=wanted - known)
    found: dict[str, Tag] = {tag.name: tag for tag in open_tags}
    if wanted - known - set(found):
        raise NotFound
    with transaction.atomic():
        rows.exclude(tag__name__in=wanted).delete()
        made = [TagFollow(user_id=user.pk, tag=tag) for tag in found.values()]
        TagFollow.objects.bulk_create(made, ignore_conflicts=True)
        _changed(user)
    return sorted(wanted)


def reset(*, actor: Viewer) -> TasteReset:
    """Forget what was learned of somebody until now; what they chose themselves stays.

    Likes, comments and follows stay as well, but what was done before says nothing any more.
    """
    user = require_active(actor)
    limits.consume(budget="relation", subject=str(user.pk))
    with transaction.atomic():
        row, _ = TasteReset.objects.update_or_create(user=user, defaults={"at": timezone.now()})
        NotInterested.objects.filter(user_id=user.pk).delete()
        _changed(user)
    return row


def _changed(user: User) -> None:
    events.publish(WishesChanged(user_id=user.pk))


def _name(mute: FeedMute, sound: Sound | None) -> str:
    if mute.kind == Kind.TAG:
        return f"#{mute.value}"
    if mute.kind == Kind.WORD:
        return mute.value
    return sound_name(sound) if sound else ""


def _clean(kind: str, value: str) -> str:
    text = reading.plain(value)
    if kind == Kind.TAG:
        text = text.removeprefix("#")
    longest = MAX_TAG_LENGTH if kind == Kind.TAG else LONGEST_WORD
    usable = 0 < len(text) <= longest and text.isprintable() and kind in (Kind.WORD, Kind.TAG)
    if not usable or (kind == Kind.TAG and " " in text):
        message = f"A word has up to {LONGEST_WORD} characters, a tag up to {MAX_TAG_LENGTH}."
        raise Invalid.field("value", message, code="invalid")
    return text
