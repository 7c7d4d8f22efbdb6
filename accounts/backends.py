"""Who signs in where Django asks: pages, the admin, reauthentication. One check for all."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts import services
from accounts.devices import Device, device_of
from accounts.models import User


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """Asks `services.authenticate`, which counts failures and takes the same time for strangers."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """Return the user of `email` or `username` and `password`; raises RateLimited.

        Whoever is deactivated is let in by nobody but `AccountAdapter`, which offers the return.
        """
        login = credentials.get("email") or credentials.get("username")
        password = credentials.get("password")
        if not login or not password:
            return None
        device = device_of(request) if request is not None else Device()
        return services.authenticate(
            login=login, password=password, device=device, or_deactivated=True
        )
