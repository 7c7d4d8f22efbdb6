"""Events: how an app tells those above it that something happened.

An event is a frozen dataclass of ids, delivered after the transaction commits. Subscribers are
wired in `AppConfig.ready`. What must survive a crash between commit and delivery also has a state
column and a sweeper; an event alone is a hint.

What must not wait for the commit has a second door, `foresee`: it is called at once, inside the
transaction. Caches mark there what is about to change, and a job whose row must exist if the event
does is written there, so that a process that dies right after the commit has lost nothing.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.db import transaction

logger = logging.getLogger(__name__)
Event = TypeVar("Event")
_subscribers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)
_foreseers: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(event_type: type[Event], handler: Callable[[Event], None]) -> None:
    """Call `handler` with each event of `event_type`, once even if subscribed twice."""
    if handler not in _subscribers[event_type]:
        _subscribers[event_type].append(handler)


def foresee(event_type: type[Event], handler: Callable[[Event], None]) -> None:
    """Call `handler` while the transaction of an event is open; it is quick and never raises."""
    if handler not in _foreseers[event_type]:
        _foreseers[event_type].append(handler)


def publish(event: object) -> None:
    """Deliver `event` to its subscribers when the current transaction commits."""
    for handler in _foreseers[type(event)]:
        handler(event)
    transaction.on_commit(partial(_deliver, event))


def _deliver(event: object) -> None:
    for handler in _subscribers[type(event)]:
        try:
            handler(event)
        except Exception:
            # One subscriber's failure must neither undo the verb nor starve the others.
            logger.exception("subscriber failed", extra={"event": type(event).__name__})
