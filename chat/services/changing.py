"""What happens to a message after it was sent: edits, deletions, reactions."""

from datetime import timedelta
from typing import Literal

from django.utils import timezone

from accounts.models import User
from chat import policies, selectors
from chat.models import Attachment, CustomEmoji, Message, MessageHidden, MessageRevision, Reaction
from chat.presentation import message_json, reactions_json
from chat.services import direct, rooms
from chat.services import emoji as emoji_services
from chat.text import clean_body, clean_emoji
from core import files, realtime
from core.errors import Conflict, Forbidden, Invalid, NotFound
from social.graph.policies import Viewer

WINDOW = timedelta(hours=48)
MAX_DISTINCT = 20


def edit_message(
    *, actor: Viewer, message_id: object, body: str, revision: int | None = None
) -> Message:
    """Rewrite one's own message and keep what it said; the same words change nothing.

    Raises NotFound, Forbidden (`not_yours`, `too_late`, `cannot_message`), Conflict
    `revision_mismatch` when it is no longer the revision that the actor saw.
    """
    user = rooms.authorise(actor)
    seen, _ = selectors.get_message(user=user, message_id=message_id)
    with rooms.locked_as(user, seen.conversation_id) as (conversation, _member):
        message = _fresh(seen)
        _require_own(user, message)
        if revision is not None and revision != message.revision:
            raise Conflict("revision_mismatch", "This message was changed meanwhile.")
        if not conversation.is_group:
            direct.require_may_send(conversation, user, kind=Message.Kind.TEXT)
        words = clean_body(body, required=message.kind == Message.Kind.TEXT)
        if words == message.body:
            return message
        MessageRevision.objects.create(
            message=message, revision=message.revision, body=message.body
        )
        message.body, message.edited_at = words, timezone.now()
        used = emoji_services.emoji_in(user=user, conversation=conversation, body=words)
        message.meta = {name: value for name, value in message.meta.items() if name != "emoji"}
        message.meta |= {"emoji": used} if used else {}
        message.revision += 1
        message.save(update_fields=["body", "edited_at", "revision", "meta"])
        rooms.record(conversation, "message.edit", message_json(message), message=message)
    return message


def delete_message(*, actor: Viewer, message_id: object, for_whom: Literal["me", "all"]) -> None:
    """Delete a message for oneself, or empty it for everybody.

    For everybody: one's own within 48 h, or any as an admin of the group.
    """
    user = rooms.authorise(actor)
    seen, member = selectors.get_message(user=user, message_id=message_id)
    if for_whom == "me":
        MessageHidden.objects.get_or_create(user_id=user.pk, message_id=seen.pk)
        rooms.save_member(member)
        realtime.emit(
            user_ids=[user.pk],
            event={
                "ev": "message.hidden",
                "c": seen.conversation_id,
                "d": {"id": seen.pk, "seq": seen.seq},
            },
        )
        return
    with rooms.locked_as(user, seen.conversation_id) as (conversation, mine):
        message = _fresh(seen)
        runs = conversation.is_group and mine.role != policies.Role.MEMBER
        if not runs or message.kind in (Message.Kind.SYSTEM, Message.Kind.CALL):
            _require_own(user, message)
        message.body, message.mentions, message.meta = "", [], {}
        message.deleted_at = timezone.now()
        message.save(update_fields=["body", "mentions", "meta", "deleted_at"])
        MessageRevision.objects.filter(message=message).delete()
        Reaction.objects.filter(message=message).delete()
        _drop_files(message)
        rooms.record(
            conversation,
            "message.delete",
            {"id": message.pk, "seq": message.seq},
            message=message,
        )


def set_reaction(*, actor: Viewer, message_id: object, emoji: str, on: bool) -> Message:
    """React to a message or take it back; return the message with its reactions."""
    user = rooms.authorise(actor)
    seen, _ = selectors.get_message(user=user, message_id=message_id)
    mark = clean_emoji(emoji)
    with rooms.locked_as(user, seen.conversation_id) as (conversation, _member):
        message = _fresh(seen)
        if not conversation.is_group:
            direct.require_may_send(conversation, user, kind=Message.Kind.TEXT)
        rows = Reaction.objects.filter(message=message)
        if on:
            _require_room(message, mark)
            custom = _meant(user, message, mark)
            _, changed = rows.get_or_create(
                message=message, user_id=user.pk, emoji=mark, defaults={"custom": custom}
            )
        else:
            changed = bool(rows.filter(user_id=user.pk, emoji=mark).delete()[0])
        message = _fresh(seen)
        if changed:
            payload = {"id": message.pk, "seq": message.seq, "reactions": reactions_json(message)}
            payload |= {"user_id": user.pk, "emoji": mark, "on": on}
            rooms.record(conversation, "reaction", payload, message=message)
    return message


def _fresh(seen: Message) -> Message:
    """Return the message anew, now that its conversation is held; NotFound once deleted."""
    message = selectors.with_parts(Message.objects.filter(pk=seen.pk, deleted_at=None)).first()
    if message is None:
        raise NotFound
    return message


def _require_own(user: User, message: Message) -> None:
    if message.sender_id != user.pk or message.kind in (Message.Kind.SYSTEM, Message.Kind.CALL):
        raise Forbidden("not_yours", "Only whoever wrote it may do this.")
    if timezone.now() - message.created_at > WINDOW:
        raise Forbidden("too_late", "This is possible for 48 hours.")


def _require_room(message: Message, mark: str) -> None:
    present = {reaction.emoji for reaction in message.reactions.all()}
    if mark not in present and len(present) >= MAX_DISTINCT:
        raise Invalid.field("emoji", f"A message has at most {MAX_DISTINCT} different reactions.")


def _meant(user: User, message: Message, mark: str) -> CustomEmoji | None:
    """Return the custom emoji of a reaction: the one it has on this message already, or one's own.

    Raises Invalid `emoji_unknown` for a shortcode that means nothing.
    """
    if not mark.startswith(":"):
        return None
    name = mark.strip(":")
    worn = Reaction.objects.filter(message=message, emoji=mark, custom__isnull=False)
    first = worn.select_related("custom").order_by("pk").first()
    if first is not None:
        return first.custom
    conversation = message.conversation
    found = selectors.meant_emoji(user=user, conversation=conversation, shortcodes=[name])
    if not found:
        raise Invalid.field("emoji", "There is no such emoji here.", code="emoji_unknown")
    emoji_services.note_uses(conversation, found.values())
    return found[name]


def _drop_files(message: Message) -> None:
    """Let files go that no forward of the message carries."""
    keys = list(message.attachments.values_list("key", flat=True))
    Attachment.objects.filter(message=message).delete()
    kept = set(Attachment.objects.filter(key__in=keys).values_list("key", flat=True))
    files.condemn([key for key in keys if key not in kept])
