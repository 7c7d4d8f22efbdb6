"""Who a socket speaks for: a browser's cookie, an app's token, or a ticket bought with either."""

import secrets
from collections.abc import Collection, Mapping
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from accounts import principals, tokens
from accounts.devices import DEVICE_KEY
from accounts.events import AccountDeactivated, SessionRevoked, UserSuspended
from accounts.middleware import SESSION_KEY_SHAPE
from accounts.models import Session
from accounts.principals import Principal
from core import limits, realtime
from core.errors import Unauthenticated
from core.gateway.operations import doors
from core.ids import parse_uuid

TICKET_SECONDS = 30


def wire() -> None:
    """Give the gateway its way of knowing people."""
    doors.cookie, doors.secret = of_cookies, of_secret
    doors.find, doors.alive = find, alive


def of_cookies(cookies: Mapping[str, str]) -> Principal | None:
    """Return whose browser it is, None for nobody's."""
    key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    if not SESSION_KEY_SHAPE.fullmatch(key):
        return None
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user_id, device_id = session.get(SESSION_KEY), parse_uuid(session.get(DEVICE_KEY))
    principal = find(device_id) if device_id else None
    return principal if principal and str(principal.user.pk) == user_id else None


def of_secret(given: Mapping[str, Any]) -> Principal | None:
    """Return whose access token or ticket it is, None for neither."""
    token, ticket = given.get("token"), given.get("ticket")
    if isinstance(token, str):
        try:
            user_id, session_id = tokens.read_access(token.encode(errors="replace"))
        except Unauthenticated:
            return None
        principal = find(session_id)
        return principal if principal and principal.user.pk == user_id else None
    if isinstance(ticket, str) and 0 < len(ticket) <= 64:
        key = f"socket-ticket:{ticket}"
        session = parse_uuid(cache.get(key))
        # Of two who bring the same ticket, one finds it gone.
        return find(session) if session and cache.delete(key) else None
    return None


def find(session_id: UUID) -> Principal | None:
    """Return the live principal of a session whose account may act, None otherwise."""
    principal = principals.find(session_id, fresh=True)
    return None if principal is None or principal.user.is_suspended else principal


def alive(session_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these sessions still let somebody in."""
    rows = Session.objects.filter(
        pk__in=list(session_ids),
        revoked_at=None,
        expires_at__gt=timezone.now(),
        auth_version=F("user__auth_version"),
        user__is_active=True,
        user__suspended_at=None,
    )
    return set(rows.values_list("pk", flat=True))


def issue_ticket(principal: Principal) -> str:
    """Return a ticket that opens one socket within half a minute."""
    limits.consume(budget="ticket", subject=str(principal.user.pk))
    ticket = secrets.token_urlsafe(24)
    cache.set(f"socket-ticket:{ticket}", str(principal.session_id), TICKET_SECONDS)
    return ticket


def close_revoked(event: SessionRevoked) -> None:
    """End the sockets of a device that was signed out."""
    told = {"session_id": event.session_id}
    realtime.whisper(user_ids=[event.user_id], event={"ev": "session.revoked", "d": told})


def close_suspended(event: UserSuspended) -> None:
    """End the sockets of an account that was shut."""
    if event.suspended:
        realtime.whisper(user_ids=[event.user_id], event={"ev": "account.shut", "d": {}})


def close_deactivated(event: AccountDeactivated) -> None:
    """End the sockets of somebody who left."""
    if event.away:
        realtime.whisper(user_ids=[event.user_id], event={"ev": "account.shut", "d": {}})
