"""From the events of the apps below to pushes.

The first four run inside the transaction of their event (`core.events.foresee`): the row that makes
somebody hear of it is committed with it, or neither is.
"""

from accounts.events import SessionRevoked
from chat.events import CallMissed, CallRang, MessageRequested, MessageSent
from notifications import services


def on_message(event: MessageSent) -> None:
    """Tell the others of a message."""
    services.enqueue_message(
        conversation_id=event.conversation_id, recipient_ids=event.recipient_ids
    )


def on_request(event: MessageRequested) -> None:
    """Tell a person that somebody asks to write to them."""
    services.enqueue_request(
        conversation_id=event.conversation_id,
        sender_id=event.sender_id,
        recipient_id=event.recipient_id,
    )


def on_missed_call(event: CallMissed) -> None:
    """Tell people of a call that they missed."""
    services.enqueue_missed(
        conversation_id=event.conversation_id,
        caller_id=event.caller_id,
        callee_ids=event.callee_ids,
    )


def on_ring(event: CallRang) -> None:
    """Tell a person that a call rings for them."""
    services.ring(
        conversation_id=event.conversation_id,
        call_id=event.call_id,
        caller_id=event.caller_id,
        callee_id=event.callee_id,
    )


def on_signed_out(event: SessionRevoked) -> None:
    """Forget the devices of a sign-in; it ended for pushes with its row."""
    services.forget_session(session_id=event.session_id)
