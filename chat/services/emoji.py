"""Custom emoji: added, deleted, and what a text means by them."""

import io
from collections.abc import Collection
from typing import IO

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from PIL import Image

from accounts.models import User
from chat import policies, selectors
from chat.models import ChatSettings, Conversation, CustomEmoji, EmojiUse, Member
from chat.policies import Role
from chat.services import pictures, rooms
from chat.text import clean_shortcode, shortcodes_in
from core import files
from core.errors import Conflict, Invalid, NotFound
from core.ids import parse_uuid
from social.graph.policies import Viewer

MAX_OWN = 50
MAX_GROUP = 100
MAX_BYTES = 512 * 1024
MIN_EDGE, MAX_EDGE = 16, 128


def add_emoji(
    *, actor: Viewer, shortcode: str, source: IO[bytes], conversation_id: object = None
) -> CustomEmoji:
    """Add an emoji of the actor's own, or of a group that they run; cut square, 128 px at most.

    Raises Invalid (`shortcode`, `file`, `too_small`), Conflict (`shortcode_taken`, `emoji_full`),
    Forbidden, NotFound, TooLarge, RateLimited. Not inside a transaction.
    """
    user = rooms.authorise(actor, budget="emoji")
    name = clean_shortcode(shortcode)
    if conversation_id is not None:
        _require_runs(selectors.membership(user=user, conversation_id=conversation_id))
    data = pictures.written_anew(
        source, field="file", max_bytes=MAX_BYTES, max_edge=MAX_EDGE, square=True
    )
    with Image.open(io.BytesIO(data)) as made:  # our own WebP: only its header is read
        edge = made.width
    if edge < MIN_EDGE:
        raise Invalid.field("file", f"Each side has at least {MIN_EDGE} pixels.", code="too_small")
    pictures.require_quota(user, len(data))
    key = pictures.store(user, ContentFile(data), folder="emoji", purpose="emoji")
    fresh = CustomEmoji(added_by=user, shortcode=name, key=key, edge=edge)
    try:
        if conversation_id is None:
            _insert_own(user, fresh)
        else:
            _insert_group(user, conversation_id, fresh)
    except IntegrityError as error:
        files.condemn([key])
        raise Conflict("shortcode_taken", f"There is a :{name}: already.") from error
    except Conflict:
        files.condemn([key])
        raise
    return fresh


def delete_emoji(*, actor: Viewer, emoji_id: object) -> None:
    """Delete an emoji of one's own, or of a group as one who runs it or added it.

    Where it was used its words are left.
    """
    user = rooms.authorise(actor)
    key = parse_uuid(emoji_id)
    found = CustomEmoji.objects.filter(pk=key).first() if key else None
    if found is None or (found.owner_id is not None and found.owner_id != user.pk):
        raise NotFound
    if found.conversation_id is not None:
        member = selectors.membership(user=user, conversation_id=found.conversation_id)
        if found.added_by_id != user.pk:
            _require_runs(member)
    with transaction.atomic():
        found.delete()
        files.condemn([found.key])


def emoji_in(*, user: User, conversation: Conversation, body: str) -> dict[str, str]:
    """Return what the shortcodes of a text mean, as ids; noted as used in the conversation.

    Called where the conversation is held.
    """
    meant = selectors.meant_emoji(
        user=user, conversation=conversation, shortcodes=shortcodes_in(body)
    )
    note_uses(conversation, meant.values())
    return {name: str(emoji.pk) for name, emoji in meant.items()}


def note_uses(conversation: Conversation, used: Collection[CustomEmoji]) -> None:
    """Let those in a conversation see the pictures of these emoji."""
    EmojiUse.objects.bulk_create(
        [EmojiUse(emoji=emoji, conversation=conversation) for emoji in used],
        ignore_conflicts=True,
    )


def _insert_own(user: User, fresh: CustomEmoji) -> None:
    ChatSettings.objects.get_or_create(user_id=user.pk)
    with transaction.atomic():
        # Held, so that two at once do not go over the number together.
        ChatSettings.objects.select_for_update().get(user_id=user.pk)
        _require_place(selectors.own_emoji(user).count(), MAX_OWN)
        fresh.owner = user
        _insert(fresh)


def _insert_group(user: User, conversation_id: object, fresh: CustomEmoji) -> None:
    with rooms.locked_as(user, conversation_id) as (conversation, member):
        _require_runs(member)
        _require_place(selectors.group_emoji(conversation).count(), MAX_GROUP)
        fresh.conversation = conversation
        _insert(fresh)


def _insert(fresh: CustomEmoji) -> None:
    fresh.save(force_insert=True)
    files.reference([fresh.key])


def _require_runs(member: Member) -> None:
    policies.require_group(member.conversation)
    policies.require_role(policies.require_active(member), Role.ADMIN)


def _require_place(present: int, most: int) -> None:
    if present >= most:
        raise Conflict("emoji_full", f"There are {most} emoji, and no place for more.")
