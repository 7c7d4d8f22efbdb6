"""Tables of the messenger."""

from chat.models.attachments import Attachment
from chat.models.calls import Call, CallParty
from chat.models.conversations import ChatSettings, Conversation, InviteLink, Member
from chat.models.emoji import CustomEmoji, EmojiUse
from chat.models.messages import (
    ConversationEvent,
    Message,
    MessageHidden,
    MessageRevision,
    Reaction,
)
from chat.models.themes import Theme, ThemeLayer

__all__ = [
    "Attachment",
    "Call",
    "CallParty",
    "ChatSettings",
    "Conversation",
    "ConversationEvent",
    "CustomEmoji",
    "EmojiUse",
    "InviteLink",
    "Member",
    "Message",
    "MessageHidden",
    "MessageRevision",
    "Reaction",
    "Theme",
    "ThemeLayer",
]
