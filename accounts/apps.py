"""App configuration."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out


class AccountsConfig(AppConfig):
    """Users, profiles, sign-up, sign-in and device sessions."""

    name = "accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Wire cookie sign-in to device sessions, and the schema to our authentication."""
        from accounts import sockets, subscribers
        from accounts.events import AccountDeactivated, SessionRevoked, UserSuspended
        from core import events

        import_module("accounts.schema")  # spectacular finds the extensions in it

        sockets.wire()
        events.subscribe(SessionRevoked, sockets.close_revoked)
        events.subscribe(UserSuspended, sockets.close_suspended)
        events.subscribe(AccountDeactivated, sockets.close_deactivated)
        user_logged_in.connect(subscribers.open_device, dispatch_uid="accounts.open_device")
        user_logged_out.connect(subscribers.close_device, dispatch_uid="accounts.close_device")
