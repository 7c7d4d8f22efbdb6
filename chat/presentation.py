"""JSON of the messenger, the same for every reader unless a reader is named.

An event goes out once for everybody in the room, so a message says who reacted and who is named,
never how its reader stands to it. A shared clip is an id: readers ask for its card themselves and
get it only if they may view it at that moment.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import PurePath
from typing import Any
from uuid import UUID

from accounts.models import User
from accounts.presentation import brief
from chat import policies
from chat.models import Attachment, Conversation, CustomEmoji, Member, Message, Theme
from chat.text import links_in
from social.graph import policies as people
from social.graph import selectors as graph

EXCERPT = 120


def person_json(user: User | None) -> dict[str, Any] | None:
    """Return what stands beside a message; None for somebody whom nobody sees any more.

    The rule of `social.graph.policies` for a reader who is not named: blocks are between two
    people, and each client collapses what the people say whom its owner has blocked.
    """
    if user is None or not people.can_see_person(None, user):
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
        "meta": {} if deleted else _plain_meta(message),
        "emoji": {} if deleted else _emoji(message),
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
    pictures: dict[str, str | None] = {}
    for reaction in sorted(message.reactions.all(), key=lambda one: one.pk):
        people[reaction.emoji].append(reaction.user_id)
        custom = reaction.custom_id
        pictures[reaction.emoji] = pictures.get(reaction.emoji) or (
            emoji_url(custom) if custom else None
        )
    return [
        {"emoji": emoji, "count": len(ids), "user_ids": ids[:50], "url": pictures[emoji]}
        for emoji, ids in people.items()
    ]


def emoji_json(emoji: CustomEmoji) -> dict[str, Any]:
    """Return a custom emoji as its set shows it."""
    return {"id": emoji.pk, "shortcode": emoji.shortcode, "url": emoji_url(emoji.pk)}


def emoji_url(emoji_id: object) -> str:
    """Return where a custom emoji's picture is, for those who may see it; words stand in for it."""
    return f"/messages/emoji/{emoji_id}.webp"


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
        "wave": attachment.wave,
    }


def theme_json(theme: Theme) -> dict[str, Any]:
    """Return a theme read by `selectors.whole`; its pictures ask who looks whenever one is opened.

    Its number of uses is left to the gallery: it changes without an event.
    """
    return {
        "id": theme.pk,
        "name": theme.name,
        "owner": person_json(theme.owner),
        "background": theme.background,
        "bg_color": theme.bg_color,
        "own_color": theme.own_color,
        "own_text": theme.own_text,
        "other_color": theme.other_color,
        "other_text": theme.other_text,
        "layers": [
            {
                "url": f"/messages/themes/{theme.pk}/{layer.position}.webp",
                "width": layer.width,
                "height": layer.height,
                "speed": layer.speed,
            }
            for layer in sorted(theme.layers.all(), key=lambda one: one.position)
        ],
    }


def theme_card_json(theme: Theme) -> dict[str, Any]:
    """Return a theme as the gallery shows it."""
    return theme_json(theme) | {
        "uses": theme.uses,
        "published": theme.published_at is not None,
    }


def conversation_json(
    member: Member, *, last: Message | None, present: Sequence[Member], theme: Theme | None
) -> dict[str, Any]:
    """Return a conversation as one member has it; `present` are its members, at least a few."""
    conversation = member.conversation
    others = [one for one in present if one.user_id != member.user_id]
    return {
        "id": conversation.pk,
        "kind": conversation.kind,
        "title": title_of(conversation, others),
        "is_open": conversation.is_open,
        "avatar": group_picture_url(conversation),
        "members": [member_json(one) for one in present],
        "member_count": conversation.member_count,
        "last_msg_seq": conversation.last_msg_seq,
        "last_event_seq": conversation.last_event_seq,
        "last_message": message_json(last) if last else None,
        "sort_at": conversation.sort_at,
        "created_at": conversation.created_at,
        "theme": theme_json(theme) if theme else None,
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
    """Return somebody in a conversation; that they declined a pair is for nobody to know."""
    declined = member.state == Member.State.DECLINED
    return {
        "user": person_json(member.user),
        "user_id": member.user_id,
        "role": member.role,
        "state": Member.State.REQUEST if declined else member.state,
    }


def title_of(conversation: Conversation, others: Sequence[Member]) -> str:
    """Return the name under which a conversation is shown."""
    if conversation.is_group:
        return conversation.title
    shown = (person_json(one.user) for one in others)
    return next((person["name"] for person in shown if person), "")


def group_picture_url(conversation: Conversation) -> str | None:
    """Return where a group's picture is: for its members, and for anybody if it is open.

    It changes with the picture, so that no browser keeps an old one.
    """
    if not conversation.picture_key:
        return None
    return f"/messages/{conversation.pk}/picture/{PurePath(conversation.picture_key).stem}.webp"


def found_room_json(conversation: Conversation, other: User | None) -> dict[str, Any]:
    """Return the room of a message that was found; `other` is with whom a pair is."""
    person = person_json(other)
    named = conversation.title if conversation.is_group else (person["name"] if person else "")
    picture = person["avatar"] if person else None
    return {
        "id": conversation.pk,
        "kind": conversation.kind,
        "title": named,
        "avatar": group_picture_url(conversation) if conversation.is_group else picture,
    }


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


def _plain_meta(message: Message) -> dict[str, Any]:
    return {name: value for name, value in message.meta.items() if name != "emoji"}


def _emoji(message: Message) -> dict[str, str]:
    """Return the pictures of the message's shortcodes."""
    return {name: emoji_url(pk) for name, pk in message.meta.get("emoji", {}).items()}


def _files(message: Message) -> list[Attachment]:
    return sorted(message.attachments.all(), key=lambda one: one.position)
