"""Work after the answer: preparing what is about to be asked for.

A few threads of the web process do it. It is never needed for correctness: when they are busy or
Redis is away, the next request does the same work for itself.
"""

import functools
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.utils import translation

from accounts.models import User
from core.redis_link import Gone, Link, link
from feed import parts, sessions, store
from feed.cursors import EPOCH, Place, new_seed
from feed.modes import Mode, signed_in
from videos.policies import Viewer

logger = logging.getLogger(__name__)
MAX_WAITING = 64
COUNTS_PAUSE = 0.25
COUNTS_BATCH = 500
LOCK_MS = 3000
HEAD_IDS = 11  # a page of ten, and one more that says it is not the last
MAX_LIMIT = 30
BEGUN_AHEAD = (Mode.FOR_YOU, Mode.FOLLOWING)
_waiting = threading.BoundedSemaphore(MAX_WAITING)
_counts: set[UUID] = set()
_counting = threading.Lock()


@functools.cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings.FEED_THREADS, thread_name_prefix="feed-ahead")


def soon(work: Callable[..., None], *args: Any, **kwargs: Any) -> None:
    """Do `work` after the answer, in the language of the request; dropped when too much waits.

    With `FEED_THREADS = 0` (tests) it is done at once.
    """
    if not settings.FEED_THREADS:
        _try(work, *args, **kwargs)
    elif _waiting.acquire(blocking=False):
        _pool().submit(_in_thread, translation.get_language(), work, *args, **kwargs)


def prepare_window(*, viewer: Viewer, place: Place, limit: int) -> None:
    """Prepare the list's window for this page and the two after it, soon."""
    if limit <= MAX_LIMIT:
        soon(_prepare, viewer, place, 3 * limit + 2)


def refresh_counts(video_ids: Collection[UUID]) -> None:
    """Count these videos anew for everybody, soon and many at a time."""
    _counts.update(video_ids)
    if not _counting.locked():
        soon(_refresh)


def prepare_head(*, viewer: Viewer, mode: Mode) -> None:
    """Begin the list of the viewer's next visit, soon: the first page of it is ready then."""
    if signed_in(viewer):
        soon(_make_head, viewer, mode)


def make_head(viewer: Viewer, mode: Mode) -> bool:
    """Begin the list of somebody's next visit unless it has begun; return whether this did."""
    redis, user = link(), signed_in(viewer)
    if redis is None or user is None or not redis.is_up:
        return False
    name = store.head_key(user.pk, mode)
    try:
        if redis.ask(("EXISTS", name))[0]:
            return False
        place = Place(mode, new_seed(), 0)
        window = _window(redis, viewer, user.pk, place, HEAD_IDS)
        if window is None:
            return False
        window.who |= store.HEAD
        redis.ask(("SET", name, window.pack(), "EX", store.WINDOW_SECONDS))
    except Gone:
        return False
    return True


def make_heads(user_ids: Iterable[UUID]) -> int:
    """Begin the next visits of people, as far as they may sign in; return how many lists."""
    made = 0
    for user_id in user_ids:
        user = User.objects.filter(pk=user_id, is_active=True, suspended_at=None).first()
        made += sum(make_head(user, mode) for mode in BEGUN_AHEAD) if user else 0
    return made


def _make_head(viewer: Viewer, mode: Mode) -> None:
    make_head(viewer, mode)


def take_head(*, viewer: Viewer, mode: Mode) -> int | None:
    """Return the seed of the list begun ahead for this visit, if there is one; it is used up."""
    redis, user = link(), signed_in(viewer)
    if redis is None or user is None or not redis.is_up:
        return None
    try:
        packed = redis.ask(("GETDEL", store.head_key(user.pk, mode)))[0]
        if packed is None or store.token_in(packed) is None:
            return None
        seed: int = store.PackedWindow(packed).seed
        name = store.window_key(user.pk, mode, seed)
        redis.ask(("SET", name, packed, "EX", store.WINDOW_SECONDS))
    except Gone:
        return None
    return seed


def _prepare(viewer: Viewer, place: Place, size: int) -> None:
    redis = link()
    if redis is None or not redis.is_up:
        return
    user = signed_in(viewer)
    user_id = user.pk if user else None
    lock = store.key(b"l", store.window_key(user_id, place.mode, place.seed.number))
    try:
        if redis.ask(("SET", lock, b"", "NX", "PX", LOCK_MS))[0] is None:
            return
        try:
            window = _window(redis, viewer, user_id, place, size)
            if window:
                store.put_window(redis, user_id, place.mode, window)
        finally:
            redis.ask(("DEL", lock))
    except Gone:
        return


def _window(
    redis: Link, viewer: Viewer, user_id: UUID | None, place: Place, size: int
) -> store.Window | None:
    """Return a window of the list with `size` prepared entries; raises Gone."""
    token = store.token_of(redis, user_id)
    if token is None:
        return None
    listing = sessions.open_listing(viewer=viewer, place=place)
    ids = listing.between(place.skip, place.skip + size)
    if len(ids) < size and listing.grow(beyond=place.skip + size):
        ids = listing.between(place.skip, place.skip + size)
    started = time.monotonic()
    whys = listing.whys(place.skip, place.skip + size)
    prepared = parts.prepare(viewer=viewer, mode=place.mode, ids=ids, whys=whys)
    if not ids or time.monotonic() - started > store.FILL_SECONDS:
        return None
    prepared.put(redis)
    return store.Window(
        seed=place.seed.number,
        born_us=(listing.born_at - EPOCH) // timedelta(microseconds=1),
        start=place.skip,
        ids=[video_id.bytes for video_id in ids],
        made_at=int(time.time()),
        who=parts.who(viewer),
        token=token,
        language=translation.get_language(),
        facts=prepared.facts,
        entries=prepared.entries,
    )


def _refresh() -> None:
    """Write the counters that were asked for, a batch at a time, one thread per process."""
    redis = link()
    if redis is None or not _counting.acquire(blocking=False):
        return
    try:
        while _counts:
            if settings.FEED_THREADS:
                time.sleep(COUNTS_PAUSE)
            batch = [_counts.pop() for _ in range(min(len(_counts), COUNTS_BATCH))]
            parts.write_counts(redis, batch)
    except Gone:
        _counts.clear()
    finally:
        _counting.release()


def _in_thread(language: str, work: Callable[..., None], *args: Any, **kwargs: Any) -> None:
    _waiting.release()
    try:
        with translation.override(language):
            _try(work, *args, **kwargs)
    finally:
        connections.close_all()


def _try(work: Callable[..., None], *args: Any, **kwargs: Any) -> None:
    try:
        work(*args, **kwargs)
    except Exception:
        # The answer has been given: whatever failed here is done again by whoever needs it.
        logger.exception("work ahead failed", extra={"work": work.__name__})
