"""Conversations as a page shows them, made for the whole page at once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from accounts.models import User
from chat import presentation, selectors
from chat.models import Conversation, ConversationEvent, Member, Message
from chat.words import excerpt, words_of

FACES = 4


def conversations_json(members: Sequence[Member], *, whole: bool = False) -> list[dict[str, Any]]:
    """Return the conversations of one person's memberships; of groups a few faces, or `whole`."""
    last = selectors.last_messages(members)
    themes = selectors.themes_of([member.conversation for member in members])
    people: dict[UUID, list[Member]] = defaultdict(list)
    for one in _people([member.conversation for member in members], whole=whole):
        people[one.conversation_id].append(one)
    return [
        presentation.conversation_json(
            member,
            last=last.get(member.conversation_id),
            present=people[member.conversation_id],
            theme=themes.get(worn) if (worn := member.conversation.theme_id) else None,
        )
        for member in members
    ]


def found_json(user: User, messages: Sequence[Message], *, term: str) -> list[dict[str, Any]]:
    """Return messages that `user` found, each with its room and an excerpt that marks the hits."""
    words = words_of(term)
    pairs = {one.conversation_id for one in messages if not one.conversation.is_group}
    others = selectors.others_of_pairs(user=user, conversation_ids=list(pairs)) if pairs else {}
    return [
        presentation.message_json(message)
        | {
            "excerpt": [
                {"text": piece.text, "hit": piece.hit} for piece in excerpt(message.body, words)
            ],
            "room": presentation.found_room_json(
                message.conversation, others.get(message.conversation_id)
            ),
        }
        for message in messages
    ]


def groups_json(found: Sequence[Conversation]) -> list[dict[str, Any]]:
    """Return open groups that somebody found (`selectors.open_groups`)."""
    return [
        {
            "id": one.pk,
            "title": one.title,
            "member_count": one.member_count,
            "avatar": presentation.group_picture_url(one),
            "is_mine": getattr(one, "is_mine", False),
        }
        for one in found
    ]


def events_json(member: Member, rows: Sequence[ConversationEvent]) -> list[dict[str, Any]]:
    """Return kept changes of a conversation as its sockets told them, for one member to read later.

    What they are about is read anew, by the rules of this moment: what was deleted or hidden since,
    was said before the member came, or is of people whom nobody sees any more, does not come back
    by the way of an old event. `gone` stands in for what is not the member's to see.
    """
    visible = selectors.visible_messages(member)
    about = {row.message_id for row in rows if row.message_id is not None}
    messages = {one.pk: one for one in selectors.with_parts(visible.filter(pk__in=about))}
    new = [row for row in rows if row.type == "message.new" and row.message_id not in messages]
    places = Message.objects.in_bulk([row.message_id for row in new if row.message_id])
    hidden = {
        row.pk: {"seq": place.seq, "at": place.created_at}
        for row in new
        if row.message_id and (place := places.get(row.message_id))
    }
    people = {one.user_id: one for one in selectors.members_of([member.conversation_id])}
    themes = selectors.themes_of([member.conversation])
    worn = themes.get(member.conversation.theme_id) if member.conversation.theme_id else None
    found = []
    for row in rows:
        name, told = row.type, dict(row.payload)
        if row.type.startswith("message.") or row.type == "reaction":
            message = messages.get(row.message_id) if row.message_id else None
            if message is None:
                name, told = "gone", hidden.get(row.pk, {})
            else:
                told = _message_event(row, message)
        elif row.type == "member.add":
            present = people.get(UUID(row.payload["user_id"]))
            told["user"] = presentation.person_json(present.user) if present else None
        elif "theme" in row.payload:
            told = {"theme": presentation.theme_json(worn) if worn else None}
        found.append({"ev": name, "c": member.conversation_id, "es": row.event_seq, "d": told})
    return found


def _message_event(row: ConversationEvent, message: Message) -> dict[str, Any]:
    """Return what an event of a message says now."""
    if row.type == "message.delete":
        return dict(row.payload)
    if row.type == "reaction":
        shown = [] if message.deleted_at else presentation.reactions_json(message)
        return dict(row.payload) | {"reactions": shown}
    return presentation.message_json(message)


def _people(conversations: Sequence[Conversation], *, whole: bool) -> list[Member]:
    """Return who is in them. Of pairs both, whatever their state: a request shows its sender."""
    pairs = [one.pk for one in conversations if not one.is_group]
    groups = [one.pk for one in conversations if one.is_group]
    found = list(
        Member.objects.filter(conversation_id__in=pairs).select_related("user").order_by("id")
    )
    rows = selectors.members_of(groups)
    if whole:
        return [*found, *rows]
    seen: dict[UUID, int] = defaultdict(int)
    for member in rows[: 300 * max(1, len(groups))]:
        seen[member.conversation_id] += 1
        if seen[member.conversation_id] <= FACES:
            found.append(member)
    return found
