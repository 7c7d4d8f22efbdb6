"""Names of sessions (seeds) and places in them (cursors)."""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import orjson
from django.conf import settings

from core.errors import Invalid
from feed.modes import Mode, signed_in
from videos.policies import Viewer

MAX_SEED_LENGTH = 64
MAX_CURSOR_LENGTH = 1000
SEED_BITS = 48
MAC_BYTES = 16
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Seed:
    """A session's name: `text` as the client knows it, `number` as the database does."""

    text: str

    @property
    def number(self) -> int:
        """Return the signed 64-bit number that the seed stands for."""
        if is_plain_integer(self.text):
            return int(self.text)
        digest = blake2b(self.text.encode(), digest_size=8, person=b"feed-seed").digest()
        return int.from_bytes(digest, "big", signed=True)

    @property
    def value(self) -> int | str:
        """Return what JSON answers carry: an integer where the client may have sent one."""
        return int(self.text) if is_plain_integer(self.text) else self.text


def is_plain_integer(text: str) -> bool:
    """Return whether `text` is the usual form of an integer that fits 64 bits."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 19):
        return False
    return str(int(text)) == text and -(2**63) <= int(text) < 2**63


def new_seed() -> Seed:
    """Return a fresh seed; it fits the integers of JavaScript."""
    return Seed(str(secrets.randbits(SEED_BITS)))


def read_seed(text: str) -> Seed:
    """Return the seed a client names; raises Invalid for one that is too long or unprintable."""
    if not text or len(text) > MAX_SEED_LENGTH or not text.isprintable():
        message = f"A seed is an integer or 1 to {MAX_SEED_LENGTH} printable characters."
        raise Invalid.field("seed", message, code="seed_invalid")
    return Seed(text)


@dataclass(frozen=True)
class Place:
    """A position in a session's list.

    `born_at` lets a lost session be made again as it was: ages count to that moment.
    """

    mode: Mode
    seed: Seed
    skip: int
    born_at: datetime | None = None


def viewer_key(viewer: Viewer) -> str:
    """Return whose sessions these are."""
    user = signed_in(viewer)
    return str(user.pk) if user else "anon"


def write_cursor(place: Place, *, viewer: Viewer) -> str:
    """Return the place as an opaque text, signed for this viewer alone."""
    born = (place.born_at - EPOCH) // timedelta(microseconds=1) if place.born_at else 0
    fields = orjson.dumps([place.mode.value, place.seed.text, place.skip, born])
    return _encode(fields + _mac(fields, viewer, settings.SECRET_KEY))


def read_cursor(text: str, *, viewer: Viewer) -> Place:
    """Return the place; raises Invalid for a cursor that was not made for this viewer."""
    signed = _decode(text)
    fields, mac = signed[:-MAC_BYTES], signed[-MAC_BYTES:]
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(hmac.compare_digest(mac, _mac(fields, viewer, key)) for key in keys):
        raise _invalid()
    mode, seed, skip, born = orjson.loads(fields)
    born_at = EPOCH + timedelta(microseconds=born) if born else None
    return Place(mode=Mode(mode), seed=Seed(seed), skip=skip, born_at=born_at)


def _mac(fields: bytes, viewer: Viewer, key: str) -> bytes:
    # Django's signing derives a key by two more hashes for each call; this is one HMAC.
    message = b"feed-cursor\0" + viewer_key(viewer).encode() + b"\0" + fields
    return hmac.digest(key.encode(), message, "sha256")[:MAC_BYTES]


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    if len(text) > MAX_CURSOR_LENGTH or not text.isascii():
        raise _invalid()
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise _invalid() from error
    # One text for one place: the bits that padding leaves over are not for playing with.
    if _encode(data) != text:
        raise _invalid()
    return data


def _invalid() -> Invalid:
    return Invalid("cursor_invalid", "This cursor is not valid here.")
