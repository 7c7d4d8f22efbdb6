"""Files for messages: in the ledger before a byte is written, pictures written anew.

A file is its owner's until a message carries it; what no message took is let go after two days.
"""

import io
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import IO

from django.core.files import File
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from accounts.models import User
from chat.models import Attachment
from chat.services import pictures, rooms
from core import files
from core.errors import Invalid, TooLarge
from social.graph.policies import Viewer

Kind = Attachment.Kind
ATTACHMENT_MAX_BYTES = {
    Kind.IMAGE: 20 * 1024**2,
    Kind.AUDIO: 50 * 1024**2,
    Kind.FILE: 100 * 1024**2,
}
EDGE = 2048
PLAIN = "application/octet-stream"
UNSENT_LASTS = timedelta(days=2)
MAX_RECORDED_MS = 3_600_000
WAVE_PARTS, WAVE_TOP = 64, 31
# What browsers record and play, by how the bytes begin; anything else is a file to be saved.
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
SOUNDS = ((b"OggS", "audio/ogg"), (b"\x1aE\xdf\xa3", "audio/webm"), (b"ID3", "audio/mpeg"))


@dataclass(frozen=True)
class Recording:
    """What a device says of a sound that it recorded: how long it is, and how loud in equal parts.

    A recorder streams, so the file itself says neither. Only shown, never relied on.
    """

    duration_ms: int
    wave: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.duration_ms <= MAX_RECORDED_MS:
            raise Invalid.field("duration_ms", "Between a moment and an hour, in milliseconds.")
        if len(self.wave) > WAVE_PARTS or not all(0 <= one <= WAVE_TOP for one in self.wave):
            raise Invalid.field("wave", f"At most {WAVE_PARTS} numbers, 0 to {WAVE_TOP}.")


def add_attachment(
    *, actor: Viewer, source: IO[bytes], name: str, recording: Recording | None = None
) -> Attachment:
    """Store a file that the actor is about to send; `recording` is kept with a sound only.

    Raises Invalid (empty, a damaged picture), TooLarge (one file, or the person's quota),
    RateLimited, Unavailable without storage. Not inside a transaction.
    """
    user = rooms.authorise(actor, budget="attachment")
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    begin = source.read(16)
    source.seek(0)
    if not size:
        raise Invalid.field("file", "The file is empty.", code="empty_file")
    kind, content_type = _sniff(begin, recorded=recording is not None)
    _require_room(user, kind, size)
    if kind == Kind.IMAGE:
        return _picture(user, source, name)
    key = f"messages/{user.pk}/{secrets.token_urlsafe(18)}"
    stored = files.reserve(owner_id=user.pk, purpose="message", key=key, size=size)
    files.put(stored=stored, content=File(source))
    heard = recording if kind == Kind.AUDIO else None
    return Attachment.objects.create(
        owner=user,
        kind=kind,
        key=key,
        content_type=content_type,
        name=_plain(name),
        size=size,
        duration_ms=heard.duration_ms if heard else None,
        wave=list(heard.wave) if heard else [],
    )


def forget_unsent() -> int:
    """Let go of files that no message took; return how many."""
    before = timezone.now() - UNSENT_LASTS
    unsent = Attachment.objects.filter(message__isnull=True, created_at__lt=before)
    keys = list(unsent.values_list("key", flat=True)[:500])
    files.condemn(keys)
    return unsent.filter(key__in=keys).delete()[0]


def _picture(user: User, source: IO[bytes], name: str) -> Attachment:
    data = pictures.written_anew(
        source,
        field="file",
        max_bytes=ATTACHMENT_MAX_BYTES[Kind.IMAGE],
        max_edge=EDGE,
        square=False,
    )
    with Image.open(io.BytesIO(data)) as made:  # our own WebP: only its header is read
        width, height = made.size
    key = pictures.store(user, ContentFile(data), folder="messages", purpose="message")
    return Attachment.objects.create(
        owner=user,
        kind=Kind.IMAGE,
        key=key,
        content_type="image/webp",
        name=_plain(name),
        size=len(data),
        width=width,
        height=height,
    )


def _sniff(begin: bytes, *, recorded: bool) -> tuple[str, str]:
    """Return kind and content type; `recorded` tells an MP4 of sound from one of pictures."""
    if begin.startswith(PICTURES) or (begin[:4] == b"RIFF" and begin[8:12] == b"WEBP"):
        return Kind.IMAGE, "image/webp"
    for mark, content_type in SOUNDS:
        if begin.startswith(mark):
            return Kind.AUDIO, content_type
    if begin[4:8] == b"ftyp" and (recorded or begin[8:11] == b"M4A"):
        return Kind.AUDIO, "audio/mp4"
    return Kind.FILE, PLAIN


def _require_room(user: User, kind: str, size: int) -> None:
    most = ATTACHMENT_MAX_BYTES[Kind(kind)]
    if size > most:
        raise TooLarge("file_too_large", f"This kind of file has at most {most // 1024**2} MB.")
    pictures.require_quota(user, size)


def _plain(name: str) -> str:
    """Return a file's name as people may read it: its last part, nothing invisible."""
    shown = "".join(char for char in PurePath(name.replace("\\", "/")).name if char.isprintable())
    return shown[-120:]
