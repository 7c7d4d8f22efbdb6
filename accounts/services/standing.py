"""What staff may do to accounts: shut them, open them, sign them out, give them roles."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import ages, principals
from accounts.events import AgeCorrected, UserSuspended
from accounts.models import User
from accounts.profiles import clean_birth_date
from accounts.services import sessions
from accounts.services.privacy import bump_media_epoch
from core import events
from core.errors import Forbidden, NotFound


def suspend_user(*, actor: User, user_id: UUID, reason: str) -> User:
    """Shut an account: its API calls answer 403, its posts and media are gone for everybody.

    Only staff, never against oneself; against staff only a superuser. Raises Forbidden, NotFound.
    """
    return _set_suspended(actor=actor, user_id=user_id, suspended=True, reason=reason)


def unsuspend_user(*, actor: User, user_id: UUID, reason: str) -> User:
    """Open a suspended account again; raises Forbidden, NotFound."""
    return _set_suspended(actor=actor, user_id=user_id, suspended=False, reason=reason)


def sign_out_user(*, actor: User, user_id: UUID) -> int:
    """Sign somebody out of every device; return how many. Raises Forbidden, NotFound."""
    with transaction.atomic():
        user = _locked_subject(actor, user_id)
        return sessions.revoke_other_sessions(actor=user, keep=None, reason="moderator")


def set_roles(
    *, actor: User, user_id: UUID, is_verified: bool, is_staff: bool, is_superuser: bool
) -> User:
    """Give an account its marks; only a superuser may. Raises Forbidden, NotFound."""
    if not (actor.is_superuser and actor.is_active):
        raise Forbidden("forbidden", "Only a superuser may do this.")
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
        if user is None:
            raise NotFound
        user.is_verified, user.is_staff, user.is_superuser = is_verified, is_staff, is_superuser
        user.save(update_fields=["is_verified", "is_staff", "is_superuser"])
        principals.renew(user.pk)
    return user


def correct_birth_date(*, actor: User, user_id: UUID, birth_date: date) -> User:
    """Replace a birth date that its owner told wrongly; only staff, after looking into it.

    What the old age opened is shut at once. Raises Forbidden, NotFound, Invalid.
    """
    with transaction.atomic():
        user = _locked_subject(actor, user_id)
        user.birth_date = clean_birth_date(birth_date)
        is_adult = ages.is_adult(user.birth_date, timezone.localdate())
        user.show_mature = user.show_mature and is_adult
        user.save(update_fields=["birth_date", "show_mature"])
        bump_media_epoch(user_id=user.pk)
        events.publish(AgeCorrected(user.pk, is_adult))
    return user


def _set_suspended(*, actor: User, user_id: UUID, suspended: bool, reason: str) -> User:
    now = timezone.now()
    with transaction.atomic():
        user = _locked_subject(actor, user_id)
        if user.is_suspended != suspended:
            user.suspended_at = now if suspended else None
            user.suspended_reason = reason if suspended else ""
            user.save(update_fields=["suspended_at", "suspended_reason"])
            bump_media_epoch(user_id=user.pk)
            events.publish(UserSuspended(user.pk, suspended, now))
    return user


def _locked_subject(actor: User, user_id: UUID) -> User:
    if not actor.is_staff or not actor.is_active or actor.is_suspended:
        raise Forbidden("forbidden", "Only moderators may do this.")
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if user is None:
        raise NotFound
    if user.pk == actor.pk or (user.is_staff and not actor.is_superuser):
        raise Forbidden("forbidden", "You may not do this to this account.")
    return user
