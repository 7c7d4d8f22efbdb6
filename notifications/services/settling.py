"""Writing down what became of a delivery, fenced by its attempt: a lost lease writes nothing."""

import logging
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from notifications.models import PushDelivery, PushDevice
from notifications.transports import Outcome, Verdict

logger = logging.getLogger(__name__)
State = PushDelivery.State
FIRST_PAUSE = timedelta(seconds=15)
MAX_ATTEMPTS = 6
# Expo knows after a while what Apple and Google said.
RECEIPT_AFTER = timedelta(minutes=15)
# A device that nothing was taken by for so many times in a row is forgotten; it registers anew.
MAX_FAILS = 20


def settle(delivery: PushDelivery, outcome: Outcome) -> None:
    """Write down what a service said: sent, to be tried again, or that the device is no more."""
    if outcome.verdict == Verdict.GONE:
        PushDevice.objects.filter(pk=delivery.device_id, token=delivery.device.token).delete()
        logger.info("a push device is gone", extra={"reason": outcome.reason})
        return
    now = timezone.now()
    if outcome.verdict in (Verdict.SENT, Verdict.TICKETED):
        ticketed = outcome.verdict == Verdict.TICKETED
        _write(
            delivery,
            state=State.TICKETED if ticketed else State.SENT,
            ticket=outcome.ticket,
            due_at=now + RECEIPT_AFTER if ticketed else now,
        )
        PushDevice.objects.filter(pk=delivery.device_id, fails__gt=0).update(fails=0)
        return
    if outcome.verdict == Verdict.NEVER:
        _write(delivery, state=State.DEAD, reason=outcome.reason)
        logger.warning("a push was refused", extra={"reason": outcome.reason})
    else:
        _again(delivery, reason=outcome.reason, pause=outcome.pause)
    _count_failure(delivery)


def fail(delivery: PushDelivery) -> None:
    """Have a delivery that went wrong on our side tried again after a pause."""
    _again(delivery, reason="error", pause=None)


def _again(delivery: PushDelivery, *, reason: str, pause: timedelta | None) -> None:
    if delivery.attempts >= MAX_ATTEMPTS:
        _write(delivery, state=State.DEAD, reason="given_up")
        logger.error("a push is given up", extra={"delivery": str(delivery.pk), "reason": reason})
        return
    backoff = FIRST_PAUSE * 4 ** (delivery.attempts - 1)
    due = timezone.now() + max(backoff, pause or timedelta(0))
    _write(delivery, state=State.WAITING, reason=reason, due_at=due)


def _count_failure(delivery: PushDelivery) -> None:
    device = PushDevice.objects.filter(pk=delivery.device_id)
    device.update(fails=F("fails") + 1)
    device.filter(fails__gte=MAX_FAILS).delete()


def _write(delivery: PushDelivery, **changes: Any) -> None:
    PushDelivery.objects.filter(
        pk=delivery.pk, state=State.SENDING, attempts=delivery.attempts
    ).update(**changes)
