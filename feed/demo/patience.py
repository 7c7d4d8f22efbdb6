"""The demo keeps to everybody's rate limits: it waits its turn."""

import time
from collections.abc import Callable
from typing import TypeVar

from core.errors import RateLimited, Unavailable

Result = TypeVar("Result")
LONGEST_SECONDS = 120
TRIES = 20


def patiently(verb: Callable[[], Result]) -> Result:
    """Return `verb()`, called again after the wait that a refusal names (at most two minutes)."""
    for _ in range(TRIES):
        try:
            return verb()
        except (RateLimited, Unavailable) as refusal:
            time.sleep(min(refusal.retry_after, LONGEST_SECONDS))
    return verb()
