"""Passwords: changed by their owner, reset by whoever reads the account's mail."""

from uuid import UUID

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import url_str_to_user_pk
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import principals, selectors
from accounts.devices import Device
from accounts.emails import normalise_email
from accounts.models import Session, User
from accounts.services import sessions
from accounts.services.signup import check_password_rules
from core import jobs, limits
from core.errors import Invalid


def change_password(
    *, actor: User, current: str, new: str, keep_session: UUID | None, device: Device
) -> int:
    """Change the actor's password; every session but `keep_session` ends. Return how many ended.

    Raises Invalid for a wrong current password or a weak new one, RateLimited for guessing.
    """
    if not owns_password(actor=actor, password=current, device=device):
        raise Invalid.field("current_password", "This is not your password.", code="password_wrong")
    user = selectors.get_user(actor.pk)
    return set_password(user=user, password=new, keep_session=keep_session, field="new_password")


def owns_password(*, actor: User, password: str, device: Device) -> bool:
    """Return whether `password` is the actor's own; raises RateLimited for guessing."""
    subject = f"{actor.pk}:change:{device.network}"
    limits.consume(budget="signin_failed", subject=subject)
    fits = selectors.get_user(actor.pk).check_password(password)
    if fits:
        limits.refund(budget="signin_failed", subject=subject)
    return fits


def set_password(
    *, user: User, password: str, keep_session: UUID | None = None, field: str = "password"
) -> int:
    """Give `user` a password and end every session but `keep_session`; return how many ended.

    The caller has proven that the request is the owner's. The owner is told by mail.
    """
    check_password_rules(password, user, field=field)
    hashed = make_password(password)
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        locked.password = hashed
        locked.auth_version += 1
        locked.save(update_fields=["password", "auth_version"])
        if keep_session is not None:
            kept = Session.objects.filter(pk=keep_session, user_id=user.pk)
            kept.update(auth_version=locked.auth_version)
        ended = sessions.revoke_other_sessions(
            actor=locked, keep=keep_session, reason="password_changed"
        )
        principals.renew(user.pk)
    user.password, user.auth_version = locked.password, locked.auth_version
    jobs.enqueue("accounts.send_notice", str(user.pk), "password_changed")
    return ended


def request_password_reset(*, email: str, device: Device) -> None:
    """Mail a link that resets the password, if the address has an account: nobody can tell."""
    limits.consume(budget="password_reset", subject=f"network:{device.network}")
    limits.consume(budget="password_reset", subject=f"email:{normalise_email(email)}")
    user = selectors.find_by_login(email) if "@" in email else None
    # The same job either way, so that neither time nor a failing mail server tells.
    jobs.enqueue("accounts.send_password_reset", str(user.pk) if user else "")


def reset_password(*, key: str, password: str) -> User:
    """Set a new password by the key of a reset mail; every session ends.

    The key works once and for an hour. Raises Invalid (reset_key_invalid or password_weak).
    """
    user = user_of_reset_key(key)
    if user is None:
        message = "This link is no longer good. Ask for a new one."
        raise Invalid("reset_key_invalid", message, errors={"key": [message]})
    set_password(user=user, password=password)
    # Only who reads this mailbox had the key.
    EmailAddress.objects.filter(user_id=user.pk, email=user.email).update(verified=True)
    return user


def user_of_reset_key(key: str) -> User | None:
    """Return whose password a reset key may change, None for a key that is not good."""
    uid, _, token = key.partition("-")
    try:
        user = selectors.reachable_users().filter(pk=url_str_to_user_pk(uid)).first()
    except (ValueError, ValidationError, OverflowError):
        return None
    if user is None or not default_token_generator.check_token(user, token):
        return None
    return user
