"""JSON of the messenger, the same for every reader unless a reader is named.

An event goes out once for everybody in the room, so a message says who reacted and who is named,
never how its reader stands to it. A shared clip is an id: readers ask for its card themselves and
get it only if they may view it at that moment.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from accounts.models import User
from accounts.presentation import brief
from chat import policies
from chat.models import Attachment, Conversation, Member, Message
from chat.text import links_in
from social.graph import selectors as graph

EXCERPT = 120


def person_json(user: User | None) -> dict[str, Any] | None:
    """Return what stands beside a message; None for somebody who is gone."""
    if user is None or not user.is_active:
        return None
    shown = brief(user)
    return {
        "id": shown.id,
        "username": shown.username,
        "name": shown.name,
        "avatar": shown.avatar,
        "is_verified": shown.is_verified,
    }


def message_json(message: Message) -> dict[str, Any]:
    """Return a message read by `selectors.with_parts`, as every member sees it."""
    deleted = message.deleted_at is not None
    return {
        "id": message.pk,
        "c": message.conversation_id,
        "seq": message.seq,
        "client_id": message.client_id,
        "sender": person_json(message.sender),
        "sender_id": message.sender_id,
        "kind": message.kind,
        "body": message.body,
        "links": [] if deleted else links_in(message.body),
        "reply_to": None if deleted else _excerpt(message.reply_to),
        "forwarded": message.forwarded,
        "mentions": message.mentions,
        "meta": {} if deleted else message.meta,
        "attachments": [] if deleted else [attachment_json(one) for one in _files(message)],
        "reactions": [] if deleted else reactions_json(message),
        "revision": message.revision,
        "created_at": message.created_at,
        "edited_at": message.edited_at,
        "deleted": deleted,
    }


def reactions_json(message: Message) -> list[dict[str, Any]]:
    """Return who reacted with what, in the order in which each emoji first came."""
    people: dict[str, list[UUID]] = defaultdict(list)
    for reaction in sorted(message.reactions.all(), key=lambda one: one.pk):
        people[reaction.emoji].append(reaction.user_id)
    return [
        {"emoji": emoji, "count": len(ids), "user_ids": ids[:50]} for emoji, ids in people.items()
    ]


def attachment_json(attachment: Attachment) -> dict[str, Any]:
    """Return a file of a message; its URL asks for a membership whenever it is opened."""
    return {
        "id": attachment.pk,
        "kind": attachment.kind,
        "url": f"/messages/files/{attachment.pk}",
        "type": attachment.content_type,
        "name": attachment.name,
        "size": attachment.size,
        "width": attachment.width,
        "height": attachment.height,
        "duration_ms": attachment.duration_ms,
    }


def conversation_json(
    member: Member, *, last: Message | None, people: Sequence[Member]
) -> dict[str, Any]:
    """Return a conversation as one member has it; `people` are its members, at least a few."""
    conversation = member.conversation
    others = [one for one in people if one.user_id != member.user_id]
    return {
        "id": conversation.pk,
        "kind": conversation.kind,
        "title": title_of(conversation, others),
        "is_open": conversation.is_open,
        "members": [member_json(one) for one in people],
        "member_count": conversation.member_count,
        "last_msg_seq": conversation.last_msg_seq,
        "last_event_seq": conversation.last_event_seq,
        "last_message": message_json(last) if last else None,
        "sort_at": conversation.sort_at,
        "created_at": conversation.created_at,
        "me": own_json(member),
    }


def own_json(member: Member) -> dict[str, Any]:
    """Return a member's own view of the conversation."""
    return {
        "state": member.state,
        "role": member.role,
        "first_seq": policies.first_visible(member) + 1,
        "last_read_seq": member.last_read_seq,
        "unread": policies.unread(member, member.conversation.last_msg_seq),
        "muted_until": member.muted_until,
        "pinned_at": member.pinned_at,
        "archived_at": member.archived_at,
        "draft": member.draft,
    }


def member_json(member: Member) -> dict[str, Any]:
    """Return somebody in a conversation."""
    return {
        "user": person_json(member.user),
        "user_id": member.user_id,
        "role": member.role,
        "state": member.state,
    }


def title_of(conversation: Conversation, others: Sequence[Member]) -> str:
    """Return the name under which a conversation is shown."""
    if conversation.is_group:
        return conversation.title
    return next((one.user.display_name for one in others if one.user.is_active), "")


def blocked_among(viewer: User, user_ids: Collection[UUID]) -> list[UUID]:
    """Return whom of these the viewer has blocked: what they say is collapsed for the viewer."""
    found = graph.relationships_for(viewer.pk, user_ids)
    return [user_id for user_id, relation in found.items() if relation.blocks]


def _excerpt(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {
        "id": message.pk,
        "seq": message.seq,
        "sender_id": message.sender_id,
        "kind": message.kind,
        "body": message.body[:EXCERPT],
        "deleted": message.deleted_at is not None,
    }


def _files(message: Message) -> list[Attachment]:
    return sorted(message.attachments.all(), key=lambda one: one.position)
