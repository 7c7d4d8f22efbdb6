"""Tables of the messenger."""

from chat.models.attachments import Attachment
from chat.models.conversations import ChatSettings, Conversation, InviteLink, Member
from chat.models.messages import (
    ConversationEvent,
    Message,
    MessageHidden,
    MessageRevision,
    Reaction,
)

__all__ = [
    "Attachment",
    "ChatSettings",
    "Conversation",
    "ConversationEvent",
    "InviteLink",
    "Member",
    "Message",
    "MessageHidden",
    "MessageRevision",
    "Reaction",
]
