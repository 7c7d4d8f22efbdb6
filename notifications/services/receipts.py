"""Expo's receipts: what Apple and Google said of a push that Expo had taken."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from core import outbound
from notifications import expo
from notifications.models import PushDelivery, PushDevice
from notifications.transports import Verdict

logger = logging.getLogger(__name__)
State = PushDelivery.State
AGAIN = timedelta(minutes=10)
# Expo forgets receipts after a day.
KEPT = timedelta(hours=20)


def poll_receipts() -> int:
    """Ask for the receipts that are due and forget devices that are no more; return how many."""
    now = timezone.now()
    due = PushDelivery.objects.filter(state=State.TICKETED, due_at__lte=now).order_by("due_at")
    found = {one.ticket: one for one in due.select_related("job")[: expo.RECEIPTS]}
    if not found or not settings.PUSH.expo:
        return 0
    # Whoever asks at the same time asks about others; if this one dies they are asked again.
    PushDelivery.objects.filter(pk__in=[one.pk for one in found.values()]).update(
        due_at=now + AGAIN
    )
    try:
        told = expo.receipts(list(found))
    except (outbound.Unreachable, outbound.Refused) as error:
        logger.warning("no receipts from Expo", extra={"reason": str(error)})
        told = {}
    for ticket, one in found.items():
        outcome = told.get(ticket)
        if outcome is not None and outcome.verdict == Verdict.GONE:
            PushDevice.objects.filter(pk=one.device_id).delete()
        elif outcome is not None:
            _end(one, reason=outcome.reason)
        elif one.job.happened_at < now - KEPT:
            _end(one, reason="no_receipt")
    return len(told)


def _end(delivery: PushDelivery, *, reason: str) -> None:
    """Write down the end: a push that a phone refused is not sent again."""
    PushDelivery.objects.filter(pk=delivery.pk, state=State.TICKETED).update(
        state=State.DEAD if reason else State.SENT, reason=reason
    )
