"""Presence: who is connected, when somebody was last seen, and who is told.

Friends only, and reciprocal: whoever hides their presence sees nobody's. Sockets keep a person
present by expiry (`core.presence`), so a server that dies leaves nobody "online". Those who are
told are those who said that they look (`watch`), asked again by the rule at every change: a block,
a lost friendship or a suspension counts from the moment it is committed.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from chat import selectors
from chat.models import ChatSettings
from core import realtime
from core.cooldown import take
from core.errors import Invalid
from core.ids import parse_uuid
from core.presence import roll
from core.redis_link import Gone
from social.graph.policies import Viewer, require_active

# Longer than the gateway's patience with a silent client.
HELD_SECONDS = 75
# A page that is left for the next one closes its socket for a moment.
GRACE_SECONDS = 8
WATCH_SECONDS = 90
MAX_WATCHED = 200
NOTED_EVERY = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class Presence:
    """What a person's friends may know; `last_seen_at` is when the last connection was heard."""

    user_id: UUID
    is_online: bool
    last_seen_at: datetime | None


def arrived(user_id: UUID, connection: str) -> None:
    """Keep a person present by a socket that was opened or heard of."""
    with suppress(Gone):  # without Redis nobody knows of anybody; messages go on
        came = roll().hold(str(user_id), connection, seconds=HELD_SECONDS)
        if take(f"last-seen:{user_id}", seconds=int(NOTED_EVERY.total_seconds())):
            _note(user_id)
        if came:
            tell_watchers(user_id)


def departed(user_id: UUID, connection: str) -> None:
    """Let a socket that was closed hold its person for a moment only."""
    _note(user_id)
    with suppress(Gone):
        roll().hold(str(user_id), connection, seconds=GRACE_SECONDS, known_only=True)


def announce_lapsed() -> int:
    """Tell of those whom no socket holds any more; return how many. Raises Gone."""
    gone = roll().lapsed()
    for user_id in gone:
        tell_watchers(UUID(user_id))
    return len(gone)


def presence_of(viewer: User, user_ids: Collection[UUID]) -> list[Presence]:
    """Return the presence of those of these people of whom the viewer may know."""
    return _states(selectors.acquainted_ids(viewer.pk, user_ids))


def watch(*, actor: Viewer, user_ids: object) -> list[Presence]:
    """Return what the actor may know of these people, and tell changes for WATCH_SECONDS.

    `user_ids` is a list of at most MAX_WATCHED ids. People of whom the actor may not know are left
    out, whatever the reason. Raises Invalid.
    """
    user = require_active(actor)
    allowed = selectors.acquainted_ids(user.pk, parse_watched(user_ids))
    with suppress(Gone):
        roll().watch(str(user.pk), [str(pk) for pk in allowed], seconds=WATCH_SECONDS)
    return _states(allowed)


def parse_watched(given: object) -> list[UUID]:
    """Return the people that a client asks about; raises Invalid for too many or no ids."""
    if not isinstance(given, list) or len(given) > MAX_WATCHED:
        raise Invalid.field("ids", f"A list of at most {MAX_WATCHED} ids.")
    found = [parse_uuid(one) for one in given]
    if None in found:
        raise Invalid.field("ids", "Not all of these are ids.")
    return [one for one in dict.fromkeys(found) if one is not None]


def tell_watchers(user_id: UUID) -> None:
    """Tell a person's state to those who look and may know; raises Gone."""
    watchers = _watchers(user_id)
    readers = selectors.acquainted_ids(user_id, watchers) if watchers else set()
    if readers:
        realtime.breathe(user_ids=readers, event=presence_event(*_states([user_id])))


def hide(user_id: UUID, readers: Iterable[UUID]) -> None:
    """Have the pages of those who looked forget a person's state."""
    told = {"user_id": user_id, "online": None, "last_seen_at": None}
    realtime.breathe(user_ids=readers, event={"ev": "presence", "d": told})


def readers_of(user_id: UUID) -> set[UUID]:
    """Return who looks at a person's presence now and may; nobody without Redis."""
    with suppress(Gone):
        return selectors.acquainted_ids(user_id, _watchers(user_id))
    return set()


def presence_json(presence: Presence) -> dict[str, Any]:
    """Return a state as sockets and the API tell it."""
    return {
        "user_id": presence.user_id,
        "online": presence.is_online,
        "last_seen_at": presence.last_seen_at,
    }


def presence_event(presence: Presence) -> dict[str, Any]:
    """Return the event that tells a state."""
    return {"ev": "presence", "d": presence_json(presence)}


def _watchers(user_id: UUID) -> list[UUID]:
    return [UUID(watcher) for watcher in roll().watchers(str(user_id))]


def _states(user_ids: Collection[UUID]) -> list[Presence]:
    try:
        present = roll().online([str(pk) for pk in user_ids])
    except Gone:
        present = set()
    rows = ChatSettings.objects.filter(user_id__in=user_ids)
    seen = dict(rows.values_list("user_id", "last_seen_at"))
    return [Presence(pk, str(pk) in present, seen.get(pk)) for pk in user_ids]


def _note(user_id: UUID) -> None:
    """Keep when somebody was here; nothing is kept of those who hide it."""
    if not User.objects.filter(pk=user_id).exists():
        return
    row, made = ChatSettings.objects.get_or_create(
        user_id=user_id, defaults={"last_seen_at": timezone.now()}
    )
    if not made and row.show_presence:
        ChatSettings.objects.filter(pk=row.pk, show_presence=True).update(
            last_seen_at=timezone.now()
        )
