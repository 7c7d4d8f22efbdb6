"""One's own view of a conversation: read and delivered positions, mute, pin, archive, draft."""

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import User
from chat import policies, selectors
from chat.events import MessageRead
from chat.models import ChatSettings, Member
from chat.policies import State
from chat.services import presence, rooms
from chat.text import MAX_LENGTH
from core import events, realtime
from core.errors import Invalid
from core.redis_link import Gone
from social.graph import selectors as graph
from social.graph.policies import Viewer

MAX_PINNED = 5
FOREVER = timedelta(days=3650)
SETTINGS = ("read_receipts", "show_presence")


def mark_read(*, actor: Viewer, conversation_id: object, seq: int) -> Member:
    """Move the actor's read position forward, never back; others hear of it if both let it be."""
    return _move(actor, conversation_id, seq, "last_read_seq", "receipt.read")


def mark_delivered(
    *, actor: Viewer, conversation_id: object, seq: int, foreground: bool = False
) -> Member:
    """Move the actor's delivered position forward, never back.

    `foreground` says that somebody is looking at the device at this moment: they need not be told
    elsewhere.
    """
    member = _move(actor, conversation_id, seq, "last_delivered_seq", "receipt.delivered")
    if foreground:
        place = min(max(0, seq), member.conversation.last_msg_seq)
        Member.objects.filter(pk=member.pk, last_shown_seq__lt=place).update(last_shown_seq=place)
    return member


def _move(actor: Viewer, conversation_id: object, seq: int, field: str, event: str) -> Member:
    user = rooms.authorise(actor)
    member = selectors.membership(user=user, conversation_id=conversation_id)
    place = min(max(0, seq), member.conversation.last_msg_seq)
    rows = Member.objects.filter(pk=member.pk, **{f"{field}__lt": place})
    changes: dict[str, Any] = {field: Greatest(F(field), place), "changed_at": timezone.now()}
    if field == "last_read_seq":
        changes["last_delivered_seq"] = Greatest(F("last_delivered_seq"), place)
    if rows.update(**changes):
        member.refresh_from_db(fields=["last_read_seq", "last_delivered_seq", "changed_at"])
        _tell_receipt(user, member, event, place)
        if field == "last_read_seq":
            events.publish(MessageRead(member.conversation_id, user.pk, place))
    return member


def _tell_receipt(user: User, member: Member, event: str, place: int) -> None:
    others = receipt_readers(user, member)
    payload = {"user_id": user.pk, "seq": place}
    realtime.whisper(
        user_ids=[user.pk, *others], event={"ev": event, "c": member.conversation_id, "d": payload}
    )


def receipt_readers(user: User, member: Member) -> list[UUID]:
    """Return who may know how far `user` has read: nobody in a request or a large group."""
    if member.state != State.ACTIVE or not settings_of(user).read_receipts:
        return []
    if member.conversation.member_count > policies.NAMED_RECEIPTS_UP_TO:
        return []
    others = [pk for pk in selectors.active_ids(member.conversation_id) if pk != user.pk]
    silent = set(
        ChatSettings.objects.filter(user_id__in=others, read_receipts=False).values_list(
            "user_id", flat=True
        )
    )
    blocked = set(graph.blocked_ids(user.pk)) if others else set()
    return [pk for pk in others if pk not in silent and pk not in blocked]


def receipts_for(viewer: User, member: Member) -> dict[UUID, tuple[int, int]]:
    """Return how far the others are, (read, delivered), as far as the viewer may know."""
    if not receipt_readers(viewer, member) and member.conversation.member_count > 1:
        return {}
    allowed = set(receipt_readers(viewer, member))
    rows = Member.objects.filter(
        conversation_id=member.conversation_id, user_id__in=allowed, state=State.ACTIVE
    )
    return {row.user_id: (row.last_read_seq, row.last_delivered_seq) for row in rows}


def update_own(*, actor: Viewer, conversation_id: object, **changes: Any) -> Member:
    """Change `muted_until` (a time, or True for good), `pinned`, `archived` or `draft`."""
    user = rooms.authorise(actor)
    member = selectors.membership(user=user, conversation_id=conversation_id)
    now = timezone.now()
    values: dict[str, Any] = {}
    if "muted_until" in changes:
        values["muted_until"] = _muted(changes["muted_until"], now)
    if "pinned" in changes:
        values["pinned_at"] = _pinned(user, now) if changes["pinned"] else None
    if "archived" in changes:
        values["archived_at"] = now if changes["archived"] else None
    if "draft" in changes:
        values["draft"] = str(changes["draft"] or "")[:MAX_LENGTH]
    rooms.save_member(member, **values)
    rooms.tell_self(member)
    return member


def settings_of(user: User) -> ChatSettings:
    """Return what the person lets others know."""
    return ChatSettings.objects.filter(user_id=user.pk).first() or ChatSettings(user_id=user.pk)


def update_settings(*, actor: Viewer, **changes: bool) -> ChatSettings:
    """Change any of `SETTINGS`, effective at once."""
    user = rooms.authorise(actor)
    unknown = set(changes) - set(SETTINGS)
    if unknown:
        raise Invalid.field(unknown.pop(), "There is no such setting.")
    before = presence.readers_of(user.pk) if "show_presence" in changes else set()
    hides = changes.get("show_presence") is False
    forgotten = {"last_seen_at": None} if hides else {}
    row, _ = ChatSettings.objects.update_or_create(
        user_id=user.pk, defaults={**changes, **forgotten}
    )
    if "show_presence" in changes:
        transaction.on_commit(partial(_tell_presence, user.pk, before, hides=hides))
    return row


def _tell_presence(user_id: UUID, before: set[UUID], *, hides: bool) -> None:
    """Have open pages follow: the person's own look anew, those of friends forget or learn."""
    realtime.whisper(user_ids=[user_id], event={"ev": "session.refilter", "d": {}})
    if hides:
        presence.hide(user_id, before)
        return
    with suppress(Gone):
        presence.tell_watchers(user_id)


def _muted(value: "datetime | bool | None", now: datetime) -> datetime | None:
    if isinstance(value, bool):
        return now + FOREVER if value else None
    return value


def _pinned(user: User, now: datetime) -> datetime:
    pinned = Member.objects.filter(user_id=user.pk, pinned_at__isnull=False, state=State.ACTIVE)
    if pinned.count() >= MAX_PINNED:
        raise Invalid.field("pinned", f"At most {MAX_PINNED} conversations are pinned.")
    return now
