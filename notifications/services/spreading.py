"""From a job to its deliveries: the members of a conversation in chunks, each its transaction.

A worker that dies loses its lease, and the next one goes on where the last chunk ended.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from chat.models import Member, Message
from chat.services import rooms
from core import crash, jobs
from notifications import selectors
from notifications.models import PushDelivery, PushJob
from notifications.services import enqueueing

logger = logging.getLogger(__name__)
Kind, State = PushJob.Kind, PushJob.State
LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 5
CHUNK = 1000


@dataclass(frozen=True)
class _Lease:
    job: PushJob
    attempt: int


def spread(job_id: UUID) -> int:
    """Write the deliveries of a job that is due; return how many, 0 for one that is not."""
    lease = _claim(job_id)
    if lease is None:
        return 0
    crash.point("push.job_claimed")
    written, more = 0, True
    while more:
        found, more = _chunk(lease)
        written += found
    return written


def _claim(job_id: UUID) -> _Lease | None:
    """Take a job that is due, counting the attempt before anything can fail."""
    now = timezone.now()
    due = PushJob.objects.filter(
        pk=job_id, state__in=[State.WAITING, State.SPREADING], due_at__lte=now
    )
    given_up = due.filter(attempts__gte=MAX_ATTEMPTS)
    if given_up.update(state=State.DEAD):
        logger.error("a push job is given up", extra={"job": str(job_id)})
        return None
    if not due.update(state=State.SPREADING, attempts=F("attempts") + 1, due_at=now + LEASE):
        return None
    job = PushJob.objects.get(pk=job_id)
    if job.kind == Kind.MESSAGE and job.upto_seq is None:
        _settle(job)
    return _Lease(job, job.attempts)


def _settle(job: PushJob) -> None:
    """End a message job before what is too young to have been acknowledged, and follow it up.

    The conversation is held, as by whoever sends: a message is either seen here, or its sender
    sees that no job waits any more and writes one.
    """
    with rooms.locked(job.conversation_id) as conversation:
        now = timezone.now()
        told = Message.objects.filter(
            conversation_id=job.conversation_id, seq__gt=job.after_seq
        ).exclude(kind__in=selectors.NOT_SAID)
        old = told.filter(created_at__lte=now - enqueueing.WAIT).aggregate(last=Max("seq"))["last"]
        job.upto_seq = old or conversation.last_msg_seq
        job.save(update_fields=["upto_seq"])
        young = told.filter(seq__gt=job.upto_seq).order_by("seq")
        first = young.values_list("created_at", flat=True).first()
        if first is not None:
            wait = max(timedelta(seconds=1), first + enqueueing.WAIT - now)
            enqueueing.write_follow_up(job, after_seq=job.upto_seq, wait=wait)


def _chunk(lease: _Lease) -> tuple[int, bool]:
    """Write the deliveries of the next people; return how many, and whether there are more."""
    job = lease.job
    with transaction.atomic():
        mine = PushJob.objects.select_for_update(no_key=True).filter(
            pk=job.pk, state=State.SPREADING, attempts=lease.attempt
        )
        cursor = mine.values_list("cursor", flat=True).first()
        if not mine.exists():
            return 0, False  # the lease was lost: another worker goes on
        user_ids = _people(job, after=cursor)
        now = timezone.now()
        devices = list(selectors.live_devices(user_ids).values_list("pk", flat=True))
        PushDelivery.objects.bulk_create(
            [PushDelivery(job=job, device_id=pk, due_at=now) for pk in devices],
            ignore_conflicts=True,
        )
        more = len(user_ids) == CHUNK
        mine.update(
            cursor=user_ids[-1] if user_ids else cursor,
            due_at=now + LEASE,
            state=State.SPREADING if more else State.DONE,
        )
        if devices:
            jobs.enqueue("notifications.deliver", queue="push")
    return len(devices), more


def _people(job: PushJob, *, after: UUID | None) -> list[UUID]:
    """Return the next people of a job's conversation, whom it may concern."""
    wanted = Member.State.REQUEST if job.kind == Kind.REQUEST else Member.State.ACTIVE
    rows = Member.objects.filter(conversation_id=job.conversation_id, state=wanted)
    if job.actor_id is not None:
        rows = rows.filter(~Q(user_id=job.actor_id))
    if after is not None:
        rows = rows.filter(user_id__gt=after)
    return list(rows.order_by("user_id").values_list("user_id", flat=True)[:CHUNK])
