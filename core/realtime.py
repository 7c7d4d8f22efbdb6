"""Events to the sockets of people: persist, acknowledge, publish.

`emit` writes a row in the caller's transaction, publishes it after the commit and deletes the row;
what a crash or a lost Redis leaves behind is swept by the gateway. `whisper` is for what the
database tells anyway (receipts), `breathe` for what is worth nothing a moment later (typing),
`hand` for what one socket alone may hear (the signalling of calls).

The numbers: every event of a person gets the next offset `o` of that person's stream and is kept
in a ring, so that a socket that was away for a moment resumes where it was. `epoch` names the
life of the ring; another epoch means that nothing before is known.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.utils import timezone

from core.bus import Bus, Frame, bus
from core.models import Outbox
from core.redis_link import Gone

logger = logging.getLogger(__name__)
Event: TypeAlias = Mapping[str, Any]
Guard: TypeAlias = Callable[[Event, list[UUID]], Collection[UUID]]
SWEEP_AFTER = timedelta(seconds=2)
_guards: list[Guard] = []

__all__ = ["Bus", "Frame", "breathe", "bus", "emit", "hand", "register_guard", "sweep", "whisper"]


def emit(*, user_ids: Iterable[UUID], event: Event) -> None:
    """Tell the sockets of these people once the transaction commits, whatever dies meanwhile.

    `event` is `{ev, d}` with `c` and `es` where it belongs to a conversation.
    """
    ids = [str(user_id) for user_id in user_ids]
    if not ids:
        return
    body = encode(event)
    row = Outbox.objects.create(user_ids=ids, event=orjson.loads(body))
    transaction.on_commit(partial(_publish_row, row.pk, ids, event, body))


def whisper(*, user_ids: Iterable[UUID], event: Event) -> None:
    """Tell the sockets of these people after the commit; lost when nobody carries it."""
    ids = [str(user_id) for user_id in user_ids]
    if ids:
        transaction.on_commit(partial(_try, ids, event, encode(event), numbered=True))


def breathe(*, user_ids: Iterable[UUID], event: Event) -> None:
    """Tell the sockets of these people now, without a number: first to go when a socket is slow."""
    _try([str(user_id) for user_id in user_ids], event, encode(event), numbered=False)


def hand(*, user_id: UUID, connection: str, event: Event) -> bool:
    """Give an event to one socket of a person now: neither numbered nor kept anywhere.

    Return whether there was a bus to carry it.
    """
    frame = Frame(ev=str(event["ev"]), c=f"@{connection}", body=encode(event))
    try:
        bus().publish([str(user_id)], frame, numbered=False)
    except Gone:
        return False
    return True


def register_guard(guard: Guard) -> None:
    """Add a rule that narrows who gets an event that is published late; call it in `ready`."""
    if guard not in _guards:
        _guards.append(guard)


def sweep(*, limit: int = 200) -> int:
    """Publish what has waited too long; return how many went out. Raises Gone without a bus."""
    before = timezone.now() - SWEEP_AFTER
    waiting = Outbox.objects.filter(created_at__lt=before).order_by("pk")
    if not waiting.exists():
        return 0
    with transaction.atomic():
        rows = waiting
        if connection.features.has_select_for_update_skip_locked:
            rows = waiting.select_for_update(skip_locked=True)
        found = list(rows[:limit])
        for row in found:
            _publish_late(row)
        Outbox.objects.filter(pk__in=[row.pk for row in found]).delete()
    return len(found)


def encode(event: Event) -> bytes:
    """Return an event as it goes over the wire, without its number."""
    return orjson.dumps(event, default=str, option=orjson.OPT_UTC_Z)


def _publish_row(pk: UUID, ids: list[str], event: Event, body: bytes) -> None:
    if _try(ids, event, body, numbered=True):
        # One statement and no transaction around it: nothing hangs on the row.
        rows = Outbox.objects.filter(pk=pk)
        rows._raw_delete(rows.db)


def _publish_late(row: Outbox) -> None:
    ids = [UUID(user_id) for user_id in row.user_ids]
    for guard in _guards:
        ids = [user_id for user_id in ids if user_id in set(guard(row.event, ids))]
    if ids:
        bus().publish([str(user_id) for user_id in ids], _frame(row.event, encode(row.event)))


def _try(ids: list[str], event: Event, body: bytes, *, numbered: bool) -> bool:
    try:
        bus().publish(ids, _frame(event, body), numbered=numbered)
    except Gone:
        return False
    return True


def _frame(event: Event, body: bytes) -> Frame:
    return Frame(ev=str(event["ev"]), c=str(event.get("c") or "-"), body=body)
