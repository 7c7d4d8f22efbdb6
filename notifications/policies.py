"""When a person wants to be told: pure questions about their preferences."""

from datetime import datetime
from zoneinfo import ZoneInfo

from notifications.models import PushJob, PushPreference

Kind = PushJob.Kind
CALLS = (Kind.RING, Kind.MISSED)


def wants(preference: PushPreference, kind: str) -> bool:
    """Return whether a person is told of this at all."""
    return preference.calls if kind in CALLS else preference.messages


def is_quiet(preference: PushPreference, now: datetime) -> bool:
    """Return whether the hands of the person's clock are in their quiet hours at `now` (aware).

    The instant is turned into local time, never local times into instants: an hour that a clock
    skips is nobody's, and one that it shows twice is quiet, or not, twice.
    """
    start, end = preference.quiet_from, preference.quiet_until
    if start is None or end is None:
        return False
    at = now.astimezone(ZoneInfo(preference.time_zone)).time()
    return start <= at < end if start < end else at >= start or at < end
