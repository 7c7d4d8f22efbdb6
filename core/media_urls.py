"""Signed media URLs: one signature over the path, the epochs and the expiry.

Serving checks the signature without the database and compares the epochs with the live ones, so
narrowing an audience, blocking, deleting or suspending (each bumps an epoch) kills every URL that
was handed out before. Public URLs expire on the hour after next and are equal for everybody within
the hour, so that a CDN can cache them.
"""

import base64
import hmac
import time
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings

PUBLIC_STEP = 3600
PRIVATE_SECONDS = 900


@dataclass(frozen=True)
class Grant:
    """What a good signature says."""

    epochs: tuple[int, ...]
    public: bool
    expires: int


def sign(*, path: str, epochs: tuple[int, ...], public: bool) -> str:
    """Return the URL of the media at `path` (a storage key), good for the present epochs."""
    now = int(time.time())
    expires = (now // PUBLIC_STEP + 2) * PUBLIC_STEP if public else now + PRIVATE_SECONDS
    claim = f"{'p' if public else 's'}.{expires}.{'-'.join(map(str, epochs))}"
    base = settings.MEDIA_URL_BASE if public and settings.MEDIA_URL_BASE else ""
    return f"{base}/media/{path}?t={claim}.{_mac(path, claim)}"


def verify(*, path: str, token: str) -> Grant | None:
    """Return the grant of a token that fits `path` and has not expired, else None."""
    claim, _, mac = token.rpartition(".")
    if not hmac.compare_digest(mac.encode(), _mac(path, claim).encode()):
        return None
    kind, expires, epochs = claim.split(".")
    if int(expires) < time.time():
        return None
    return Grant(tuple(int(epoch) for epoch in epochs.split("-")), kind == "p", int(expires))


def _mac(path: str, claim: str) -> str:
    digest = hmac.new(
        settings.MEDIA_SIGNING_KEY.encode(), f"{path}\n{claim}".encode(), sha256
    ).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()
