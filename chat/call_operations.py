"""What sockets may ask about calls; `docs/messages.md` shows the frames."""

from collections.abc import Mapping
from typing import Any

from chat.selectors import calls as rows
from chat.services import call_lease, calling, signalling
from core.gateway import operations
from core.gateway.operations import Caller


def wire() -> None:
    """Register the operations, and what the end of a socket and of time mean for calls."""
    for operation in (invite, ringing, accept, reject, hangup, resume, beat, current):
        operations.register(f"call.{operation.__name__}", operation)
    for kind in signalling.CLEAN:
        operations.register(f"call.{kind}", _relaying(kind))
    operations.doors.closed.append(call_lease.lost)
    operations.doors.regular.append(call_lease.sweep)


def invite(caller: Caller, data: Mapping[str, Any]) -> dict[str, Any]:
    """Call the other of a pair."""
    call = calling.invite(
        actor=caller.user,
        conversation_id=data.get("c"),
        media=data.get("media"),
        device=data.get("device"),
        connection=caller.connection,
    )
    return calling.call_json(call, caller.user)


def ringing(caller: Caller, data: Mapping[str, Any]) -> dict[str, Any]:
    """Let the caller know that a device rings."""
    return {"told": call_lease.rings(actor=caller.user, call_id=data.get("call"))}


def accept(caller: Caller, data: Mapping[str, Any]) -> dict[str, Any]:
    """Take a call on this device."""
    call = calling.accept(
        actor=caller.user,
        call_id=data.get("call"),
        device=data.get("device"),
        connection=caller.connection,
    )
    return calling.call_json(call, caller.user)


def reject(caller: Caller, data: Mapping[str, Any]) -> dict[str, Any]:
    """Say no to a call; `busy` says why."""
    busy = data.get("busy") is True
    calling.reject(actor=caller.user, call_id=data.get("call"), busy=busy)
    return {}


def hangup(caller: Caller, data: Mapping[str, Any]) -> dict[str, Any]:
    """End a call."""
    call = calling.hang_up(actor=caller.user, call_id=data.get("call"))
    return calling.call_json(call, caller.user)


def resume(caller: Caller, data: Mapping[str, Any]) -> dict[str, Any]:
    """Come back to a call on a new socket."""
    call = call_lease.resume(
        actor=caller.user,
        call_id=data.get("call"),
        device=data.get("device"),
        connection=caller.connection,
        fresh=data.get("fresh") is True,
    )
    return calling.call_json(call, caller.user)


def beat(caller: Caller, data: Mapping[str, Any]) -> dict[str, Any]:
    """Stay in a call."""
    call = call_lease.beat(
        actor=caller.user, call_id=data.get("call"), connection=caller.connection
    )
    return calling.call_json(call, caller.user)


def current(caller: Caller, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what rings for the caller or has them in it."""
    found = rows.live_calls(caller.user)
    return {"calls": [calling.call_json(call, caller.user) for call in found]}


def _relaying(kind: str) -> operations.Operation:
    def carry(caller: Caller, data: Mapping[str, Any]) -> dict[str, Any]:
        delivered = signalling.relay(
            actor=caller.user,
            call_id=data.get("call"),
            connection=caller.connection,
            kind=kind,
            given=data.get(kind),
        )
        return {"delivered": delivered}

    return carry
