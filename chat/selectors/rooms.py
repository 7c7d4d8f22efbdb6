"""Reads: everything goes through a membership, so that nothing leaks from a room to outside."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from chat import policies
from chat.models import (
    Attachment,
    ChatSettings,
    Conversation,
    ConversationEvent,
    InviteLink,
    Member,
    Message,
    MessageHidden,
)
from core.errors import Invalid, NotFound
from core.ids import parse_uuid
from core.statements import Statement, kept, stand_in, stand_ins
from social.graph import policies as people
from social.graph import selectors as graph

State = Member.State
OVERLAP = timedelta(seconds=5)
PAGE, MAX_PAGE = 10, 50
SYNC_PAGE = 200
FOLDERS = ("inbox", "requests", "archived")


@dataclass(frozen=True)
class MessagePage:
    """A stretch of messages, oldest first, and whether there are more on either side."""

    messages: list[Message]
    more_before: bool
    more_after: bool


def membership(*, user: User, conversation_id: object) -> Member:
    """Return the user's membership with its conversation; NotFound unless they may read."""
    key = parse_uuid(conversation_id)
    found = _membership().rows(room=key, user=user.pk) if key else []
    return policies.require_open(found[0] if found else None)


@kept
def _membership() -> Statement[Member]:
    room, user = stand_ins(1, 2)
    rows = Member.objects.select_related("conversation").filter(conversation_id=room, user_id=user)
    return Statement(rows, {"room": room, "user": user})


def is_inside(*, user: User, conversation_id: UUID) -> bool:
    """Return whether the user is in a conversation now."""
    rows = Member.objects.filter(user_id=user.pk, state=State.ACTIVE)
    return rows.filter(conversation_id=conversation_id).exists()


def memberships(*, user: User, folder: str = "inbox") -> "QuerySet[Member]":
    """Return a folder of the user's conversations, each with `sort_at`, latest first."""
    if folder not in FOLDERS:
        raise Invalid.field("folder", f"One of: {', '.join(FOLDERS)}.")
    rows = Member.objects.filter(user_id=user.pk).annotate(sort_at=F("conversation__sort_at"))
    if folder == "requests":
        rows = rows.filter(state=State.REQUEST)
    else:
        rows = rows.filter(state=State.ACTIVE, archived_at__isnull=folder == "inbox")
    # A pair in which nobody has written (since it was cleared) is in no list.
    said = Q(conversation__last_msg_seq__gt=F("hidden_before_seq"))
    begun = said | Q(conversation__kind=Conversation.Kind.GROUP)
    return rows.filter(begun).select_related("conversation").order_by("-sort_at", "-id")


def active_ids(conversation_id: UUID) -> list[UUID]:
    """Return who gets the events of a conversation."""
    rows = Member.objects.filter(conversation_id=conversation_id, state=State.ACTIVE)
    return list(rows.values_list("user_id", flat=True))


def reading_ids(conversation_id: UUID) -> list[UUID]:
    """Return who may read a conversation now, those with an unanswered request included."""
    return list(readers_of(conversation_id))


def readers_of(conversation_id: UUID) -> dict[UUID, str]:
    """Return who may read a conversation now, with the state of their membership."""
    return dict(_readers().rows(room=conversation_id))


@kept
def _readers() -> Statement[tuple[UUID, str]]:
    room = stand_in(1)
    rows = Member.objects.filter(conversation_id=room, state__in=[State.ACTIVE, State.REQUEST])
    return Statement(rows.values_list("user_id", "state"), {"room": room})


def members_of(conversation_ids: Collection[UUID]) -> "QuerySet[Member]":
    """Return who is in these conversations, with the people, in the order of joining."""
    rows = Member.objects.filter(
        conversation_id__in=conversation_ids, state__in=[State.ACTIVE, State.REQUEST]
    )
    return rows.select_related("user").order_by("id")


def acquainted_ids(user_id: UUID, among: Collection[UUID]) -> set[UUID]:
    """Return who of these and the person may know of each other's presence, in two queries.

    Friends without a block, where both may be seen at all and both let their presence be known:
    the rule is the same from either side.
    """
    silent = ChatSettings.objects.filter(show_presence=False).values("user_id")
    open_rows = people.people_visible_to(None).filter(pk__in=[user_id, *among])
    open_ids = set(open_rows.exclude(pk__in=silent).values_list("pk", flat=True))
    if user_id not in open_ids:
        return set()
    found = graph.relationships_for(user_id, [pk for pk in among if pk in open_ids])
    return {pk for pk, relation in found.items() if relation.friend and not relation.is_blocked}


def visible_messages(member: Member) -> "QuerySet[Message]":
    """Return the messages of a conversation that are the member's to see."""
    hidden = MessageHidden.objects.filter(user_id=member.user_id, message_id=OuterRef("pk"))
    return Message.objects.filter(
        ~Exists(hidden),
        conversation_id=member.conversation_id,
        seq__gt=policies.first_visible(member),
    )


def get_message(*, user: User, message_id: object) -> tuple[Message, Member]:
    """Return a message that the user may see, and their membership; raises NotFound."""
    key = parse_uuid(message_id)
    message = (
        Message.objects.select_related("conversation", "sender").filter(pk=key).first()
        if key
        else None
    )
    if message is None:
        raise NotFound
    member = membership(user=user, conversation_id=message.conversation_id)
    if not visible_messages(member).filter(pk=message.pk).exists():
        raise NotFound
    return message, member


