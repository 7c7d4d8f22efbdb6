"""Fair use of the API as a whole; verbs have their own exact budgets in `core.limits`."""

import math
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from core.http.clients import limit_subject
from core.redis_link import Command, Gone, link

if TYPE_CHECKING:
    from rest_framework.views import APIView


class FairUseThrottle(BaseThrottle):
    """Requests per minute of one user, or of one address when nobody is signed in.

    Two counters make a sliding window: this one's, and what the last one still weighs. The cost
    of a call does not grow with the calls before it, as it does with DRF's log of times.
    """

    left = 0.0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Return whether the caller's budget has room, and count the call."""
        call = Call(request)
        self.left = call.left
        redis = link()
        if redis is None:
            return call.fits(_count_in_cache(call.now, keep=call.keep), cache.get(call.before))
        try:
            return call.fits_answers(redis.ask(*call.commands()))
        except Gone:
            return True

    def wait(self) -> float:
        """Return the seconds after which this window's calls weigh less."""
        return math.ceil(self.left)


class Call:
    """One call to be counted; a view that asks Redis anyway sends the commands along."""

    def __init__(self, request: Request) -> None:
        known = request.user.is_authenticated
        calls, seconds = settings.RATE_BUDGETS["overall" if known else "anonymous"]
        window, into = divmod(time.time(), seconds)
        self.left = seconds - into
        self.keep = seconds * 2
        self._weight = self.left / seconds
        self._budget = calls * settings.RATE_LIMIT_SCALE
        name = f"throttle:{known:d}:{request.user.pk if known else limit_subject(request)}"
        self.now, self.before = f"{name}:{window:.0f}", f"{name}:{window - 1:.0f}"

    def commands(self) -> tuple[Command, ...]:
        """Return what counts the call in Redis."""
        now, before = (f"{settings.CACHE_KEY_PREFIX}:{name}" for name in (self.now, self.before))
        return ("INCR", now), ("EXPIRE", now, self.keep), ("GET", before)

    def fits_answers(self, answers: Sequence[Any]) -> bool:
        """Return whether the budget has room, by the answers to `commands`."""
        here, _, earlier = answers
        return self.fits(here, earlier)

    def fits(self, here: int, earlier: int | bytes | None) -> bool:
        """Return whether the budget has room with this many calls in this window and the last."""
        return here + int(earlier or 0) * self._weight <= self._budget


def _count_in_cache(key: str, *, keep: int) -> int:
    try:
        return int(cache.incr(key))
    except ValueError:  # the first of its window
        if cache.add(key, 1, keep):
            return 1
        return int(cache.incr(key))
