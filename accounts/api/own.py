"""The caller as the caller sees themselves."""

from typing import Any

from accounts.models import User
from accounts.presentation import present_user
from accounts.selectors import get_user, is_email_verified


def present_own(user: User) -> dict[str, Any]:
    """Return the `user` object with the private fields, read anew."""
    fresh = get_user(user.pk)
    return present_user(fresh, viewer=fresh) | {
        "email": fresh.email,
        "email_verified": is_email_verified(fresh),
        "birth_date": fresh.birth_date,
        "found_by_email": fresh.found_by_email,
    }
