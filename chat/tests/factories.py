"""Rooms and messages, made through the services."""

import io
from typing import Any

from django.utils import timezone
from PIL import Image

from accounts.models import User
from chat import services
from chat.models import Conversation, Message, Theme
from core.ids import uuid7
from social.graph import services as graph


def befriend(one: User, other: User) -> None:
    graph.send_friend_request(actor=one, username=other.username)
    graph.send_friend_request(actor=other, username=one.username)


def make_dm(one: User, other: User, *, friends: bool = True) -> Conversation:
    if friends:
        befriend(one, other)
    return services.open_dm(actor=one, handle=other.username).conversation


def make_group(owner: User, *others: User, title: str = "The group") -> Conversation:
    for other in others:
        befriend(owner, other)
    member = services.create_group(
        actor=owner, title=title, handles=[other.username for other in others]
    )
    return member.conversation


def say(user: User, room: Conversation, body: str = "hello", **fields: Any) -> Message:
    outgoing = services.Outgoing(client_id=fields.pop("client_id", uuid7()), body=body, **fields)
    return services.send_message(actor=user, conversation_id=room.pk, outgoing=outgoing).message


COLORS = {
    "bg_color": "#102030",
    "own_color": "#0a7159",
    "own_text": "#ffffff",
    "other_color": "#ffffff",
    "other_text": "#1b181d",
}


def make_theme(owner: User, *, published: bool = False, name: str = "Sea", **fields: Any) -> Theme:
    """Return a theme of colours alone; its row is made directly, for its id may be asked for."""
    return Theme.objects.create(
        owner=owner,
        name=name,
        background="color",
        published_at=timezone.now() if published else None,
        **COLORS | fields,
    )


def picture(width: int = 300, height: int = 200, color: Any = "teal", mode: str = "RGB") -> bytes:
    data = io.BytesIO()
    Image.new(mode, (width, height), color).save(data, "PNG")
    return data.getvalue()
