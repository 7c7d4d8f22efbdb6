"""What a person wants to be told of while away, and when not."""

from datetime import time
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from accounts.models import User
from core import limits
from core.errors import Invalid
from notifications.models import PushPreference
from social.graph import policies as people
from social.graph.policies import Viewer

FIELDS = ("messages", "calls", "show_text", "quiet_from", "quiet_until", "time_zone")


@cache
def time_zones() -> frozenset[str]:
    """Return the names of time zones that a person may live in."""
    return frozenset(
        name for name in available_timezones() if not name.startswith(("posix", "right", "Factory"))
    )


def preferences_of(user: User) -> PushPreference:
    """Return what the person wants, the defaults where they never said."""
    return PushPreference.objects.filter(user_id=user.pk).first() or PushPreference(user_id=user.pk)


def update_preferences(*, actor: Viewer, **changes: Any) -> PushPreference:
    """Change any of FIELDS; quiet hours are two different times of the day, or neither.

    Raises Invalid, RateLimited.
    """
    user = people.require_active(actor)
    limits.consume(budget="profile", subject=str(user.pk))
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise Invalid.field(unknown.pop(), "There is no such setting.")
    wanted = preferences_of(user)
    for name, value in changes.items():
        setattr(wanted, name, value)
    wanted.quiet_from, wanted.quiet_until = _hours(wanted.quiet_from, wanted.quiet_until)
    if wanted.time_zone not in time_zones():
        raise Invalid.field("time_zone", "The name of a time zone, as in Asia/Ho_Chi_Minh.")
    values = {name: getattr(wanted, name) for name in FIELDS}
    row, _ = PushPreference.objects.update_or_create(user_id=user.pk, defaults=values)
    return row


def _hours(start: time | None, end: time | None) -> tuple[time | None, time | None]:
    if (start is None) != (end is None):
        name = "quiet_from" if start is None else "quiet_until"
        raise Invalid.field(name, "Quiet hours have a beginning and an end.")
    if start is not None and end is not None:
        start, end = start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
        if start == end:
            raise Invalid.field("quiet_until", "Quiet hours end at another time than they begin.")
    return start, end
