"""The test kit: committed effects, jobs in-process, query counts."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

QUEUES = ("default", "push", "media", "ladder", "captions")


def commit() -> None:
    """Run what waits for the commit, as the end of a request would.

    Tests run inside a transaction that is rolled back, so `on_commit` hooks never fire by
    themselves; this is what `TestCase.captureOnCommitCallbacks` does.
    """
    while connection.run_on_commit:
        entry: tuple[Any, ...] = connection.run_on_commit.pop(0)
        entry[1]()


def eventually(condition: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Wait until a condition holds; return whether it came to."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def run_jobs(limit: int = 200) -> list[str]:
    """Run every queued job (and those that they queue) in this process; return their names.

    Jobs come from a real in-memory broker, arguments as they were serialised.
    """
    current_app.loader.import_default_modules()
    ran: list[str] = []
    while len(ran) < limit:
        if not transaction.get_connection().in_atomic_block or connection.run_on_commit:
            commit()
        job = _next_job()
        if job is None:
            return ran
        name, args = job
        current_app.tasks[name](*args)
        ran.append(name)
    message = f"more than {limit} jobs: {ran[-5:]}"
    raise AssertionError(message)


def purge_jobs() -> None:
    """Drop every queued job."""
    while _next_job() is not None:
        pass


def _next_job() -> tuple[str, list[Any]] | None:
    with current_app.connection_for_read() as broker:
        for queue in QUEUES:
            simple = broker.SimpleQueue(queue)
            try:
                message = simple.get_nowait()
            except Empty:
                continue
            finally:
                simple.close()
            message.ack()
            return message.headers["task"], message.payload[0]
    return None


@contextmanager
def same_queries() -> Iterator[Callable[[Callable[[], object]], None]]:
    """Yield a recorder: call it with each size of the same list; all must cost the same queries."""
    counts: list[list[str]] = []

    def record(read: Callable[[], object]) -> None:
        with CaptureQueriesContext(connection) as captured:
            read()
        counts.append([query["sql"] for query in captured.captured_queries])

    yield record
    sizes = [len(queries) for queries in counts]
    assert len(set(sizes)) == 1, f"query counts differ: {sizes}\n" + "\n".join(counts[-1])
