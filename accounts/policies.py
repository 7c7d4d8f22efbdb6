"""Whether an account is in a standing to act at all; the doors ask before any verb."""

from allauth.account import app_settings
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.principals import Principal
from core.errors import Forbidden, Unauthenticated

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def require_standing(principal: Principal, *, method: str, view: object) -> None:
    """Raise Forbidden for a suspended account, and for changes by an unconfirmed one.

    An unconfirmed account may look and mind its own account where confirming is mandatory: a view
    that is part of that says so by `open_to_unverified`, and one for suspended accounts (signing
    out, appeals) by `open_to_suspended`.
    """
    if principal.user.is_suspended and not getattr(view, "open_to_suspended", False):
        raise Forbidden("account_suspended", "This account is suspended.")
    if (
        not principal.email_verified
        and method not in SAFE_METHODS
        and not getattr(view, "open_to_unverified", False)
        and is_verification_mandatory()
    ):
        raise Forbidden("email_unverified", "Confirm your email address first.")


def require_user(viewer: User | AnonymousUser) -> User:
    """Return the signed-in user; raises Unauthenticated for nobody."""
    if not isinstance(viewer, User):
        raise Unauthenticated
    return viewer


def is_verification_mandatory() -> bool:
    """Return whether this instance wants addresses confirmed before anything is made."""
    return bool(app_settings.EMAIL_VERIFICATION == app_settings.EmailVerificationMethod.MANDATORY)
