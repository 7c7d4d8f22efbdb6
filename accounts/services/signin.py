"""Signing in: the same check for pages, the API and the admin."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts import selectors
from accounts.devices import Device
from accounts.emails import normalise_email
from accounts.models import Session, User
from accounts.services import leaving, refreshing, sessions
from core import limits
from core.errors import Forbidden, Unauthenticated

MAX_PASSWORD = 128
KNOWN_NETWORK_DAYS = timedelta(days=90)


@dataclass(frozen=True)
class SignedIn:
    """An app that has just been let in."""

    user: User
    session: Session
    tokens: refreshing.TokenPair


def authenticate(
    *, login: str, password: str, device: Device, or_deactivated: bool = False
) -> User | None:
    """Return whom login (address or username) and password belong to, None when they do not fit.

    The same work and the same budgets for accounts that do not exist. Raises RateLimited: failures
    are counted by account, apart from those on a device or network where the owner signed in
    before, so nobody can lock the owner out. A deactivated account is nobody's, unless the caller
    asks for it (`or_deactivated`) to offer the return.
    """
    user = selectors.find_by_login(login)
    limits.consume(budget="signin", subject=device.network)
    subject = _failure_subject(user, login, device)
    limits.consume(budget="signin_failed", subject=subject)
    if not _password_fits(user, password) or user is None:
        return None
    if not user.is_active and not (or_deactivated and user.deactivated_at):
        return None
    limits.refund(budget="signin_failed", subject=subject)
    return user


def sign_in(*, login: str, password: str, device: Device, reactivate: bool = False) -> SignedIn:
    """Sign an app in; `reactivate` brings a deactivated account back.

    Raises Unauthenticated, Forbidden (account_suspended, account_deactivated) or RateLimited.
    """
    user = authenticate(login=login, password=password, device=device, or_deactivated=True)
    if user is None:
        raise Unauthenticated("credentials_invalid", "These credentials are not correct.")
    if user.is_suspended:
        raise Forbidden("account_suspended", "This account is suspended.")
    if not user.is_active:
        if not reactivate:
            message = "This account is deactivated. Sign in with `reactivate` to return."
            raise Forbidden("account_deactivated", message)
        user = leaving.return_to_account(user_id=user.pk)
    return admit(user=user, device=device)


def admit(*, user: User, device: Device) -> SignedIn:
    """Open a session with tokens for an app whose user is proven."""
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    session = sessions.open_session(user=user, kind=Session.Kind.APP, device=device)
    return SignedIn(user, session, refreshing.issue_first(session))


def _password_fits(user: User | None, password: str) -> bool:
    if user is None or len(password) > MAX_PASSWORD:
        make_password(password[:MAX_PASSWORD])  # as slow as a real check
        return False
    return user.check_password(password)


def _failure_subject(user: User | None, login: str, device: Device) -> str:
    if user is None:
        return f"login:{normalise_email(login).removeprefix('@')}"
    if device.knows(user.pk):
        return f"{user.pk}:device:{device.mark}"
    seen_since = timezone.now() - KNOWN_NETWORK_DAYS
    here = user.device_sessions.filter(ip=device.ip, last_seen_at__gt=seen_since)
    if device.ip and here.exists():
        return f"{user.pk}:network:{device.network}"
    return f"login:{user.pk}"
