"""Pictures of the messenger's own furniture: checked, written anew, and entered in the ledger."""

import os
import secrets
from typing import IO

from django.conf import settings
from django.core.files import File

from accounts.models import User
from core import files
from core.errors import Invalid, TooLarge
from videos.media import images
from videos.media.errors import MediaError


def written_anew(
    source: IO[bytes], *, field: str, max_bytes: int, max_edge: int, square: bool
) -> bytes:
    """Return a stranger's picture as our own WebP; raises Invalid of `field`, TooLarge (bytes)."""
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    if size > max_bytes:
        most = f"{max_bytes // 1024**2} MB" if max_bytes >= 1024**2 else f"{max_bytes // 1024} kB"
        raise TooLarge("file_too_large", f"A picture here has at most {most}.")
    try:
        return images.reencode(
            source.read(), max_edge=max_edge, square=square, scratch=settings.SCRATCH_DIR
        )
    except MediaError as error:
        raise Invalid.field(field, error.detail, code=error.code) from error


def store(user: User, content: "File[bytes]", *, folder: str, purpose: str) -> str:
    """Write a WebP under a name that nobody can guess; return its key."""
    key = f"{folder}/{user.pk}/{secrets.token_urlsafe(18)}.webp"
    stored = files.reserve(owner_id=user.pk, purpose=purpose, key=key, size=content.size)
    files.put(stored=stored, content=content)
    return key


def require_quota(user: User, size: int) -> None:
    """Raise TooLarge unless the person has room for `size` bytes more."""
    if files.bytes_used(user.pk) + size > settings.USER_QUOTA_BYTES:
        raise TooLarge("quota_exceeded", "You have no room left for this file.")
