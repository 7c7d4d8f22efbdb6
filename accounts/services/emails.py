"""Confirming an address by a code from the mail.

A code is derived, not stored: HMAC over account, address and the quarter of an hour, so there is
nothing to leak and any process can check it. It is good for 15 to 30 minutes, until it is used.
"""

import contextlib
import hmac
import time
from hashlib import sha256

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts import principals, selectors
from accounts.models import User
from core import jobs, limits
from core.errors import Invalid, RateLimited

STEP_SECONDS = 900
DIGITS = 6


def send_email_code(*, actor: User) -> None:
    """Mail a code to the actor's unconfirmed address; raises RateLimited."""
    limits.consume(budget="email_code", subject=f"send:{actor.pk}")
    jobs.enqueue("accounts.send_email_code", str(actor.pk))


def tell_address_taken(*, email: str) -> None:
    """Mail the owner of an address that somebody tried to sign up with it; nobody sees whether."""
    user = selectors.find_by_login(email)
    if user is None:
        return
    with contextlib.suppress(RateLimited):  # the answer must not depend on it
        limits.consume(budget="email_code", subject=f"send:{user.pk}")
        jobs.enqueue("accounts.send_notice", str(user.pk), "address_taken")


def verify_email(*, actor: User, code: str) -> None:
    """Confirm the actor's address; raises Invalid (code_invalid) or RateLimited for guessing."""
    limits.consume(budget="email_code", subject=f"try:{actor.pk}")
    user = selectors.get_user(actor.pk)
    now = int(time.time()) // STEP_SECONDS
    if not any(
        hmac.compare_digest(_code(user, step).encode(), code.encode()) for step in (now, now - 1)
    ):
        raise Invalid.field("code", "This code is not correct or too old.", code="code_invalid")
    with transaction.atomic():
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
        principals.renew(user.pk)


def current_code(user: User) -> str:
    """Return the code that a mail sent now carries."""
    return _code(user, int(time.time()) // STEP_SECONDS)


def _code(user: User, step: int) -> str:
    key = sha256(b"email-code:" + settings.SECRET_KEY.encode()).digest()
    text = f"{user.pk}|{user.email}|{user.auth_version}|{step}"
    digest = hmac.new(key, text.encode(), sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"
