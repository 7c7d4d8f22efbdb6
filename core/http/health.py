"""`/healthz`: the process is alive. `/readyz`: what it stands on answers."""

import logging
from collections.abc import Callable

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from core.http.clients import is_internal

logger = logging.getLogger(__name__)


_facts: dict[str, Callable[[], str]] = {}


def register_fact(name: str, tell: Callable[[], str]) -> None:
    """Have `/readyz` tell something more about this host, to callers of our own networks only."""
    _facts[name] = tell


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process serves requests."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, cache and storage answer, else 503 naming what does not.

    Our own networks (INTERNAL_NETWORKS) also read which sandbox decoders run in on this host.
    """
    checks = {"database": _database, "cache": _cache, "storage": _storage}
    state: dict[str, str] = {}
    for name, check in checks.items():
        try:
            check()
            state[name] = "ok"
        except Exception:
            # Any failure of a dependency means "not ready"; the log has the reason.
            logger.exception("dependency not ready", extra={"dependency": name})
            state[name] = "unavailable"
    ready = all(value == "ok" for value in state.values())
    about = {name: tell() for name, tell in _facts.items()} if is_internal(request) else {}
    response = JsonResponse(
        {"status": "ok" if ready else "unavailable", **state, **about},
        status=200 if ready else 503,
    )
    response["Cache-Control"] = "no-store"
    return response


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")


def _cache() -> None:
    cache.set("readyz", 1, 5)
    if cache.get("readyz") != 1:
        message = "the cache does not keep what it is given"
        raise ConnectionError(message)


def _storage() -> None:
    default_storage.exists("readyz")
