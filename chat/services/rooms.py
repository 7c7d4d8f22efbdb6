"""The ground of every verb: the conversation's row is held, so that counters have no gaps.

A verb opens `locked`, which holds the conversation; what it changes is told by `record`, which
counts the event, keeps it for those who ask later, and puts it in the outbox, all in one
transaction.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from chat import policies, selectors
from chat.models import Attachment, Conversation, ConversationEvent, Member, Message, Reaction
from chat.presentation import message_json, own_json
from core import limits, realtime
from core.errors import NotFound
from core.ids import parse_uuid, uuid7
from core.statements import Statement, kept, stand_in, stand_ins
from social.graph import policies as people
from social.graph.policies import Viewer


def authorise(actor: Viewer, *, budget: str = "chat_change") -> User:
    """Return the actor, who may act and has budget left; raises RateLimited and its like."""
    user = people.require_active(actor)
    limits.consume(budget=budget, subject=str(user.pk))
    return user


@contextmanager
def locked(conversation_id: object) -> Iterator[Conversation]:
    """Open a transaction that holds a conversation; raises NotFound."""
    key = parse_uuid(conversation_id)
    with transaction.atomic():
        found = _held().rows(room=key) if key else []
        if not found:
            raise NotFound
        yield found[0]


@kept
def _held() -> Statement[Conversation]:
    room = stand_in(1)
    rows = Conversation.objects.select_for_update(no_key=True).filter(pk=room)
    return Statement(rows, {"room": room})


@contextmanager
def locked_as(actor: User, conversation_id: object) -> Iterator[tuple[Conversation, Member]]:
    """Open a transaction that holds a conversation in which the actor may write."""
    with locked(conversation_id) as conversation:
        yield conversation, policies.require_active(find(conversation, actor.pk))


def find(conversation: Conversation, user_id: UUID) -> Member | None:
    """Return somebody's membership in a conversation that is held, in any state."""
    for member in _membership().rows(room=conversation.pk, user=user_id):
        member.conversation = conversation
        return member
    return None


@kept
def _membership() -> Statement[Member]:
    room, user = stand_ins(1, 2)
    rows = Member.objects.filter(conversation_id=room, user_id=user)
    return Statement(rows, {"room": room, "user": user})


def record(
    conversation: Conversation,
    event: str,
    payload: dict[str, Any],
    *,
    message: Message | None = None,
    also: Collection[UUID] = (),
    readers: Collection[UUID] | None = None,
) -> None:
    """Count, keep and send a change of a conversation that is held; `also` gets it too.

    `readers` are all who may read it, for callers who have asked.
    """
    conversation.last_event_seq += 1
    conversation.last_activity_at = timezone.now()
    conversation.save(
        update_fields=["last_event_seq", "last_activity_at", "last_msg_seq", "sort_at"]
    )
    ConversationEvent.objects.create(
        conversation=conversation,
        event_seq=conversation.last_event_seq,
        type=event,
        message=message,
        # What a message says is read anew by whoever asks later: nothing deleted stays here.
        payload={} if event in ("message.new", "message.edit") else payload_json(payload),
    )
    told = selectors.reading_ids(conversation.pk) if readers is None else readers
    realtime.emit(
        user_ids={*told, *also},
        event={"ev": event, "c": conversation.pk, "es": conversation.last_event_seq, "d": payload},
    )


def payload_json(payload: dict[str, Any]) -> Any:
    """Return a payload as plain JSON, as it goes over the wire."""
    return orjson.loads(realtime.encode(payload))


def append(conversation: Conversation, *, sender_id: UUID | None, **fields: Any) -> Message:
    """Insert the next message of a conversation that is held; the caller records the event."""
    conversation.last_msg_seq += 1
    message = Message.objects.create(
        conversation=conversation, seq=conversation.last_msg_seq, sender_id=sender_id, **fields
    )
    conversation.sort_at = message.created_at
    # Nobody has reacted to what is not told yet, and it has no files until some are attached: its
    # JSON need not ask, while everybody else waits for the conversation.
    vars(message)["_prefetched_objects_cache"] = {
        "attachments": Attachment.objects.none(),
        "reactions": Reaction.objects.none(),
    }
    return message


def forget_parts(message: Message) -> None:
    """Have the parts of a new message read again, after files were attached to it."""
    vars(message)["_prefetched_objects_cache"] = {}


def say(conversation: Conversation, *, actor: User, what: str, **meta: Any) -> None:
    """Append a line of the product's own: who did what to the group."""
    message = append(
        conversation,
        sender_id=actor.pk,
        client_id=uuid7(),
        fingerprint="",
        kind=Message.Kind.SYSTEM,
        meta=payload_json({"what": what, **meta}),
    )
    message.sender = actor
    record(conversation, "message.new", message_json(message), message=message)
    Member.objects.filter(conversation=conversation, user_id=actor.pk).update(
        last_read_seq=message.seq
    )


def save_member(member: Member, **changes: Any) -> None:
    """Change a membership, so that `/sync` tells the person's devices."""
    for name, value in changes.items():
        setattr(member, name, value)
    member.changed_at = timezone.now()
    member.save(update_fields=[*changes, "changed_at"])


def tell_member(conversation: Conversation, member: Member) -> None:
    """Record how somebody is in a conversation that is held, after their row was changed."""
    payload = {"user_id": member.user_id, "role": member.role, "state": member.state}
    count = {"member_count": conversation.member_count}
    record(conversation, "member.update", payload | count)


def tell_self(member: Member) -> None:
    """Tell the person's own devices how they have the conversation now."""
    realtime.whisper(
        user_ids=[member.user_id],
        event={"ev": "conv.me", "c": member.conversation_id, "d": own_json(member)},
    )
