"""Who an account is open to, and the epoch that ends media URLs handed out before."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import ages, principals
from accounts.events import AccountPrivacyChanged, MediaUrlsEnded
from accounts.models import User
from core import events, limits
from core.errors import Invalid

SETTINGS = ("is_private", "who_may_comment", "who_may_message", "found_by_email", "show_mature")
CHOICES: dict[str, list[str]] = {
    "who_may_comment": User.WhoMayComment.values,
    "who_may_message": User.WhoMayMessage.values,
}


def update_settings(*, actor: User, **changes: Any) -> User:
    """Change any of `SETTINGS`, all of them or none, effective at once.

    Raises Invalid (unknown field or value, `age_required` for showing mature videos to whoever is
    not known to be an adult), RateLimited.
    """
    _check(changes)
    limits.consume(budget="profile", subject=str(actor.pk))
    is_private = changes.pop("is_private", None)
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        if changes.get("show_mature") and not ages.is_adult(user.birth_date, timezone.localdate()):
            message = "Only for people whose date of birth says that they are adults."
            raise Invalid.field("show_mature", message, code="age_required")
        for field, value in changes.items():
            setattr(user, field, value)
        user.save(update_fields=list(changes))
        if is_private is not None:
            user = set_private(actor=user, is_private=is_private)
        principals.renew(user.pk)
    return user


def set_private(*, actor: User, is_private: bool) -> User:
    """Make the actor's account private or public; going private ends every media URL at once."""
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        if user.is_private != is_private:
            user.is_private = is_private
            user.save(update_fields=["is_private"])
            if is_private:
                bump_media_epoch(user_id=user.pk)
            events.publish(AccountPrivacyChanged(user.pk, is_private))
            principals.renew(user.pk)
    return user


def bump_media_epoch(*, user_id: UUID) -> None:
    """End every media URL of a user's videos that was handed out before."""
    User.objects.filter(pk=user_id).update(media_epoch=F("media_epoch") + 1)
    events.publish(MediaUrlsEnded(user_id))
    principals.renew(user_id)


def _check(changes: dict[str, Any]) -> None:
    for field, value in changes.items():
        if field not in SETTINGS:
            raise Invalid.field(field, "There is no such setting.")
        if field in CHOICES and value not in CHOICES[field]:
            raise Invalid.field(field, f"One of: {', '.join(CHOICES[field])}.")
