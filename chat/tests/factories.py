"""Rooms and messages, made through the services."""

from typing import Any

from accounts.models import User
from chat import services
from chat.models import Conversation, Message
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
