"""Uploads: room is reserved first, then bytes come in pieces that survive anything."""

import unicodedata
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from core import crash, files, limits, storage
from core.errors import Conflict, Invalid, NotFound, TooLarge, UnsupportedMedia
from social.graph.policies import require_active
from videos import quota, selectors
from videos.media.errors import SENTENCES
from videos.media.sniff import HEAD_BYTES, is_picture, sniff
from videos.models import Upload, UploadChunk
from videos.policies import Viewer
from videos.reception import READ_BYTES, WRITABLE, Checksum, Receiver, Stream

State = Upload.State


def create_upload(
    *,
    actor: Viewer,
    length: int | None,
    file_name: str = "",
    idempotency_key: str | None = None,
    at_most: int | None = None,
) -> Upload:
    """Reserve room for a file of `length` bytes, or of `at_most` when the length is not known yet.

    The same `idempotency_key` gives the same upload back. Raises Invalid (empty), TooLarge (file or
    quota), RateLimited (budget, too many open), Conflict (key used for another file).
    """
    actor = require_active(actor)
    reserved = length if length is not None else at_most
    if reserved is None or reserved <= 0:
        raise Invalid("empty_file", SENTENCES["empty_file"])
    first = _of_key(actor, idempotency_key)
    if first is not None:
        return _same(first, length)
    limits.consume(budget="upload", subject=str(actor.pk))
    try:
        with transaction.atomic():
            # Two requests at once must not both see the last free room. Not FOR UPDATE: whoever
            # commits a row that refers to this person would wait for us, and we perhaps for them.
            User.objects.select_for_update(no_key=True).get(pk=actor.pk)
            first = _of_key(actor, idempotency_key)
            if first is not None:
                return _same(first, length)
            quota.check_room(owner_id=actor.pk, size=reserved)
            upload = Upload.objects.create(
                owner=actor,
                length=length,
                reserved=reserved,
                file_name=clean_name(file_name),
                idempotency_key=idempotency_key or None,
                expires_at=timezone.now() + settings.UPLOAD_TTL,
            )
    except IntegrityError:
        first = _of_key(actor, idempotency_key)
        if first is None:
            raise
        return _same(first, length)
    crash.point("upload.created")
    return upload


def append(
    *,
    actor: Viewer,
    upload_id: object,
    offset: int,
    stream: Stream,
    size: int | None = None,
    checksum: Checksum | None = None,
) -> Upload:
    """Add the bytes of `stream` (of `size`, if known) at `offset`, which must be the upload's own.

    Raises NotFound, Conflict (offset, ended), TooLarge (before reading, if `size` says so),
    ChecksumMismatch, UnsupportedMedia when the first bytes are no video's.
    """
    upload = open_upload(actor=actor, upload_id=upload_id)
    if upload.state == State.RECEIVED and not size:
        return upload
    if upload.direct_key:
        raise Conflict("upload_direct", "The bytes of this upload go to the file store itself.")
    if offset != upload.offset or upload.state not in WRITABLE:
        raise Conflict("offset_mismatch", f"This upload continues at {upload.offset}.")
    if size is not None and offset + size > upload.reserved:
        raise TooLarge("upload_too_long", "More bytes than this upload was declared to have.")
    left = upload.reserved - offset + 1 if size is None else size
    with Receiver(upload, checksum=checksum) as receiver:
        while left > 0 and (data := _read(stream, min(READ_BYTES, left))):
            receiver.write(data)
            left -= len(data)
    check_magic(upload, before=offset)
    return upload


def abort_upload(*, actor: Viewer, upload_id: object) -> None:
    """End an upload and free its room; raises NotFound, Conflict when a video was made of it."""
    upload = selectors.get_own_upload(owner=require_active(actor), upload_id=upload_id)
    if upload.state == State.CONSUMED:
        raise Conflict("upload_consumed", "A video was made of this upload; delete that instead.")
    end_upload(upload, state=State.ABORTED)


