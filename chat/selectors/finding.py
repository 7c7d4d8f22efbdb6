"""Search: one's own messages, one's own groups, and groups that are open; nothing else."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import User
from chat import search_index
from chat.models import Conversation, Member, Message, MessageHidden
from chat.selectors.rooms import membership, with_parts
from chat.words import LONG, words_of
from social.graph import selectors as graph

State = Member.State
OPEN_STATES = (State.ACTIVE, State.REQUEST)


def search_messages(
    *, user: User, term: str, conversation_id: object | None = None
) -> "QuerySet[Message]":
    """Return the user's messages that have every word of `term`, newest first (`-id`).

    Only of conversations that they are in now, from where they may see them on; not what is
    deleted, for them or for all; not of people with a block between them, whose messages a room
    shows collapsed at most. Raises NotFound for a conversation of others.
    """
    rows = with_parts(Message.objects.filter(deleted_at__isnull=True))
    if conversation_id is not None:
        room = membership(user=user, conversation_id=conversation_id)
        rows = rows.filter(conversation_id=room.conversation_id)
    mine = Member.objects.filter(
        conversation_id=OuterRef("conversation_id"),
        user_id=user.pk,
        state__in=OPEN_STATES,
        joined_seq__lt=OuterRef("seq"),
        hidden_before_seq__lt=OuterRef("seq"),
    )
    hidden = MessageHidden.objects.filter(user_id=user.pk, message_id=OuterRef("pk"))
    own_rooms = Member.objects.filter(user_id=user.pk, state__in=OPEN_STATES)
    rows = rows.filter(
        Exists(mine), ~Exists(hidden), conversation_id__in=own_rooms.values("conversation_id")
    )
    rows = rows.exclude(sender_id__in=graph.blocked_ids(user.pk))
    return _with_words(rows, words_of(term)).select_related("conversation").order_by("-id")


def open_groups(*, user: User, term: str) -> "QuerySet[Conversation]":
    """Return the open groups whose names have every word of `term`; none for no words.

    Without those that the user was taken out of; `is_mine` says which they are in.
    """
    return _open_groups(user, term).annotate(is_mine=Exists(_own(user).filter(state=State.ACTIVE)))


def groups_to_join(*, user: User, term: str) -> "QuerySet[Conversation]":
    """Return those of `open_groups` that the user is not in."""
    return _open_groups(user, term).exclude(Exists(_own(user).filter(state=State.ACTIVE)))


def _own(user: User) -> "QuerySet[Member]":
    return Member.objects.filter(conversation_id=OuterRef("pk"), user_id=user.pk)


def _open_groups(user: User, term: str) -> "QuerySet[Conversation]":
    removed = Exists(_own(user).filter(state=State.REMOVED))
    rows = Conversation.objects.filter(~removed, is_open=True, member_count__gt=0)
    return _titled(rows, term)


def own_groups(*, user: User, term: str) -> "QuerySet[Member]":
    """Return the user's groups whose names have every word of `term`, latest first."""
    rows = Member.objects.filter(user_id=user.pk, state=State.ACTIVE)
    named = _titled(Conversation.objects.all(), term)
    rows = rows.filter(conversation__in=named).select_related("conversation")
    return rows.annotate(sort_at=F("conversation__sort_at")).order_by("-sort_at", "-id")


def others_of_pairs(*, user: User, conversation_ids: Sequence[UUID]) -> dict[UUID, User]:
    """Return with whom each of these pairs is, by conversation."""
    rows = Member.objects.filter(
        conversation_id__in=conversation_ids, conversation__kind=Conversation.Kind.DM
    )
    others = rows.exclude(user_id=user.pk).select_related("user")
    return {row.conversation_id: row.user for row in others}


def _titled(rows: "QuerySet[Conversation]", term: str) -> "QuerySet[Conversation]":
    words = words_of(term)
    for word in words:
        rows = rows.filter(title__icontains=word)
    return rows.filter(kind=Conversation.Kind.GROUP) if words else rows.none()


def _with_words(rows: "QuerySet[Message]", words: list[str]) -> "QuerySet[Message]":
    """Return those that have every word; see `search_index` for where in them."""
    long = [word for word in words if len(word) >= LONG]
    short = [word for word in words if len(word) < LONG]
    if not words:
        return rows.none()
    if connection.vendor == "postgresql":
        for word in long:
            rows = rows.filter(body__icontains=word)
        if not short:
            return rows
        typed = " & ".join(f"'{word}':*" for word in short)
        query = SearchQuery(typed, search_type="raw", config="simple")
        return rows.annotate(words=SearchVector("body", config="simple")).filter(words=query)
    if long:
        rows = rows.filter(pk__in=_matching(search_index.PARTS, [f'"{word}"' for word in long]))
    if short:
        rows = rows.filter(pk__in=_matching(search_index.WORDS, [f'"{word}"*' for word in short]))
    return rows


def _matching(table: str, typed: list[str]) -> RawSQL:
    """Return the ids of messages that an FTS5 table finds."""
    found = (  # the names are constants, and the text is a parameter
        f"SELECT message_id FROM {search_index.PLACES} WHERE place IN "  # noqa: S608
        f"(SELECT rowid FROM {table} WHERE {table} MATCH %s)"
    )
    return RawSQL(found, [" AND ".join(typed)])  # noqa: S611
