"""Middleware of every request: its id, its path, and domain errors of pages."""

import json
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import loader
from django.urls import reverse
from django.utils.http import urlencode

from core.errors import DomainError, RateLimited, TooLarge, Unavailable
from core.http.problems import to_domain
from core.ids import uuid7

GetResponse = Callable[[HttpRequest], HttpResponse]
# The largest form is a theme of a room: a picture and five layers of 10 MB.
PAGE_BODY_BYTES = 64 * 1024**2
ACCEPTED_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestIdMiddleware:
    """Gives each request an id (a proxy's, when it is well-formed) and returns it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request under its id."""
        given = request.headers.get("X-Request-Id", "")
        request_id = given if ACCEPTED_ID.fullmatch(given) else str(uuid7())
        request.request_id = request_id  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class TrailingSlashMiddleware:
    """Serves both forms of a path, without a redirect that would lose a body."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Resolve `/x/` as `/x`; the admin keeps Django's own form."""
        path = request.path_info
        if len(path) > 1 and path.endswith("/") and not path.startswith(("/admin/", "/static/")):
            request.path_info = path.rstrip("/") or "/"
        return self.get_response(request)


class DomainErrorMiddleware:
    """Maps what a page's service raised: a toast for htmx, a page otherwise."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass through; errors arrive in `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the answer to a domain error, None for anything else."""
        error = to_domain(exception) if isinstance(exception, DomainError) else None
        if error is None:
            return None
        response = (
            self._htmx(error) if getattr(request, "htmx", False) else error_page(request, error)
        )
        if isinstance(error, RateLimited | Unavailable):
            response["Retry-After"] = str(error.retry_after)
        return response

    def _htmx(self, error: DomainError) -> HttpResponse:
        response = HttpResponse(status=error.status)
        # json, not orjson: a header carries ASCII only.
        response["HX-Trigger"] = json.dumps({"toast": {"text": error.message, "kind": "error"}})
        response["HX-Reswap"] = "none"
        return response


def error_page(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return the page that says a domain error to people; 401 leads to the sign-in page."""
    if error.status == 401:
        target = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('accounts:signin')}?{target}")
    context = {"error": error, "retry_after": getattr(error, "retry_after", None)}
    templates = [f"{error.status}.html", "error.html"]
    return HttpResponse(loader.render_to_string(templates, context, request), status=error.status)


class PageBodyMiddleware:
    """Refuses the body of a page's form that is larger than any form's before a byte is read.

    Stands before the check of the CSRF token, which reads the body. Views that stream or bound
    theirs themselves are exempt from that check, and check it when they have read.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass through; views are met in `process_view`."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_: object
    ) -> HttpResponse | None:
        """Return 413 for what is too large, None otherwise."""
        if getattr(view, "csrf_exempt", False):
            return None
        length = str(request.META.get("CONTENT_LENGTH") or "")
        if not length.isdecimal() or int(length) <= PAGE_BODY_BYTES:
            return None
        mb = PAGE_BODY_BYTES // 1024**2
        return error_page(request, TooLarge("body_too_large", f"Send at most {mb} MB."))
