"""Leaving for a while, and coming back: everything is kept and nobody else sees it."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.devices import Device
from accounts.events import AccountDeactivated
from accounts.models import User
from accounts.services import sessions
from accounts.services.passwords import owns_password
from accounts.services.privacy import bump_media_epoch
from core import events
from core.errors import Conflict, Forbidden, Invalid, NotFound


def deactivate(*, actor: User, password: str, device: Device) -> None:
    """Hide the actor's profile, videos and comments from everybody and end every session.

    Raises Invalid (`password_wrong`), Conflict (`already_deactivated`), RateLimited for guessing.
    """
    if not owns_password(actor=actor, password=password, device=device):
        raise Invalid.field("password", "This is not your password.", code="password_wrong")
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        if not user.is_active:
            raise Conflict("already_deactivated", "This account is deactivated already.")
        user.is_active, user.deactivated_at = False, timezone.now()
        user.auth_version += 1
        user.save(update_fields=["is_active", "deactivated_at", "auth_version"])
        bump_media_epoch(user_id=user.pk)
        sessions.revoke_other_sessions(actor=user, keep=None, reason="deactivated")
        events.publish(AccountDeactivated(user.pk, away=True))


def return_to_account(*, user_id: UUID) -> User:
    """Bring an account back; the caller has checked its owner's password.

    An account that is back already is returned as it is. Raises NotFound, Forbidden
    (`account_suspended`).
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
        if user is None or not (user.is_active or user.deactivated_at):
            raise NotFound
        if user.is_suspended:
            raise Forbidden("account_suspended", "This account is suspended.")
        if user.deactivated_at is not None:
            user.is_active, user.deactivated_at = True, None
            user.save(update_fields=["is_active", "deactivated_at"])
            events.publish(AccountDeactivated(user.pk, away=False))
    return user
