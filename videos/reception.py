"""Bytes of an upload on their way to storage: one mechanism for tus and multipart.

Whatever arrives goes to a scratch file, at most 64 KiB at a time in memory. Every piece of
`UPLOAD_CHUNK_BYTES`, and the last one however short, is stored durably under a key of its own;
then one transaction moves the offset (compare-and-set) and adds the chunk. A lost connection or a
killed process loses at most the piece that was not yet stored.
"""

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import crash, files
from core.errors import Conflict, DomainError, TooLarge, Unavailable
from videos.errors import ChecksumMismatch
from videos.models import Upload, UploadChunk

READ_BYTES = 64 * 1024
WRITABLE = (Upload.State.CREATED, Upload.State.RECEIVING)


class Stream(Protocol):
    """A request's body."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        ...


@dataclass(frozen=True)
class Checksum:
    """What the client says the bytes of one request hash to."""

    algorithm: str
    digest: bytes


class Receiver:
    """Takes the bytes of `upload` from its offset on; use as a context manager.

    Leaving the block normally stores the rest. With a `checksum` nothing is stored before all
    bytes are there and fit it.
    """

    def __init__(self, upload: Upload, *, checksum: Checksum | None = None) -> None:
        self.upload = upload
        self.checksum = checksum
        self.digest = hashlib.new(checksum.algorithm) if checksum else None
        self.pending = 0
        self.path: Path | None = None
        self.handle = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            if kind is None:
                self.finish()
        finally:
            self.discard()

    def write(self, data: bytes) -> None:
        """Take `data`; raises TooLarge past the reserved length, Conflict when overtaken."""
        if self.upload.offset + self.pending + len(data) > self.upload.reserved:
            raise TooLarge("upload_too_long", "More bytes than this upload was declared to have.")
        if self.digest:
            self.digest.update(data)
        view = memoryview(data)
        while view:
            room = len(view) if self.checksum else settings.UPLOAD_CHUNK_BYTES - self.pending
            part, view = view[:room], view[room:]
            self._append(part)
            if not self.checksum and self.pending >= settings.UPLOAD_CHUNK_BYTES:
                self._store()

    def finish(self) -> None:
        """Store the rest; raises ChecksumMismatch when the bytes are not what was promised."""
        if self.checksum and self.digest and self.digest.digest() != self.checksum.digest:
            raise ChecksumMismatch("checksum_mismatch", "The bytes do not fit their checksum.")
        if self.pending:
            self._store()

    def discard(self) -> None:
        """Drop what was not stored."""
        if self.handle >= 0:
            os.close(self.handle)
        if self.path:
            self.path.unlink(missing_ok=True)
        self.path, self.handle, self.pending = None, -1, 0

    def _append(self, part: memoryview) -> None:
        try:
            if self.path is None:
                self.handle, name = tempfile.mkstemp(dir=settings.SCRATCH_DIR, prefix="upload-")
                self.path = Path(name)
            while part:
                written = os.write(self.handle, part)
                self.pending += written
                part = part[written:]
        except OSError as error:
            # A full disk is ours, not the connection's: nothing of this piece is kept.
            self.discard()
            raise Unavailable(message="There is no room to receive this now.") from error

    def _store(self) -> None:
        assert self.path is not None
        upload, start, size = self.upload, self.upload.offset, self.pending
        key = f"uploads/{upload.pk}/{start:012d}-{secrets.token_hex(6)}"
        stored = files.reserve(owner_id=upload.owner_id, purpose="upload", key=key, size=size)
        crash.point("upload.piece_reserved")
        try:
            files.put_path(stored=stored, path=self.path)
            crash.point("upload.piece_stored")
            self.discard()
            self._advance(key, start, size)
        except DomainError:
            files.condemn([key])
            raise

    def _advance(self, key: str, start: int, size: int) -> None:
        end = start + size
        complete = end == self.upload.length
        state = Upload.State.RECEIVED if complete else Upload.State.RECEIVING
        now = timezone.now()
        expires_at = now + settings.UPLOAD_TTL
        with transaction.atomic():
            rows = Upload.objects.filter(pk=self.upload.pk, offset=start, state__in=WRITABLE)
            if not rows.filter(expires_at__gt=now).update(
                offset=end, state=state, expires_at=expires_at
            ):
                raise Conflict("offset_mismatch", "Another request wrote here; ask for the offset.")
            UploadChunk.objects.create(upload=self.upload, offset=start, size=size, key=key)
            files.reference([key])
        if complete:
            crash.point("upload.received")
        self.upload.offset, self.upload.state = end, state
        self.upload.expires_at = expires_at
