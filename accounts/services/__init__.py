"""Verbs of accounts, by subject; call them as `services.sign_up(...)`."""

from accounts.services.emails import send_email_code, tell_address_taken, verify_email
from accounts.services.leaving import deactivate, return_to_account
from accounts.services.passwords import (
    change_password,
    owns_password,
    request_password_reset,
    reset_password,
    set_password,
)
from accounts.services.privacy import SETTINGS, bump_media_epoch, set_private, update_settings
from accounts.services.profile import set_avatar, update_profile
from accounts.services.refreshing import TokenPair, refresh
from accounts.services.sessions import (
    end_sessions,
    open_session,
    revoke_other_sessions,
    revoke_session,
    sign_out,
)
from accounts.services.signin import SignedIn, admit, authenticate, sign_in
from accounts.services.signup import sign_up
from accounts.services.standing import (
    correct_birth_date,
    set_roles,
    sign_out_user,
    suspend_user,
    unsuspend_user,
)
from accounts.services.sweeping import sweep

__all__ = [
    "SETTINGS",
    "SignedIn",
    "TokenPair",
    "admit",
    "authenticate",
    "bump_media_epoch",
    "change_password",
    "correct_birth_date",
    "deactivate",
    "end_sessions",
    "open_session",
    "owns_password",
    "refresh",
    "request_password_reset",
    "reset_password",
    "return_to_account",
    "revoke_other_sessions",
    "revoke_session",
    "send_email_code",
    "set_avatar",
    "set_password",
    "set_private",
    "set_roles",
    "sign_in",
    "sign_out",
    "sign_out_user",
    "sign_up",
    "suspend_user",
    "sweep",
    "tell_address_taken",
    "unsuspend_user",
    "update_profile",
    "update_settings",
    "verify_email",
]
