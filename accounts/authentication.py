"""Who is calling the API: bearer tokens first, then the browser's cookie.

A request that carries both is the bearer's: the cookie is not looked at, and a bearer token that
is not good is refused even beside a good cookie. `request.auth` is the `Principal`.
"""

import copy

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication

from accounts import principals, tokens
from accounts.models import User
from accounts.policies import SAFE_METHODS, require_standing
from accounts.principals import Principal
from core.errors import Forbidden


class BearerAuthentication(JWTAuthentication):
    """Access tokens: the signature, then whether their device session still lives."""

    def authenticate(self, request: Request) -> tuple[User, Principal] | None:  # type: ignore[override]
        """Return user and principal, None without a bearer token; raises Unauthenticated."""
        header: bytes | None = self.get_header(request)  # None without the header
        if header is None:
            return None
        try:
            raw = self.get_raw_token(header)
        except AuthenticationFailed as error:
            raise tokens.invalid_token() from error
        if raw is None:
            return None
        user_id, session_id = tokens.read_access(raw)
        method = request.method or ""
        # A change is checked against the database: a revoked device cannot write for 30 s more.
        principal = principals.find(session_id, fresh=method not in SAFE_METHODS)
        if principal is None or principal.user.pk != user_id:
            raise tokens.invalid_token()
        require_standing(principal, method=method, view=request.parser_context.get("view"))
        return principal.user, principal


class CookieAuthentication(BaseAuthentication):
    """The browser's session, which DeviceSessionMiddleware has read; CSRF by the header."""

    def authenticate(self, request: Request) -> tuple[User, Principal] | None:
        """Return user and principal, None for nobody; raises Forbidden without a CSRF token."""
        browser = request._request
        user = browser.user
        if isinstance(user, AnonymousUser) or not user.is_authenticated:
            return None
        principal: Principal = browser.principal  # type: ignore[attr-defined]
        _require_csrf(browser)
        view = request.parser_context.get("view")
        require_standing(principal, method=request.method or "", view=view)
        return principal.user, principal

    def authenticate_header(self, request: Request) -> str:
        """Return the scheme that a 401 asks for."""
        return "Bearer"


class _CsrfCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        raise Forbidden("csrf_failed", f"CSRF: {reason}")


def _require_csrf(request: HttpRequest) -> None:
    """Check the X-CSRFToken header; the form field is not accepted.

    Django looks into the form of a POST first, which would parse a whole multipart upload before
    anybody is known to be allowed to send it. A shallow copy that calls itself a PUT makes it look
    at the header alone; headers, cookies and origin are the request's own.
    """
    if request.method in SAFE_METHODS or getattr(request, "_dont_enforce_csrf_checks", False):
        return
    probe = copy.copy(request)
    probe.method = "PUT"
    check = _CsrfCheck(lambda _: HttpResponse())
    check.process_request(probe)
    check.process_view(probe, _never_called, (), {})


def _never_called(request: HttpRequest) -> HttpResponse:
    message = "the check only asks whether this view may run"
    raise AssertionError(message)
