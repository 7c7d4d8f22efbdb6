"""The offer to return: made to a browser that knew the password of a deactivated account."""

import time

from django.http import HttpRequest

from accounts.models import User
from core.ids import parse_uuid

KEY = "return_offer"
SECONDS = 600


def offer(request: HttpRequest, user: User) -> None:
    """Remember for ten minutes that this browser may bring `user` back."""
    request.session[KEY] = [str(user.pk), user.auth_version, int(time.time()) + SECONDS]


def offered(request: HttpRequest) -> User | None:
    """Return who may come back in this browser; None without an offer that is still good."""
    given, version, until = request.session.get(KEY) or (None, 0, 0)
    user_id = parse_uuid(given)
    if user_id is None or until < time.time():
        return None
    rows = User.objects.filter(deactivated_at__isnull=False, suspended_at=None)
    # A password set meanwhile ends the offer as it ends sessions.
    return rows.filter(pk=user_id, auth_version=version).first()


def forget(request: HttpRequest) -> None:
    """Take the offer back."""
    request.session.pop(KEY, None)
