"""Background work by name, ids only, after commit.

A job that must happen also has a state column and a sweeper in its own app, so a message lost
here costs time and nothing else.
"""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from core import crash

logger = logging.getLogger(__name__)


def enqueue(task: str, *args: str, queue: str = "default", countdown: int = 0) -> None:
    """Send `task` with string arguments to `queue` when the current transaction commits.

    `countdown` is in seconds. A broker that cannot be reached is logged: the sweeper of the
    task's app finds the work by its state.
    """
    transaction.on_commit(partial(_send, task, args, queue, countdown))


def _send(task: str, args: tuple[str, ...], queue: str, countdown: int) -> None:
    crash.point("jobs.committed")
    try:
        current_app.send_task(
            task,
            args=args,
            queue=queue,
            countdown=countdown or None,
            retry=False,
            ignore_result=True,
        )
    except (OperationalError, OSError):
        logger.warning(
            "broker unreachable, left to the sweeper", extra={"task": task}, exc_info=True
        )
