"""What became of a push at its service, in the words that both transports share."""

from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from enum import Enum

from django.utils import timezone

from core.outbound import Answer

MAX_PAUSE = timedelta(hours=4)


class Verdict(Enum):
    """`GONE`: the device is no more; `LATER`: ask again; `NEVER`: this push will not be taken."""

    SENT = "sent"
    TICKETED = "ticketed"
    GONE = "gone"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True)
class Outcome:
    """A verdict, why, after which pause to try again, and Expo's number of it."""

    verdict: Verdict
    reason: str = ""
    pause: timedelta | None = None
    ticket: str = ""


def by_status(answer: Answer) -> Outcome:
    """Return what an HTTP status means where a service says no more."""
    if 200 <= answer.status < 300:
        return Outcome(Verdict.SENT)
    reason = f"http_{answer.status}"
    if answer.status in (404, 410):
        return Outcome(Verdict.GONE, reason)
    if answer.status == 429 or answer.status >= 500:
        return Outcome(Verdict.LATER, reason, pause=retry_after(answer))
    return Outcome(Verdict.NEVER, reason)


def retry_after(answer: Answer) -> timedelta | None:
    """Return the pause that `Retry-After` asks for, in seconds or as a date; 4 h at most."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return min(timedelta(seconds=int(text[:9])), MAX_PAUSE)
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    if until.tzinfo is None:
        return None
    return max(timedelta(0), min(until - timezone.now(), MAX_PAUSE))
