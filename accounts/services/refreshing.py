"""Refresh tokens: opaque, rotated at each use, and a trap for whoever replays one.

A token's successor is *derived* from the token itself: HMAC(our key, token, successor's id). The
database holds SHA-256 hashes only, so neither it nor our key alone yields a token; yet a client
whose answer was lost may ask again within ten seconds and gets the very same successor, and so do
two requests of one client that race. Later, or once the successor was used, the same question
means that two parties hold the token: the whole session ends and its owner is told.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import tokens
from accounts.devices import Device
from accounts.models import RefreshToken, Session, User
from accounts.services import sessions
from core import jobs, limits
from core.errors import Unauthenticated
from core.ids import uuid7


@dataclass(frozen=True)
class TokenPair:
    """What an app holds: the access JWT and the opaque refresh token."""

    access: str
    refresh: str


class _ReusedError(Exception):
    """A rotated token was replayed."""


def issue_first(session: Session) -> TokenPair:
    """Return the first pair of a new session."""
    raw = secrets.token_urlsafe(32)
    RefreshToken.objects.create(session=session, hash=_hash(raw), expires_at=session.expires_at)
    return _pair(session, raw)


def refresh(*, token: str, device: Device) -> TokenPair:
    """Return the next pair; raises Unauthenticated for a token that is not good.

    A replay ends the session. A deleted, suspended or deactivated owner has no good token.
    """
    limits.consume(budget="refresh", subject=_subject(token))
    try:
        with transaction.atomic():
            return _rotate(token, device)
    except _ReusedError as error:
        # Outside the transaction that failed, so that the end of the family stays.
        session = error.args[0]
        if sessions.end_sessions([session.pk], reason="refresh_reused"):
            jobs.enqueue("accounts.send_notice", str(session.user_id), "refresh_reused")
        raise _not_good() from error


def _rotate(raw: str, device: Device) -> TokenPair:
    now = timezone.now()
    found = RefreshToken.objects.filter(hash=_hash(raw)).values_list("pk", "session_id").first()
    if found is None:
        raise _not_good()
    # One lock for the family: whoever comes second sees what the first has done.
    session = Session.objects.select_for_update().filter(pk=found[1]).first()
    current = RefreshToken.objects.filter(pk=found[0]).first()
    if session is None or current is None or not _is_alive(session, now):
        raise _not_good()
    if current.revoked_at or current.expires_at <= now:
        raise _not_good()
    claimed = RefreshToken.objects.filter(pk=current.pk, used_at=None).update(used_at=now)
    if not claimed:
        return _reissue(session, current, raw, now)
    child = RefreshToken(id=uuid7(), session=session, parent=current)
    child_raw = _derive(raw, child)
    child.hash, child.expires_at = _hash(child_raw), _expiry(session, now)
    child.save(force_insert=True)
    _touch(session, device, now, child.expires_at)
    return _pair(session, child_raw)


def _reissue(session: Session, current: RefreshToken, raw: str, now: datetime) -> TokenPair:
    assert current.used_at is not None
    child = RefreshToken.objects.filter(parent_id=current.pk, used_at=None).first()
    if child is None or now - current.used_at > settings.REFRESH_REUSE_GRACE:
        raise _ReusedError(session)
    return _pair(session, _derive(raw, child))


def _is_alive(session: Session, now: datetime) -> bool:
    return (
        session.revoked_at is None
        and session.expires_at > now
        and User.objects.filter(
            pk=session.user_id,
            auth_version=session.auth_version,
            is_active=True,
            suspended_at=None,
        ).exists()
    )


def _touch(session: Session, device: Device, now: datetime, expires_at: datetime) -> None:
    session.last_seen_at, session.expires_at = now, expires_at
    session.ip = device.ip or session.ip
    session.user_agent = device.user_agent or session.user_agent
    session.save(update_fields=["last_seen_at", "expires_at", "ip", "user_agent"])


def _expiry(session: Session, now: datetime) -> datetime:
    return min(now + settings.REFRESH_SLIDING, session.created_at + settings.REFRESH_ABSOLUTE)


def _derive(raw: str, child: RefreshToken) -> str:
    key = sha256(b"refresh:" + settings.JWT_SIGNING_KEY.encode()).digest()
    digest = hmac.new(key, raw.encode() + child.id.bytes, sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _pair(session: Session, raw: str) -> TokenPair:
    access = tokens.issue_access(user_id=session.user_id, session_id=session.pk)
    return TokenPair(access=access, refresh=raw)


def _hash(raw: str) -> bytes:
    return sha256(raw.encode("utf-8", "surrogatepass")).digest()


def _subject(raw: str) -> str:
    return _hash(raw).hex()


def _not_good() -> Unauthenticated:
    return Unauthenticated("refresh_invalid", "The refresh token is not valid. Sign in again.")
