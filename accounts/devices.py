"""What a request tells about the device it comes from."""

import ipaddress
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from core.http.clients import client_ip, limit_subject
from core.ids import parse_uuid

COOKIE = "__Host-known" if settings.HTTPS else "known"
COOKIE_AGE = timedelta(days=180)
MAX_KNOWN = 5
MAX_AGENT = 300
SALT = "accounts.known-device"
DEVICE_KEY = "device_session"  # of the Django session: the id of its `Session` row


@dataclass(frozen=True)
class Device:
    """A device as far as a request shows it; `network` is what limits count by."""

    ip: str | None = None
    network: str = ""
    user_agent: str = ""
    mark: str = ""
    known_users: tuple[str, ...] = field(default=())

    def knows(self, user_id: UUID) -> bool:
        """Return whether `user_id` has signed in from this browser before."""
        return bool(self.mark) and str(user_id) in self.known_users


def device_of(request: HttpRequest) -> Device:
    """Return the device that sent `request`."""
    mark, users = _read(request)
    agent = "".join(char for char in request.headers.get("User-Agent", "") if char.isprintable())
    return Device(
        ip=_address(client_ip(request)),
        network=limit_subject(request),
        user_agent=agent[:MAX_AGENT],
        mark=mark,
        known_users=users,
    )


def remember(request: HttpRequest, response: HttpResponse, user_id: UUID) -> None:
    """Mark the browser as one where `user_id` signed in.

    Somebody who guesses passwords elsewhere then cannot lock the owner out of this one.
    """
    mark, users = _read(request)
    kept = [str(user_id), *(user for user in users if user != str(user_id))][:MAX_KNOWN]
    response.set_cookie(
        COOKIE,
        signing.dumps([mark or secrets.token_urlsafe(12), kept], salt=SALT),
        max_age=COOKIE_AGE,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, tuple[str, ...]]:
    try:
        mark, users = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_AGE)
    except signing.BadSignature:
        return "", ()
    return str(mark), tuple(users)


def _address(value: str) -> str | None:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        return None


def current_device_id(request: HttpRequest) -> UUID | None:
    """Return the device session of a browser's request, None when nobody is signed in."""
    session = getattr(request, "session", None)
    return parse_uuid(session.get(DEVICE_KEY)) if session is not None else None
