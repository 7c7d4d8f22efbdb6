"""Budgets: how often a subject may do something, counted atomically.

The generic cell rate algorithm (ITU-T I.371; Brandur's "Rate Limiting, Cells, and GCRA"): one
number per subject, no window edges. Redis with a Lua script in the scaled mode, a database row
in the embedded one. Budgets are `settings.RATE_BUDGETS`, multiplied by `RATE_LIMIT_SCALE`.
"""

import functools
import hashlib
import logging
import math
import time
from typing import cast

import redis
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from core.errors import RateLimited
from core.models import RateBucket

logger = logging.getLogger(__name__)

# KEYS[1] bucket; ARGV: seconds between calls, seconds of burst. Returns seconds to wait, 0 = taken.
GCRA = """
local now = redis.call('TIME'); now = now[1] + now[2] / 1000000
local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local wait = arrival + tonumber(ARGV[1]) - now - tonumber(ARGV[2])
if wait > 0.000001 then return tostring(wait) end
local stored = string.format('%.6f', arrival + tonumber(ARGV[1]))
redis.call('SET', KEYS[1], stored, 'EX', math.ceil(tonumber(ARGV[2])) + 1)
return '0'
"""

REFUND = """
local arrival = tonumber(redis.call('GET', KEYS[1]))
if arrival then
  redis.call('SET', KEYS[1], string.format('%.6f', arrival - tonumber(ARGV[1])), 'KEEPTTL')
end
"""


def consume(*, budget: str, subject: str) -> None:
    """Take one call from `subject`'s budget.

    Raises RateLimited with the seconds to wait when the budget is spent. Never call it inside
    the transaction of the verb: the count must stand even if the verb fails.
    """
    key, interval, burst = _bucket(budget, subject)
    wait = _take(key, interval=interval, burst=burst)
    if wait > 0:
        raise RateLimited(retry_after=max(1, math.ceil(wait)))


def refund(*, budget: str, subject: str) -> None:
    """Give back one call that `consume` took: for budgets that count failures only."""
    key, interval, _ = _bucket(budget, subject)
    if settings.REDIS_URL:
        try:
            _client().eval(REFUND, 1, _redis_key(key), str(interval))
            return
        except redis.RedisError:
            logger.warning("redis unreachable, limits fall back to the database", exc_info=True)
    RateBucket.objects.filter(key=key).update(
        theoretical_arrival=F("theoretical_arrival") - interval
    )


def _bucket(budget: str, subject: str) -> tuple[str, float, float]:
    calls, seconds = settings.RATE_BUDGETS[budget]
    scaled = max(1.0, calls * settings.RATE_LIMIT_SCALE)
    key = f"{budget}:{hashlib.sha256(subject.encode()).hexdigest()[:40]}"
    return key, seconds / scaled, float(seconds)


def _redis_key(key: str) -> str:
    return f"{settings.CACHE_KEY_PREFIX}:rate:{key}"


def _take(key: str, *, interval: float, burst: float) -> float:
    if settings.REDIS_URL:
        try:
            return _take_redis(key, interval=interval, burst=burst)
        except redis.RedisError:
            # The database is slower but just as exact: a lost Redis must not open the gates.
            logger.warning("redis unreachable, limits fall back to the database", exc_info=True)
    return _take_database(key, interval=interval, burst=burst)


@functools.cache
def _client() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.3, socket_connect_timeout=0.3)


def _take_redis(key: str, *, interval: float, burst: float) -> float:
    answer = _client().eval(GCRA, 1, _redis_key(key), str(interval), str(burst))
    return float(cast(bytes, answer))


def _take_database(key: str, *, interval: float, burst: float) -> float:
    now = time.time()
    with transaction.atomic():
        RateBucket.objects.bulk_create(
            [RateBucket(key=key, theoretical_arrival=now)], ignore_conflicts=True
        )
        rows = RateBucket.objects.filter(key=key)
        if connection.features.has_select_for_update:
            rows = rows.select_for_update()
        stored = rows.first()
        arrival = max(stored.theoretical_arrival, now) if stored else now
        wait = arrival + interval - now - burst
        if wait > 1e-6:
            return wait
        rows.update(theoretical_arrival=arrival + interval)
    return 0.0


def forget_idle() -> int:
    """Delete buckets that have filled up again; return how many. Run by `core.sweep`."""
    deleted, _ = RateBucket.objects.filter(theoretical_arrival__lt=time.time()).delete()
    return deleted
