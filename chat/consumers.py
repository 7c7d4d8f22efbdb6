"""What sockets may ask of the messenger: the same services as the API's."""

from collections.abc import Mapping
from typing import Any

from chat import selectors, services
from chat.inputs import MessageInput, outgoing_of
from chat.policies import State
from chat.presentation import message_json
from core import realtime
from core.cooldown import take
from core.errors import Invalid
from core.gateway import operations
from core.gateway.operations import Caller
from social.graph import selectors as graph

TYPING_UP_TO = 50
TYPING_SECONDS = 3


def wire() -> None:
    """Register the operations, and what a socket's life means for presence."""
    operations.register("msg.send", send)
    operations.register("read", read)
    operations.register("delivered", delivered)
    operations.register("typing", typing)
    operations.register("presence.watch", watch)
    operations.doors.opened.append(services.arrived)
    operations.doors.beat.append(services.arrived)
    operations.doors.closed.append(services.departed)
    operations.doors.regular.append(services.announce_lapsed)


def send(caller: Caller, data: Mapping[str, Any]) -> dict[str, Any]:
    """Send a message; the answer is the message at its place."""
    body = MessageInput(data={name: value for name, value in data.items() if name != "c"})
    if not body.is_valid():
        raise Invalid("invalid", "Some fields are not valid.")
    sent = services.send_message(
        actor=caller.user,
        conversation_id=data.get("c"),
        outgoing=outgoing_of(dict(body.validated_data)),
    )
    return message_json(sent.message) | {"duplicate": sent.duplicate}


def read(caller: Caller, data: Mapping[str, Any]) -> dict[str, Any]:
    """Move the read position."""
    member = services.mark_read(actor=caller.user, conversation_id=data.get("c"), seq=_seq(data))
    return {"seq": member.last_read_seq}


def delivered(caller: Caller, data: Mapping[str, Any]) -> dict[str, Any]:
    """Move the delivered position; `foreground` says that somebody looks at the device."""
    member = services.mark_delivered(
        actor=caller.user,
        conversation_id=data.get("c"),
        seq=_seq(data),
        foreground=data.get("foreground") is True,
    )
    return {"seq": member.last_delivered_seq}


def typing(caller: Caller, data: Mapping[str, Any]) -> None:
    """Tell the others that somebody writes: small rooms only, every three seconds at most."""
    member = selectors.membership(user=caller.user, conversation_id=data.get("c"))
    room = member.conversation
    if member.state != State.ACTIVE or room.member_count > TYPING_UP_TO:
        return
    if not take(f"typing:{caller.user.pk}:{room.pk}", seconds=TYPING_SECONDS):
        return
    blocked = set(graph.blocked_ids(caller.user.pk))
    others = [
        pk for pk in selectors.active_ids(room.pk) if pk != caller.user.pk and pk not in blocked
    ]
    realtime.breathe(
        user_ids=others, event={"ev": "typing", "c": room.pk, "d": {"user_id": caller.user.pk}}
    )


def watch(caller: Caller, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the presence of people, and hear of its changes for so many `seconds`."""
    found = services.watch(actor=caller.user, user_ids=data.get("ids"))
    return {
        "states": [services.presence_json(one) for one in found],
        "seconds": services.WATCH_SECONDS,
    }


def _seq(data: Mapping[str, Any]) -> int:
    seq = data.get("seq")
    if not isinstance(seq, int) or seq < 0:
        raise Invalid.field("seq", "A whole number.")
    return seq