def open_upload(*, actor: Viewer, upload_id: object) -> Upload:
    """Return the actor's upload while it can still be used; raises NotFound otherwise."""
    upload = selectors.get_own_upload(owner=require_active(actor), upload_id=upload_id)
    if upload.state not in (*quota.OPEN_STATES, State.CONSUMED):
        raise NotFound
    if upload.state != State.CONSUMED and upload.expires_at <= timezone.now():
        raise NotFound
    return upload


def end_upload(upload: Upload, *, state: Upload.State, reason: str = "") -> bool:
    """Move an open upload to an end and condemn its bytes; return whether it was still open."""
    with transaction.atomic():
        rows = Upload.objects.filter(pk=upload.pk, state__in=quota.OPEN_STATES)
        ended = bool(rows.update(state=state, reason=reason))
        if ended:
            drop_chunks(upload.pk)
    return ended


def drop_chunks(upload_id: UUID) -> None:
    """Condemn the bytes of an upload; call inside a transaction."""
    UploadChunk.objects.filter(upload_id=upload_id).delete()
    files.condemn_prefix(f"uploads/{upload_id}/")


def complete(upload: Upload) -> Upload:
    """Declare that an upload of unknown length has all its bytes; safe to repeat.

    Raises Invalid when it is empty, Conflict when more bytes came meanwhile or it has ended.
    """
    if upload.offset == 0:
        end_upload(upload, state=State.REJECTED, reason="empty_file")
        raise Invalid("empty_file", SENTENCES["empty_file"])
    rows = Upload.objects.filter(pk=upload.pk, state__in=WRITABLE, offset=upload.offset)
    done = rows.update(length=upload.offset, reserved=upload.offset, state=State.RECEIVED)
    upload.refresh_from_db()
    if not done and upload.state not in (State.RECEIVED, State.CONSUMED):
        raise Conflict("upload_busy", "Another request is still sending this file.")
    if done:
        check_magic(upload, before=0)
    return upload


def check_magic(upload: Upload, *, before: int) -> None:
    """Reject an upload whose head is no video's and no picture's: once it is there, at the end.

    `before` is the offset at which this request began.
    """
    has_head = before < HEAD_BYTES <= upload.offset or upload.state == State.RECEIVED
    if not has_head:
        return
    head = _head(upload)
    if sniff(head) is not None or is_picture(head):
        return  # which of the two a post needs is said when it is published
    end_upload(upload, state=State.REJECTED, reason="unsupported_format")
    raise UnsupportedMedia("unsupported_format", SENTENCES["unsupported_format"])


def clean_name(file_name: str) -> str:
    """Return a user's file name as text to show: no control or direction signs, no folders."""
    plain = "".join(
        character for character in file_name if unicodedata.category(character)[0] != "C"
    )
    return plain.replace("\\", "/").rpartition("/")[2].strip()[:255]


def is_picture_upload(upload: Upload) -> bool:
    """Return whether an upload begins like a picture."""
    return is_picture(_head(upload))


def _read(stream: Stream, size: int) -> bytes:
    try:
        return stream.read(size)
    except OSError:
        return b""  # the client is gone: what arrived is kept for its return


def _head(upload: Upload) -> bytes:
    head = b""
    for chunk in upload.chunks.order_by("offset"):
        end = min(chunk.size, HEAD_BYTES - len(head))
        head += b"".join(storage.read(chunk.key, 0, end, etag=chunk.etag))
        if len(head) >= HEAD_BYTES:
            break
    return head


def _of_key(actor: User, idempotency_key: str | None) -> Upload | None:
    if not idempotency_key:
        return None
    return Upload.objects.filter(owner_id=actor.pk, idempotency_key=idempotency_key).first()


def _same(first: Upload, length: int | None) -> Upload:
    if length is not None and first.length is not None and first.length != length:
        raise Conflict("idempotency_key_reused", "This Idempotency-Key was used for another file.")
    return first
