"""Sending: a message exists once, at its final place, when the answer says so."""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError

from accounts.models import User
from chat import policies, selectors
from chat.events import MessageSent
from chat.models import Attachment, Conversation, Member, Message
from chat.presentation import message_json
from chat.services import direct, emoji, rooms
from chat.text import clean_body, handles_in
from core import events, files, limits
from core.errors import Conflict, Invalid, NotFound
from core.ids import parse_uuid
from core.statements import Statement, kept, stand_ins
from social.graph import policies as people
from social.graph.policies import Viewer
from videos import selectors as videos

Kind = Message.Kind
MAX_ATTACHMENTS = 10


@dataclass(frozen=True)
class Outgoing:
    """A message as its sender's device made it; `client_id` stays the same over retries."""

    client_id: UUID
    body: str = ""
    reply_to: UUID | None = None
    attachments: tuple[UUID, ...] = ()
    video_id: UUID | None = None
    profile: str = ""
    forward_of: UUID | None = None

    @property
    def fingerprint(self) -> str:
        """Return what two sendings of the same message have in common."""
        parts = (
            *(self.body, self.reply_to, sorted(map(str, self.attachments))),
            *(self.video_id, self.profile, self.forward_of),
        )
        return hashlib.sha256(orjson.dumps(parts, default=str)).hexdigest()


@dataclass(frozen=True)
class Sent:
    """The message, and whether it had been there before."""

    message: Message
    duplicate: bool


@dataclass
class _Content:
    kind: str = Kind.TEXT
    body: str = ""
    meta: dict[str, Any] = field(default_factory=dict)
    forwarded: bool = False
    copied: list[Attachment] = field(default_factory=list)


def send_message(*, actor: Viewer, conversation_id: object, outgoing: Outgoing) -> Sent:
    """Send; the same `client_id` again returns the first message and changes nothing.

    Raises NotFound outside one's conversations, Forbidden (`cannot_message`, `request_pending`,
    `request_text_only`), Conflict `client_id_reused` for another message under the same id,
    Invalid for content, RateLimited.
    """
    user = people.require_active(actor)
    again = _earlier(user, conversation_id, outgoing)
    if again is not None:
        return again
    limits.consume(budget="message", subject=str(user.pk))
    limits.consume(budget="message_room", subject=f"{user.pk}:{conversation_id}")
    if direct.is_new_request(user, conversation_id):
        direct.consume_request_budget(user)
    content = _content(user, outgoing)
    try:
        with rooms.locked_as(user, conversation_id) as (conversation, member):
            message = _insert(conversation, member, user, outgoing, content)
    except IntegrityError as error:
        # The same message was on its way at once, and the other was first: nothing of this stays.
        again = _earlier(user, conversation_id, outgoing)
        if again is None:
            raise Conflict("try_again", "This changed while you were at it. Try again.") from error
        return again
    return Sent(message, duplicate=False)


def _earlier(user: User, conversation_id: object, outgoing: Outgoing) -> Sent | None:
    """Return what the same device sent under the same id; Conflict when it was something else."""
    # Nearly always there is none.
    earlier = _ids_of().rows(sender=user.pk, client=outgoing.client_id)
    if not earlier:
        return None
    found = selectors.with_parts(Message.objects.filter(pk=earlier[0])).get()
    same_room = found.conversation_id == parse_uuid(conversation_id)
    if not same_room or found.fingerprint != outgoing.fingerprint:
        raise Conflict("client_id_reused", "This client_id was used for another message.")
    selectors.membership(user=user, conversation_id=found.conversation_id)
    return Sent(found, duplicate=True)


@kept
def _ids_of() -> Statement[UUID]:
    sender, client = stand_ins(1, 2)
    rows = Message.objects.filter(sender_id=sender, client_id=client)
    return Statement(rows.values_list("pk", flat=True), {"sender": sender, "client": client})


