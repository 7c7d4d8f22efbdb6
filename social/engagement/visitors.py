"""Who is watching without an account: a random name in a signed token, kept by the player."""

import secrets
from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from rest_framework.request import Request

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


def of(request: HttpRequest | Request) -> tuple[str, str]:
    """Return the visitor's name, and their token if it is new; nothing for somebody signed in."""
    if request.user.is_authenticated:
        return "", ""
    given = request.headers.get(HEADER) or request.COOKIES.get(COOKIE) or ""
    name = read(given)
    return (name, "") if name else issue()


def remember(response: HttpResponseBase, token: str, *, secure: bool) -> None:
    """Let the browser keep a new token."""
    response.set_cookie(COOKIE, token, max_age=LASTS, secure=secure, httponly=True, samesite="Lax")
