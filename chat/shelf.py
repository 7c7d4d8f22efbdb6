"""Conversations as a page shows them, made for the whole page at once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chat import presentation, selectors
from chat.models import Conversation, Member

FACES = 4


def conversations_json(members: Sequence[Member], *, whole: bool = False) -> list[dict[str, Any]]:
    """Return the conversations of one person's memberships; of groups a few faces, or `whole`."""
    last = selectors.last_messages(members)
    people: dict[UUID, list[Member]] = defaultdict(list)
    for one in _people([member.conversation for member in members], whole=whole):
        people[one.conversation_id].append(one)
    return [
        presentation.conversation_json(
            member,
            last=last.get(member.conversation_id),
            people=people[member.conversation_id],
        )
        for member in members
    ]


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