def _insert(
    conversation: Conversation,
    member: Member,
    user: User,
    outgoing: Outgoing,
    content: _Content,
) -> Message:
    waiting = None
    if not conversation.is_group:
        other, is_request = direct.require_may_send(conversation, user, kind=content.kind)
        waiting = other if is_request else None
    reply_to = _reply(member, outgoing.reply_to)
    # A request is text and nothing else: its shortcodes stay words.
    used = (
        {} if waiting else emoji.emoji_in(user=user, conversation=conversation, body=content.body)
    )
    attachments = _claimable(user, outgoing.attachments)
    message = rooms.append(
        conversation,
        sender_id=user.pk,
        client_id=outgoing.client_id,
        fingerprint=outgoing.fingerprint,
        kind=attachments[0].kind if attachments else content.kind,
        body=content.body,
        reply_to=reply_to,
        forwarded=content.forwarded,
        mentions=[str(pk) for pk in _mentioned(conversation, content.body)],
        meta=content.meta | ({"emoji": used} if used else {}),
    )
    _attach(message, attachments, content.copied)
    message.sender = user
    readers = selectors.readers_of(conversation.pk)
    told = message_json(message)
    rooms.record(conversation, "message.new", told, message=message, readers=readers)
    had_draft = bool(member.draft)
    rooms.save_member(member, last_read_seq=message.seq, draft="")
    if had_draft:
        rooms.tell_self(member)
    if waiting is not None:
        direct.announce_request(conversation, sender=user, other=waiting)
    else:
        active = policies.State.ACTIVE
        others = [pk for pk, state in readers.items() if state == active and pk != user.pk]
        events.publish(MessageSent(message.pk, conversation.pk, user.pk, tuple(others)))
    return message


def _content(user: User, outgoing: Outgoing) -> _Content:
    """Return what the message says; every reference is one that the sender may see."""
    if outgoing.forward_of is not None:
        return _forwarded(user, outgoing.forward_of)
    special = bool(outgoing.attachments or outgoing.video_id or outgoing.profile)
    body = clean_body(outgoing.body, required=not special)
    if outgoing.video_id is not None:
        video = videos.get_viewable_video(viewer=user, video_id=outgoing.video_id)
        return _Content(Kind.CLIP, body, {"video_id": str(video.pk)})
    if outgoing.profile:
        person = people.get_visible_person(viewer=user, handle=outgoing.profile)
        return _Content(Kind.PROFILE, body, {"username": person.username})
    if len(outgoing.attachments) > MAX_ATTACHMENTS:
        raise Invalid.field("attachments", f"At most {MAX_ATTACHMENTS} files at once.")
    kind = Kind.FILE if outgoing.attachments else Kind.TEXT
    return _Content(kind, body)


def _forwarded(user: User, message_id: UUID) -> _Content:
    message, _ = selectors.get_message(user=user, message_id=message_id)
    if message.deleted_at is not None or message.kind in (Kind.SYSTEM, Kind.CALL):
        raise NotFound
    if message.kind == Kind.CLIP:
        videos.get_viewable_video(viewer=user, video_id=message.meta.get("video_id"))
    return _Content(
        message.kind,
        message.body,
        # Whoever passes words on says them anew: the shortcodes mean their own emoji.
        {name: value for name, value in message.meta.items() if name != "emoji"},
        forwarded=True,
        copied=list(message.attachments.order_by("position")),
    )


def _reply(member: Member, message_id: UUID | None) -> Message | None:
    if message_id is None:
        return None
    found = selectors.visible_messages(member).filter(pk=message_id, deleted_at=None).first()
    if found is None:
        raise Invalid.field("reply_to", "This message is not here any more.")
    return found


def _claimable(user: User, ids: tuple[UUID, ...]) -> list[Attachment]:
    if not ids:
        return []
    rows = {
        row.pk: row
        for row in Attachment.objects.filter(pk__in=ids, owner_id=user.pk, message__isnull=True)
    }
    if len(rows) != len(set(ids)):
        raise Invalid.field("attachments", "A file is missing; add it again.")
    return [rows[pk] for pk in dict.fromkeys(ids)]


def _attach(message: Message, own: list[Attachment], copied: list[Attachment]) -> None:
    for position, attachment in enumerate(own):
        attachment.message, attachment.position = message, position
        attachment.save(update_fields=["message", "position"])
    if own:
        files.reference([attachment.key for attachment in own])
    if own or copied:
        rooms.forget_parts(message)
    for attachment in copied:
        attachment.pk, attachment.message = None, message
        attachment.id = Attachment._meta.get_field("id").get_default()
        attachment._state.adding = True
        attachment.save()


def _mentioned(conversation: Conversation, body: str) -> list[UUID]:
    names = handles_in(body)
    if not names:
        return []
    rows = Member.objects.filter(
        conversation=conversation, state=policies.State.ACTIVE, user__username__in=names
    )
    return list(rows.values_list("user_id", flat=True))
