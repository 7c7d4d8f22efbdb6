"""How much a person may store and send, and how many uploads they may have open."""

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, F, Min, Q, Sum, When
from django.utils import timezone

from core import files
from core.errors import RateLimited, TooLarge
from videos.models import Upload

OPEN_STATES = (Upload.State.CREATED, Upload.State.RECEIVING, Upload.State.RECEIVED)
RETRY_SECONDS = 60
DAY = dt.timedelta(days=1)


def open_uploads() -> Q:
    """Return the condition of uploads that hold room: not ended and not past their time."""
    return Q(state__in=OPEN_STATES, expires_at__gt=timezone.now())


def bytes_used(owner_id: UUID) -> int:
    """Return the bytes of the owner's live files plus what open uploads may still bring."""
    rows = Upload.objects.filter(open_uploads(), owner_id=owner_id)
    coming = rows.aggregate(total=Sum(F("reserved") - F("offset")))["total"] or 0
    return files.bytes_used(owner_id) + int(coming)


def check_room(*, owner_id: UUID, size: int) -> None:
    """Raise unless `size` more bytes fit; the caller holds the owner's row.

    TooLarge above the size of one file or the quota; RateLimited with too many open uploads or
    when the day's count or bytes are spent (it says when the oldest of them is a day old).
    """
    if size > settings.UPLOAD_MAX_BYTES:
        raise TooLarge("upload_too_large", f"A file is at most {_readable()} large.")
    # Pictures wait, received, until their whole album is there: up to thirty-five of them.
    album = Q(state=Upload.State.RECEIVED, reserved__lte=settings.PHOTO_MAX_BYTES)
    open_now = Upload.objects.filter(open_uploads(), ~album, owner_id=owner_id).count()
    if open_now >= settings.UPLOAD_MAX_OPEN:
        raise RateLimited(
            RETRY_SECONDS,
            f"You have {open_now} unfinished uploads. Finish or cancel one of them first.",
            code="too_many_open_uploads",
        )
    _check_day(owner_id, size)
    if bytes_used(owner_id) + size > settings.USER_QUOTA_BYTES:
        raise TooLarge("quota_exceeded", "There is no room left in your account.")


def _check_day(owner_id: UUID, size: int) -> None:
    """Raise RateLimited when one more upload of `size` bytes is too much for these 24 hours.

    An upload counts with what it may still bring while it is open, with what it brought when it
    has ended, and not at all when it was given up before its first byte.
    """
    now = timezone.now()
    rows = Upload.objects.filter(owner_id=owner_id, created_at__gt=now - DAY)
    rows = rows.filter(Q(offset__gt=0) | open_uploads())
    weight = Case(When(open_uploads(), then=F("reserved")), default=F("offset"))
    today = rows.aggregate(count=Count("pk"), bytes=Sum(weight), oldest=Min("created_at"))
    if today["oldest"] is None:
        return
    retry_after = max(1, round((today["oldest"] + DAY - now).total_seconds()))
    if today["count"] >= settings.UPLOADS_PER_DAY:
        raise RateLimited(
            retry_after,
            f"{settings.UPLOADS_PER_DAY} uploads a day are the limit. Try again later.",
            code="daily_uploads_spent",
        )
    if today["bytes"] + size > settings.UPLOAD_BYTES_PER_DAY:
        raise RateLimited(
            retry_after,
            "You have sent as many bytes as one day allows. Try again later.",
            code="daily_bytes_spent",
        )


def _readable() -> str:
    megabytes = settings.UPLOAD_MAX_BYTES / 1024**2
    return f"{megabytes:.0f} MB" if megabytes >= 1 else f"{settings.UPLOAD_MAX_BYTES} bytes"