def get_attachment(*, user: User, attachment_id: object) -> Attachment:
    """Return a file: one's own that is not sent yet, or one of a message that one may see."""
    key = parse_uuid(attachment_id)
    found = Attachment.objects.filter(pk=key).first() if key else None
    if found is None:
        raise NotFound
    if found.message_id is None:
        if found.owner_id != user.pk:
            raise NotFound
        return found
    get_message(user=user, message_id=found.message_id)
    return found


def with_parts(rows: "QuerySet[Message]") -> "QuerySet[Message]":
    """Return messages with all that their JSON shows."""
    return rows.select_related("sender", "reply_to").prefetch_related("reactions", "attachments")


def messages_page(
    member: Member,
    *,
    before_seq: int | None = None,
    after_seq: int | None = None,
    around_seq: int | None = None,
    limit: int = PAGE,
) -> MessagePage:
    """Return messages before, after or around a place, or the last ones; at most MAX_PAGE."""
    size = max(1, min(limit, MAX_PAGE))
    rows = with_parts(visible_messages(member))
    if after_seq is not None:
        found = list(rows.filter(seq__gt=after_seq).order_by("seq")[: size + 1])
        return MessagePage(found[:size], more_before=after_seq > 0, more_after=len(found) > size)
    if around_seq is not None:
        half = size // 2
        older = list(rows.filter(seq__lt=around_seq).order_by("-seq")[: half + 1])
        newer = list(rows.filter(seq__gte=around_seq).order_by("seq")[: size - half + 1])
        page = [*reversed(older[:half]), *newer[: size - half]]
        return MessagePage(page, len(older) > half, len(newer) > size - half)
    if before_seq is not None:
        rows = rows.filter(seq__lt=before_seq)
    found = list(rows.order_by("-seq")[: size + 1])
    return MessagePage(found[:size][::-1], len(found) > size, before_seq is not None)


def last_messages(members: Collection[Member]) -> dict[UUID, Message]:
    """Return the last message of each member's conversation that they may see, by conversation."""
    ids = {member.conversation_id: member for member in members}
    if not ids:
        return {}
    user_id = next(iter(ids.values())).user_id
    hidden = MessageHidden.objects.filter(user_id=user_id, message_id=OuterRef("pk"))
    rows = with_parts(
        Message.objects.filter(
            ~Exists(hidden), conversation_id__in=ids, seq=F("conversation__last_msg_seq")
        )
    )
    return {
        row.conversation_id: row
        for row in rows
        if row.seq > policies.first_visible(ids[row.conversation_id])
    }


def events_after(member: Member, *, after: int, limit: int = 100) -> list[ConversationEvent]:
    """Return the changes of a conversation after an `event_seq`, in order.

    Raises Invalid `events_gone` when some of them are no longer kept: read the state anew.
    """
    rows = ConversationEvent.objects.filter(
        conversation_id=member.conversation_id, event_seq__gt=after
    )
    found = list(rows.order_by("event_seq")[:limit])
    last = member.conversation.last_event_seq
    expected = min(limit, max(0, last - after))
    if len(found) < expected or (found and found[0].event_seq != after + 1):
        raise Invalid("events_gone", "Too much has happened since; read the conversation anew.")
    return found


def changed_since(*, user: User, cursor: datetime | None) -> list[Member]:
    """Return the user's memberships that changed, those that ended included; latest first."""
    rows = Member.objects.filter(user_id=user.pk).select_related("conversation")
    if cursor is None:
        rows = rows.filter(state__in=[State.ACTIVE, State.REQUEST])
    else:
        since = cursor - OVERLAP
        rows = rows.filter(
            Q(changed_at__gte=since)
            | Q(
                conversation__last_activity_at__gte=since,
                state__in=[State.ACTIVE, State.REQUEST],
            )
        )
    return list(rows.order_by("-conversation__last_activity_at")[:SYNC_PAGE])


def unread_total(user: User) -> int:
    """Return how many conversations of the inbox have something unread and are not muted."""
    now = timezone.now()
    rows = Member.objects.filter(user_id=user.pk, state=State.ACTIVE, archived_at__isnull=True)
    rows = rows.filter(Q(muted_until__isnull=True) | Q(muted_until__lt=now))
    fresh = rows.filter(
        conversation__last_msg_seq__gt=F("last_read_seq"),
    ).filter(
        Q(conversation__last_msg_seq__gt=F("joined_seq"))
        & Q(conversation__last_msg_seq__gt=F("hidden_before_seq"))
    )
    return fresh.count()


def live_link(token: str) -> InviteLink:
    """Return the invite link of a token with its group; raises NotFound for a dead one."""
    rows = InviteLink.objects.select_related("conversation").filter(
        revoked_at__isnull=True, expires_at__gt=timezone.now()
    )
    link = rows.filter(token=token).first() if token.isascii() and len(token) <= 32 else None
    if link is None:
        raise NotFound
    return link


def link_of(conversation: Conversation) -> InviteLink | None:
    """Return the invite link of a group that works now."""
    rows = InviteLink.objects.filter(conversation=conversation, revoked_at__isnull=True)
    return rows.filter(expires_at__gt=timezone.now()).first()


def group_with_picture(*, user: User, conversation_id: object, name: str) -> Conversation:
    """Return the group whose picture `name` is now, for a member, or for anybody if it is open.

    Raises NotFound.
    """
    key = parse_uuid(conversation_id)
    found = Conversation.objects.filter(pk=key).first() if key else None
    if found is None or PurePath(found.picture_key).stem != name or not name:
        raise NotFound
    if not found.is_open:
        membership(user=user, conversation_id=key)
    return found


def revisions_of(message: Message) -> list[dict[str, Any]]:
    """Return what a message said before, oldest first."""
    rows = message.revisions.order_by("revision")
    return [
        {"revision": row.revision, "body": row.body, "created_at": row.created_at} for row in rows
    ]
