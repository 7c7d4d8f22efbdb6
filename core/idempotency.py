"""`Idempotency-Key`: the first answer to a mutating call is kept and given again.

The record is written in the transaction of the verb itself, so there is no moment at which the
effect exists and the answer does not.
"""

import functools
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import orjson
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Conflict, Invalid
from core.models import IdempotencyRecord

KEPT = timedelta(hours=24)
MAX_KEY_LENGTH = 255


def read_key(request: Request) -> str:
    """Return the request's key or an empty string; raises Invalid for an unusable one."""
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > MAX_KEY_LENGTH or not key.isprintable():
        raise Invalid(
            "idempotency_key_invalid", "Idempotency-Key is at most 255 printable characters."
        )
    return key


def idempotent(handler: Callable[..., Response]) -> Callable[..., Response]:
    """Decorate a mutating API handler that does no slow work: it runs in one transaction."""

    @functools.wraps(handler)
    def wrapper(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = read_key(request)
        if not key:
            return handler(view, request, *args, **kwargs)
        route = sha256(request.path.encode()).hexdigest()[:32]
        scope = f"{request.user.pk or 'anon'}:{request.method}:{route}"
        fingerprint = sha256(
            orjson.dumps(request.data, option=orjson.OPT_SORT_KEYS, default=str)
        ).hexdigest()
        try:
            with transaction.atomic():
                record = IdempotencyRecord.objects.create(
                    scope=scope, key=key, fingerprint=fingerprint
                )
                response = handler(view, request, *args, **kwargs)
                record.status = response.status_code
                record.body = orjson.dumps(response.data, default=str, option=orjson.OPT_UTC_Z)
                record.save(update_fields=["status", "body"])
        except IntegrityError:
            first = IdempotencyRecord.objects.filter(scope=scope, key=key).first()
            if first is None:
                raise
            return _replay(first, fingerprint)
        return response

    return wrapper


def _replay(first: IdempotencyRecord, fingerprint: str) -> Response:
    if first.fingerprint != fingerprint:
        raise Conflict("idempotency_key_reused", "This Idempotency-Key was used with another body.")
    body = orjson.loads(bytes(first.body or b"null"))
    return Response(body, status=first.status, headers={"Idempotency-Replayed": "true"})


def forget_old() -> int:
    """Delete records older than a day; return how many."""
    deleted, _ = IdempotencyRecord.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return deleted
