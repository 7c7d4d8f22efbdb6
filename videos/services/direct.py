"""Uploads that go past us: browsers PUT parts to the store by signed addresses, we verify the end.

The upload's row comes first, then the store's multipart upload; the ledger's row comes before the
object exists, which is when the parts are put together. Only the parts that the store itself lists,
pinned by their ETags, become the object; the object's own ETag is kept and asked for at each read.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import files, multipart_store
from core.errors import Conflict, Invalid, Unavailable
from core.models import StoredFile
from videos.models import Upload, UploadChunk
from videos.policies import Viewer
from videos.reception import WRITABLE
from videos.services.uploads import check_magic, create_upload, open_upload

State = Upload.State
# The store's own bounds: parts of at least 5 MB, at most 10,000 of them.
PART_BYTES = 16 * 1024**2
MOST_PARTS = 10_000
SIGNED_SECONDS = 3600


@dataclass(frozen=True)
class Place:
    """Where one part goes; `etag` is set when the store has it already."""

    number: int
    offset: int
    size: int
    url: str
    etag: str


def begin_direct(
    *, actor: Viewer, length: int, file_name: str = "", idempotency_key: str | None = None
) -> tuple[Upload, list[Place]]:
    """Reserve room for a file and say where its parts go.

    The same key gives the same upload back, freshly signed, with what has arrived already. Raises
    what `create_upload` raises, Conflict (not configured), Unavailable (store away).
    """
    if not settings.UPLOAD_DIRECT:
        raise Conflict("direct_off", "Send the bytes to /api/v1/uploads instead.")
    if length > PART_BYTES * MOST_PARTS:
        raise Invalid.field("length", "More than a file store takes in parts.")
    upload = create_upload(
        actor=actor, length=length, file_name=file_name, idempotency_key=idempotency_key
    )
    if upload.state not in WRITABLE or upload.offset:
        raise Conflict("upload_busy", "This upload has its bytes or has ended.")
    try:
        return upload, _places(_opened(upload))
    except OSError as error:
        raise Unavailable(message="The file store is not available.") from error


def complete_direct(*, actor: Viewer, upload_id: object, etags: dict[int, str]) -> Upload:
    """Put the parts together once all have arrived; safe to repeat.

    `etags` is what the client was told of each part. Raises NotFound, Conflict (parts missing, of
    another size or not those of the client), UnsupportedMedia (no video), Unavailable.
    """
    upload = open_upload(actor=actor, upload_id=upload_id)
    if upload.state in (State.RECEIVED, State.CONSUMED):
        return upload
    if not upload.direct_key:
        raise Conflict("upload_not_direct", "The bytes of this upload come to us.")
    try:
        etag = _object_of(upload, etags)
    except OSError as error:
        raise Unavailable(message="The file store is not available.") from error
    _receive(upload, etag)
    check_magic(upload, before=0)
    return upload


def drop_parts(upload: Upload) -> None:
    """Let the store forget the parts of an upload that has ended; raises OSError."""
    multipart_store.drop(upload.direct_key, upload.multipart_id)
    Upload.objects.filter(pk=upload.pk).update(multipart_id="")


def _opened(upload: Upload) -> Upload:
    """Return the upload with an open multipart upload of the store behind it."""
    if upload.multipart_id:
        return upload
    key = f"uploads/{upload.pk}/direct-{secrets.token_hex(6)}"
    multipart_id = multipart_store.begin(key)
    rows = Upload.objects.filter(pk=upload.pk, multipart_id="", state__in=WRITABLE)
    if not rows.update(direct_key=key, multipart_id=multipart_id):
        # Two requests of one key at once: the first one's stands.
        multipart_store.drop(key, multipart_id)
    upload.refresh_from_db()
    return upload


def _places(upload: Upload) -> list[Place]:
    assert upload.length is not None, "a direct upload says its length"
    known = multipart_store.parts(upload.direct_key, upload.multipart_id) or []
    etags = {part.number: part.etag for part in known}
    return [
        Place(
            number=number,
            offset=offset,
            size=min(PART_BYTES, upload.length - offset),
            url=multipart_store.sign(
                upload.direct_key, upload.multipart_id, number, seconds=SIGNED_SECONDS
            ),
            etag=etags.get(number, ""),
        )
        for number, offset in enumerate(range(0, upload.length, PART_BYTES), start=1)
    ]


def _object_of(upload: Upload, etags: dict[int, str]) -> str:
    """Make the object, or find that an earlier try made it; return its ETag."""
    listed = multipart_store.parts(upload.direct_key, upload.multipart_id)
    if listed is not None:
        _check(upload, listed, etags)
        StoredFile.objects.get_or_create(
            key=upload.direct_key,
            defaults={"owner_id": upload.owner_id, "purpose": "upload", "size": 0},
        )
        multipart_store.put_together(upload.direct_key, upload.multipart_id, listed)
    made = multipart_store.look(upload.direct_key)
    if made is None or made[0] != upload.length:
        raise Conflict("upload_incomplete", "The file has not been received completely.")
    return made[1]


def _check(upload: Upload, listed: list[multipart_store.Part], etags: dict[int, str]) -> None:
    assert upload.length is not None, "a direct upload says its length"
    wanted = [
        min(PART_BYTES, upload.length - offset) for offset in range(0, upload.length, PART_BYTES)
    ]
    if [(part.number, part.size) for part in listed] != list(enumerate(wanted, start=1)):
        raise Conflict("upload_incomplete", "The file has not been received completely.")
    told = {number: etag.strip('"') for number, etag in etags.items()}
    if told != {part.number: part.etag.strip('"') for part in listed}:
        raise Conflict("part_mismatch", "A part is not the one that you sent. Send it again.")


def _receive(upload: Upload, etag: str) -> None:
    assert upload.length is not None, "a direct upload says its length"
    stored = StoredFile.objects.get(key=upload.direct_key)
    with transaction.atomic():
        rows = Upload.objects.filter(pk=upload.pk, state__in=WRITABLE, offset=0)
        moved = rows.filter(expires_at__gt=timezone.now()).update(
            offset=upload.length,
            state=State.RECEIVED,
            multipart_id="",
            expires_at=timezone.now() + settings.UPLOAD_TTL,
        )
        if moved:
            files.found(stored=stored, size=upload.length)
            UploadChunk.objects.create(
                upload=upload, offset=0, size=upload.length, key=upload.direct_key, etag=etag
            )
            files.reference([upload.direct_key])
    upload.refresh_from_db()
    if upload.state not in (State.RECEIVED, State.CONSUMED):
        raise Conflict("upload_ended", "This upload has ended.")
