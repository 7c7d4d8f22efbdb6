"""Cookie sessions live and die with their device session."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from accounts import devices, principals
from accounts.models import User
from accounts.policies import SAFE_METHODS, require_standing
from core.errors import Forbidden

SESSION_KEY_SHAPE = re.compile(r"[a-z0-9]{8,40}")
# Doors with rules of their own; asking who looks would also make public bytes vary by cookie.
UNASKED = ("/api/", "/media/", "/static/", "/healthz", "/readyz")


class DeviceSessionMiddleware:
    """Says who `request.user` is: nobody once the device session is revoked, expired or outdated.

    Replaces the user that Django would load by one from the principal cache. A cookie session
    without a device session is nobody's: every sign-in opens one (`subscribers.open_device`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request; a browser that has just signed in is remembered."""
        key = request.session.session_key or ""
        if key and not SESSION_KEY_SHAPE.fullmatch(key):
            # Never ours; PostgreSQL would stumble over a NUL in it.
            request.session = type(request.session)()
        request.user = SimpleLazyObject(lambda: _user_of(request))  # type: ignore[assignment]
        response = self.get_response(request)
        signed_in = getattr(request, "signed_in_user_id", None)
        if signed_in is not None:
            devices.remember(request, response, signed_in)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: object, kwargs: object
    ) -> HttpResponse | None:
        """Stop pages of accounts that are not in a standing to use them."""
        if request.path_info.startswith(UNASKED) or not request.user.is_authenticated:
            return None
        method = request.method or ""
        principal: principals.Principal = request.principal  # type: ignore[attr-defined]
        try:
            require_standing(principal, method=method, view=view)
        except Forbidden as error:
            return render(request, "error.html", {"error": error}, status=error.status)
        return None


def _user_of(request: HttpRequest) -> User | AnonymousUser:
    user_id = request.session.get(SESSION_KEY)
    if user_id is None:
        return AnonymousUser()
    device_id = devices.current_device_id(request)
    fresh = request.method not in SAFE_METHODS
    principal = principals.find(device_id, fresh=fresh) if device_id else None
    if principal is None or str(principal.user.pk) != user_id:
        request.session.flush()
        return AnonymousUser()
    request.principal = principal  # type: ignore[attr-defined]
    return principal.user
