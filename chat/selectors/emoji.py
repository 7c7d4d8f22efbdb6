"""Reads of custom emoji: of a person, of a group, and what words mean."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from accounts.models import User
from chat.models import Conversation, CustomEmoji, EmojiUse, Member
from core.errors import NotFound
from core.ids import parse_uuid
from social.graph import policies as people


def own_emoji(user: User) -> "QuerySet[CustomEmoji]":
    """Return a person's emoji, by name."""
    return CustomEmoji.objects.filter(owner_id=user.pk).order_by("shortcode")


def group_emoji(conversation: Conversation) -> "QuerySet[CustomEmoji]":
    """Return a group's emoji, by name."""
    return CustomEmoji.objects.filter(conversation_id=conversation.pk).order_by("shortcode")


def meant_emoji(
    *, user: User, conversation: Conversation, shortcodes: Collection[str]
) -> dict[str, CustomEmoji]:
    """Return what these shortcodes mean when the person writes them there.

    The group's emoji go before the person's own: one word is one picture in one room.
    """
    if not shortcodes:
        return {}
    rows = CustomEmoji.objects.filter(
        Q(owner_id=user.pk) | Q(conversation_id=conversation.pk), shortcode__in=shortcodes
    )
    found: dict[str, CustomEmoji] = {}
    for emoji in sorted(rows, key=lambda one: one.conversation_id is not None):
        found[emoji.shortcode] = emoji
    return found


def visible_emoji(*, user: User, emoji_id: object) -> CustomEmoji:
    """Return an emoji whose picture a person may see; raises NotFound.

    One's own, those of one's groups, and those used in one's conversations by people who stand. An
    unanswered request is no conversation of theirs yet: strangers show nobody pictures.
    """
    rows = Member.objects.filter(user_id=user.pk, state=Member.State.ACTIVE)
    mine = rows.values("conversation_id")
    used = EmojiUse.objects.filter(conversation_id__in=mine).values("emoji_id")
    stands = Q(owner__isnull=True) | people.visible_person(None, "owner")
    shown = Q(owner_id=user.pk) | Q(conversation_id__in=mine) | (Q(pk__in=used) & stands)
    key = parse_uuid(emoji_id)
    found = CustomEmoji.objects.filter(shown, pk=key).first() if key else None
    if found is None:
        raise NotFound
    return found
