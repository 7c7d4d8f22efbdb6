"""From an event to a job, in the transaction of the event: what is committed is told.

All of these run while the conversation's row is held.
"""

import math
from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models.functions import Least
from django.utils import timezone

from chat.models import Conversation
from core import jobs
from notifications.models import PushDevice, PushJob

Kind, State = PushJob.Kind, PushJob.State
# For so long a device in somebody's hands may say that it has the message.
WAIT = timedelta(seconds=4)
# A page that rings in front of somebody has time to be answered; a pocket is told soon.
RING_WAIT = timedelta(seconds=1)


def enqueue_message(*, conversation_id: UUID, recipient_ids: Collection[UUID]) -> None:
    """Tell people of a message that was just appended; one that waits already covers it."""
    waiting = PushJob.objects.filter(
        conversation_id=conversation_id, kind=Kind.MESSAGE, state=State.WAITING
    )
    if not _anybody(recipient_ids) or waiting.exists():
        return
    last = _last_seq(conversation_id)
    _write(Kind.MESSAGE, conversation_id, wait=WAIT, after_seq=last - 1)


def enqueue_request(*, conversation_id: UUID, sender_id: UUID, recipient_id: UUID) -> None:
    """Tell a person that somebody unknown asks to write to them."""
    if _anybody([recipient_id]):
        last = _last_seq(conversation_id)
        _write(Kind.REQUEST, conversation_id, wait=WAIT, actor_id=sender_id, upto_seq=last)


def enqueue_missed(*, conversation_id: UUID, caller_id: UUID, callee_ids: Collection[UUID]) -> None:
    """Tell people of a call that nobody took, whose message was just appended."""
    if _anybody(callee_ids):
        last = _last_seq(conversation_id)
        _write(Kind.MISSED, conversation_id, wait=WAIT, actor_id=caller_id, upto_seq=last)


def ring(*, conversation_id: UUID, call_id: UUID, caller_id: UUID, callee_id: UUID) -> None:
    """Tell a person that a call rings for them."""
    if _anybody([callee_id]):
        _write(Kind.RING, conversation_id, wait=RING_WAIT, actor_id=caller_id, call_id=call_id)


def write_follow_up(job: PushJob, *, after_seq: int, wait: timedelta) -> None:
    """Leave the messages that a job is too early for to the next one, which may wait already."""
    waiting = PushJob.objects.filter(
        conversation_id=job.conversation_id, kind=Kind.MESSAGE, state=State.WAITING
    )
    if not waiting.update(after_seq=Least("after_seq", after_seq)):
        _write(Kind.MESSAGE, job.conversation_id, wait=wait, after_seq=after_seq)


def _anybody(user_ids: Collection[UUID]) -> bool:
    return settings.PUSH.on and PushDevice.objects.filter(user_id__in=user_ids).exists()


def _last_seq(conversation_id: UUID) -> int:
    rows = Conversation.objects.filter(pk=conversation_id)
    return rows.values_list("last_msg_seq", flat=True).get()


def _write(
    kind: str,
    conversation_id: UUID,
    *,
    wait: timedelta,
    actor_id: UUID | None = None,
    call_id: UUID | None = None,
    after_seq: int = 0,
    upto_seq: int | None = None,
) -> None:
    now = timezone.now()
    job = PushJob.objects.create(
        kind=kind,
        conversation_id=conversation_id,
        actor_id=actor_id,
        call_id=call_id,
        after_seq=after_seq,
        upto_seq=upto_seq,
        happened_at=now,
        due_at=now + wait,
    )
    seconds = math.ceil(wait.total_seconds())
    jobs.enqueue("notifications.spread", str(job.pk), queue="push", countdown=seconds)
