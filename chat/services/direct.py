"""Conversations of two, and the requests that strangers begin them with."""

from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from chat import policies, selectors
from chat.events import MessageRequested
from chat.models import Conversation, Member, Message
from chat.policies import State
from chat.presentation import own_json
from chat.services import rooms
from core import events, limits, realtime
from core.errors import Forbidden, Invalid
from social.graph import policies as people
from social.graph import selectors as graph
from social.graph import services as graph_services
from social.graph.policies import Viewer

NEW_ACCOUNT_DAYS = 7


def open_dm(*, actor: Viewer, handle: str) -> Member:
    """Return the actor's side of the one conversation with a person, made if need be.

    Raises NotFound for whom the actor may not see, Invalid for oneself, Forbidden
    `cannot_message` where the person does not want to be written to.
    """
    user = rooms.authorise(actor, budget="conversation")
    person = people.get_visible_person(viewer=user, handle=handle)
    if person.pk == user.pk:
        raise Invalid("own_account", "You cannot write to yourself.")
    key = ":".join(sorted((str(user.pk), str(person.pk))))
    with transaction.atomic():
        relation = graph.relationship(user.pk, person.pk)
        existing = Conversation.objects.filter(dm_key=key).first()
        if existing is None:
            if not policies.may_write_to(person, relation):
                raise policies.cannot_message()
            existing = _make(key, user.pk, person.pk, request=policies.needs_request(relation))
        with rooms.locked(existing.pk) as conversation:
            mine = rooms.find(conversation, user.pk)
            assert mine is not None
            if mine.state not in (State.ACTIVE, State.REQUEST):
                rooms.save_member(mine, state=State.ACTIVE)
                rooms.tell_member(conversation, mine)
    return selectors.membership(user=user, conversation_id=existing.pk)


def _make(key: str, one_id: UUID, other_id: UUID, *, request: bool) -> Conversation:
    """Insert the pair's conversation; of two who do it at once, one wins and both get it."""
    now = timezone.now()
    fresh = Conversation(
        kind=Conversation.Kind.DM,
        dm_key=key,
        last_activity_at=now,
        sort_at=now,
        member_count=2,
    )
    Conversation.objects.bulk_create([fresh], ignore_conflicts=True)
    conversation = Conversation.objects.get(dm_key=key)
    state = State.REQUEST if request else State.ACTIVE
    Member.objects.bulk_create(
        [
            Member(conversation=conversation, user_id=one_id, changed_at=now),
            Member(conversation=conversation, user_id=other_id, state=state, changed_at=now),
        ],
        ignore_conflicts=True,
    )
    return conversation


def require_may_send(conversation: Conversation, user: User, *, kind: str) -> "tuple[Member, bool]":
    """Return the other side of a pair to which `user` may send now, and whether it is a request.

    Raises Forbidden `cannot_message` (blocked, gone, declined) or `request_pending` (one text until
    the other has said yes).
    """
    other = (
        Member.objects.select_related("user")
        .filter(conversation=conversation)
        .exclude(user_id=user.pk)
        .first()
    )
    if other is None:
        raise policies.cannot_message()
    relation = graph.relationship(user.pk, other.user_id)
    gone = other.user.is_suspended or not other.user.is_active
    if relation.is_blocked or gone:
        raise policies.cannot_message()
    if other.state == State.ACTIVE:
        return other, False
    if relation.friend:
        rooms.save_member(other, state=State.ACTIVE)
        rooms.tell_member(conversation, other)
        return other, False
    if other.state != State.REQUEST or not policies.may_write_to(other.user, relation):
        raise policies.cannot_message()
    if Message.objects.filter(conversation=conversation, sender_id=user.pk).exists():
        raise Forbidden("request_pending", "They have not answered your request yet.")
    if kind != Message.Kind.TEXT:
        raise Forbidden("request_text_only", "A request is one message of text.")
    return other, True


def consume_request_budget(user: User) -> None:
    """Take one new request from the user's day; young accounts have few."""
    age = timezone.now() - user.created_at
    limits.consume(budget="message_request", subject=str(user.pk))
    if age.days < NEW_ACCOUNT_DAYS:
        limits.consume(budget="message_request_new", subject=str(user.pk))


def is_new_request(user: User, conversation_id: object) -> bool:
    """Return whether what the user is about to send would be a request."""
    member = selectors.membership(user=user, conversation_id=conversation_id)
    if member.conversation.is_group or member.conversation.last_msg_seq:
        return False
    others = Member.objects.filter(conversation_id=member.conversation_id, state=State.REQUEST)
    return others.exclude(user_id=user.pk).exists()


def announce_request(conversation: Conversation, *, sender: User, other: Member) -> None:
    """Tell a person that somebody asks to write to them."""
    realtime.emit(
        user_ids=[other.user_id],
        event={"ev": "request.new", "c": conversation.pk, "d": {"sender_id": sender.pk}},
    )
    events.publish(
        MessageRequested(
            conversation_id=conversation.pk, sender_id=sender.pk, recipient_id=other.user_id
        )
    )


def answer_request(
    *,
    actor: Viewer,
    conversation_id: object,
    answer: Literal["accept", "decline", "block"],
) -> Member:
    """Say yes or no to whoever wrote or invited; the other side is told of a yes only.

    Raises NotFound, Forbidden `no_request` when nothing waits for an answer.
    """
    user = rooms.authorise(actor)
    with rooms.locked(conversation_id) as conversation:
        member = policies.require_open(rooms.find(conversation, user.pk))
        if member.state != State.REQUEST:
            raise Forbidden("no_request", "There is nothing to answer here.")
        if answer == "accept":
            rooms.save_member(member, state=State.ACTIVE)
            if conversation.is_group:
                conversation.member_count += 1
                conversation.save(update_fields=["member_count"])
                rooms.say(conversation, actor=user, what="joined", user_ids=[user.pk])
            rooms.tell_member(conversation, member)
        else:
            rooms.save_member(member, state=State.DECLINED)
            if conversation.is_group:
                # Whoever looks at the group does not find them; in a pair the other is not told.
                gone = {"user_id": user.pk, "state": member.state}
                count = {"member_count": conversation.member_count}
                rooms.record(conversation, "member.remove", gone | count)
            realtime.emit(
                user_ids=[user.pk],
                event={"ev": "conv.me", "c": conversation.pk, "d": own_json(member)},
            )
        other = _other(conversation, user.pk)
    if answer == "block" and other is not None:
        graph_services.block(actor=user, user_id=other)
    return member


def _other(conversation: Conversation, user_id: UUID) -> UUID | None:
    """Return whom a refusal with a block is about: the other of a pair."""
    if conversation.is_group:
        return None
    rows = Member.objects.filter(conversation=conversation).exclude(user_id=user_id)
    return rows.values_list("user_id", flat=True).first()
