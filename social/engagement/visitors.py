"""Who is watching without an account: a random name in a signed token, kept by the player."""

import secrets
from datetime import timedelta

from django.core import signing

COOKIE = "visitor"
HEADER = "X-Visitor-Id"
LASTS = timedelta(days=30)
_SALT = "engagement.visitor"


def read(token: str) -> str | None:
    """Return the visitor's name in a token, None for one that is missing, altered or too old."""
    try:
        name = signing.loads(token, salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return name if isinstance(name, str) else None


def issue() -> tuple[str, str]:
    """Return a new visitor's name and the token of it."""
    name = secrets.token_urlsafe(16)
    return name, signing.dumps(name, salt=_SALT)
