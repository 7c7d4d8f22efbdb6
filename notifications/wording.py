"""What a push says, in the language of its device: no more than its reader may see now."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from chat.models import Conversation, Message

MAX_TITLE, MAX_BODY = 80, 160


@dataclass(frozen=True)
class Notice:
    """What is shown, and which one shown before it takes the place of (`tag`)."""

    kind: str
    title: str
    body: str
    tag: str
    url: str
    conversation_id: UUID

    @property
    def payload(self) -> dict[str, Any]:
        """Return it as a service worker reads it."""
        return {
            "kind": self.kind,
            "title": self.title,
            "body": self.body,
            "tag": self.tag,
            "url": self.url,
            "c": str(self.conversation_id),
        }

    @property
    def topic(self) -> str:
        """Return a name under which a push service keeps one of these: 32 characters."""
        digest = hashlib.sha256(self.tag.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode()[:32]


def message_notice(
    room: Conversation, message: Message, *, count: int, show_text: bool, kind: str
) -> Notice:
    """Return the notice of new messages of which `message` is the last."""
    name = _name(message.sender)
    if not show_text:
        body = ngettext("%(n)d new message", "%(n)d new messages", count) % {"n": count}
    else:
        said = message.body or _without_words(message.kind)
        body = f"{name}: {said}" if room.is_group else said
        if count > 1:
            body = f"({count}) {body}"
    return Notice(
        kind=kind,
        title=_cut(room.title if room.is_group else name, MAX_TITLE),
        body=_cut(body, MAX_BODY),
        tag=f"messages:{room.pk}",
        url=f"/messages/{room.pk}",
        conversation_id=room.pk,
    )


def request_notice(room: Conversation, *, kind: str) -> Notice:
    """Return the notice of a request, which says neither who asks nor what they wrote."""
    return Notice(
        kind=kind,
        title=_("Message request"),
        body=_("Somebody wants to write to you."),
        tag=f"messages:{room.pk}",
        url=f"/messages/{room.pk}",
        conversation_id=room.pk,
    )


def call_notice(room: Conversation, caller: User, *, ringing: bool, kind: str) -> Notice:
    """Return the notice of a call that rings, or of one that was missed, which takes its place."""
    return Notice(
        kind=kind,
        title=_cut(_name(caller), MAX_TITLE),
        body=_("is calling you") if ringing else _("Missed call"),
        tag=f"call:{room.pk}",
        url=f"/messages/{room.pk}",
        conversation_id=room.pk,
    )


def _without_words(kind: str) -> str:
    told = {
        Message.Kind.IMAGE: _("Sent a photo"),
        Message.Kind.VIDEO: _("Sent a video"),
        Message.Kind.AUDIO: _("Sent a voice message"),
        Message.Kind.CLIP: _("Shared a clip"),
        Message.Kind.PROFILE: _("Shared a profile"),
    }
    return told.get(Message.Kind(kind), _("Sent a file"))


def _name(user: User | None) -> str:
    return user.display_name if user else _("Somebody")


def _cut(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
