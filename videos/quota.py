"""How much a person may store, and how many uploads they may have open."""

from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, Sum
from django.utils import timezone

from core import files
from core.errors import RateLimited, TooLarge
from videos.models import Upload

OPEN_STATES = (Upload.State.CREATED, Upload.State.RECEIVING, Upload.State.RECEIVED)
RETRY_SECONDS = 60


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

    TooLarge above the size of one file or the quota, RateLimited with too many open uploads.
    """
    if size > settings.UPLOAD_MAX_BYTES:
        raise TooLarge("upload_too_large", f"A file is at most {settings.UPLOAD_MAX_BYTES} bytes.")
    open_now = Upload.objects.filter(open_uploads(), owner_id=owner_id).count()
    if open_now >= settings.UPLOAD_MAX_OPEN:
        raise RateLimited(RETRY_SECONDS, "Finish or cancel another upload first.")
    if bytes_used(owner_id) + size > settings.USER_QUOTA_BYTES:
        raise TooLarge("quota_exceeded", "There is no room left in your account.")
