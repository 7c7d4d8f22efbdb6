"""Forgetting what no longer lets anybody in."""

from datetime import timedelta

from allauth.account.models import EmailConfirmation
from django.contrib.sessions.models import Session as BrowserSession
from django.db.models import Q
from django.utils import timezone

from accounts.models import RefreshToken, Session

# Long enough for its owner to still read in the log why a device was signed out.
KEPT_AFTER_END = timedelta(days=30)


def sweep() -> dict[str, int]:
    """Delete expired tokens and sessions that ended 30 days ago; return how many of each."""
    now = timezone.now()
    old = now - KEPT_AFTER_END
    stale_tokens = RefreshToken.objects.filter(expires_at__lt=now)
    over = Session.objects.filter(Q(revoked_at__lt=old) | Q(expires_at__lt=old))
    gone = {
        "refresh_tokens": stale_tokens.delete()[0],
        "sessions": over.delete()[0],
        "browser_sessions": BrowserSession.objects.filter(expire_date__lt=now).delete()[0],
    }
    EmailConfirmation.objects.delete_expired_confirmations()
    return gone
