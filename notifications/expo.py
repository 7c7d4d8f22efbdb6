"""Expo's push service: a hundred in a request, a ticket for each, and later its receipt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from django.conf import settings

from core import outbound
from notifications.transports import Outcome, Verdict, by_status
from notifications.wording import Notice

BATCH, RECEIPTS = 100, 1000
SECONDS = 10.0
MOST = 1024 * 1024


@dataclass(frozen=True)
class Parcel:
    """One notice for one token; `left` is how long it is worth something."""

    token: str
    notice: Notice
    left: timedelta

    @property
    def message(self) -> dict[str, Any]:
        """Return it as Expo takes it."""
        return {
            "to": self.token,
            "title": self.notice.title,
            "body": self.notice.body,
            "data": self.notice.payload,
            "sound": "default",
            "priority": "high",
            "ttl": max(0, int(self.left.total_seconds())),
        }


def send(parcels: Sequence[Parcel]) -> list[Outcome]:
    """Hand over at most BATCH parcels and return what became of each, in their order.

    A request that Expo refuses as a whole (a token of another project spoils it) is sent again
    in halves, so that it costs its own parcel only.
    """
    try:
        answer = _ask("send", [parcel.message for parcel in parcels])
    except outbound.Unreachable:
        return [Outcome(Verdict.LATER, "unreachable")] * len(parcels)
    except outbound.Refused:
        return [Outcome(Verdict.NEVER, "refused_address")] * len(parcels)
    whole = by_status(answer)
    if whole.verdict == Verdict.SENT:
        return _tickets(answer.body, len(parcels))
    if whole.verdict == Verdict.LATER:
        return [whole] * len(parcels)
    if len(parcels) == 1:
        return [Outcome(Verdict.NEVER, whole.reason)]
    middle = len(parcels) // 2
    return [*send(parcels[:middle]), *send(parcels[middle:])]


def receipts(tickets: Sequence[str]) -> Mapping[str, Outcome]:
    """Return what became of tickets, at most RECEIPTS of them; unknown ones are left out.

    Raises Unreachable, also where Expo does not answer with receipts.
    """
    answer = _ask("getReceipts", {"ids": list(tickets)})
    found = _parse(answer.body).get("data") if answer.status == 200 else None
    if not isinstance(found, dict):
        message = f"no receipts, HTTP {answer.status}"
        raise outbound.Unreachable(message)
    return {ticket: _outcome(told) for ticket, told in found.items() if ticket in tickets}


def _ask(what: str, body: object) -> outbound.Answer:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if settings.PUSH.expo_token:
        headers["Authorization"] = f"Bearer {settings.PUSH.expo_token}"
    return outbound.post(
        f"{settings.PUSH.expo_url}/{what}",
        body=orjson.dumps(body),
        headers=headers,
        allowed=settings.PUSH.allowed_hosts,
        seconds=SECONDS,
        most=MOST,
    )


def _tickets(body: bytes, count: int) -> list[Outcome]:
    told = _parse(body).get("data")
    if not isinstance(told, list) or len(told) != count:
        return [Outcome(Verdict.LATER, "odd_answer")] * count
    return [_outcome(one) for one in told]


def _outcome(told: object) -> Outcome:
    """Return what a ticket or a receipt says."""
    if not isinstance(told, dict):
        return Outcome(Verdict.LATER, "odd_answer")
    if told.get("status") == "ok":
        ticket = told.get("id")
        if isinstance(ticket, str) and 0 < len(ticket) <= 64:
            return Outcome(Verdict.TICKETED, ticket=ticket)
        return Outcome(Verdict.SENT)
    details = told.get("details")
    error = str(details.get("error", "")) if isinstance(details, dict) else ""
    if error == "DeviceNotRegistered":
        return Outcome(Verdict.GONE, "not_registered")
    if error == "MessageRateExceeded":
        return Outcome(Verdict.LATER, "rate_exceeded")
    return Outcome(Verdict.NEVER, "expo_refused")


def _parse(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
