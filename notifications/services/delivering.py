"""From a delivery to its service: claimed under a lease, asked about again, sent, settled.

Nothing remote happens in a transaction. Whatever a worker had claimed when it died is claimed
again once its lease ends; a push may then come twice, and takes its own place (`tag`).
"""

import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from core import crash
from notifications import expo, web_push
from notifications.models import PushDelivery, PushDevice
from notifications.services.deciding import decide, left
from notifications.services.settling import MAX_ATTEMPTS, fail, settle
from notifications.transports import Outcome
from notifications.wording import Notice

logger = logging.getLogger(__name__)
State, Transport = PushDelivery.State, PushDevice.Transport
# Longer than a batch can take: its rounds of browsers, and Expo's halves.
LEASE = timedelta(seconds=150)
BATCH, AT_ONCE = 100, 16


def deliver(*, limit: int = BATCH) -> int:
    """Send what is due, at most `limit`; return how many were looked at."""
    claimed = _claim(limit)
    crash.point("push.claimed")
    wanted: list[tuple[PushDelivery, Notice]] = []
    for delivery in claimed:
        try:
            decision = decide(delivery)
        except Exception:
            # One that cannot be told must not keep back the others; after some attempts it is dead.
            logger.exception("a push cannot be decided", extra={"delivery": str(delivery.pk)})
            fail(delivery)
            continue
        if isinstance(decision, Notice):
            wanted.append((delivery, decision))
        else:
            _drop(delivery, decision)
    for transport, send in ((Transport.WEB, _send_web), (Transport.EXPO, _send_expo)):
        mine = [(one, notice) for one, notice in wanted if one.device.transport == transport]
        outcomes = send(mine) if mine else {}
        crash.point("push.sent")
        for delivery, _ in mine:
            outcome = outcomes.get(delivery.pk)
            if outcome is None:
                fail(delivery)
            else:
                settle(delivery, outcome)
    return len(claimed)


def _claim(limit: int) -> list[PushDelivery]:
    """Take deliveries that are due, the longest waiting first, counting the attempt."""
    now = timezone.now()
    due = PushDelivery.objects.filter(
        state__in=[State.WAITING, State.SENDING], due_at__lte=now
    ).order_by("due_at", "id")
    with transaction.atomic():
        rows = due
        if connection.features.has_select_for_update_skip_locked:
            rows = due.select_for_update(skip_locked=True, of=("self",))
        found = list(rows.select_related("job", "device", "device__user")[:limit])
        for one in found:
            one.attempts += 1
            dead = one.attempts > MAX_ATTEMPTS
            one.state = State.DEAD if dead else State.SENDING
            one.reason = "given_up" if dead else ""
            one.due_at = now + LEASE
        PushDelivery.objects.bulk_update(found, ["attempts", "state", "reason", "due_at"])
    for one in found:
        if one.state == State.DEAD:
            logger.error("a push is given up", extra={"delivery": str(one.pk)})
    return [one for one in found if one.state == State.SENDING]


def _drop(delivery: PushDelivery, reason: str) -> None:
    PushDelivery.objects.filter(
        pk=delivery.pk, state=State.SENDING, attempts=delivery.attempts
    ).update(state=State.DROPPED, reason=reason)


def _send_web(wanted: Sequence[tuple[PushDelivery, Notice]]) -> Mapping[object, Outcome]:
    """Send to browsers, some at once; what failed in an unforeseen way is left out."""
    now = timezone.now()
    found: dict[object, Outcome] = {}
    with ThreadPoolExecutor(min(AT_ONCE, len(wanted)), thread_name_prefix="push") as pool:
        sent = [
            (one.pk, pool.submit(web_push.send, one.device, notice, left=left(one.job, now)))
            for one, notice in wanted
        ]
        for pk, work in sent:
            error = work.exception()
            if error is None:
                found[pk] = work.result()
            else:
                logger.error("a push cannot be sent", exc_info=error, extra={"delivery": str(pk)})
    return found


def _send_expo(wanted: Sequence[tuple[PushDelivery, Notice]]) -> Mapping[object, Outcome]:
    now = timezone.now()
    found: dict[object, Outcome] = {}
    for start in range(0, len(wanted), expo.BATCH):
        part = wanted[start : start + expo.BATCH]
        parcels = [
            expo.Parcel(one.device.token, notice, left(one.job, now)) for one, notice in part
        ]
        outcomes = expo.send(parcels)
        found |= {one.pk: outcome for (one, _), outcome in zip(part, outcomes, strict=True)}
    return found
