"""Errors as `application/problem+json` (RFC 9457), from every source, in one form."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template import loader
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import DomainError, NotFound, RateLimited, Unauthenticated, Unavailable

logger = logging.getLogger(__name__)
# 460 is of the tus protocol.
STATUS_PHRASES = {status.value: status.phrase for status in HTTPStatus} | {460: "Checksum Mismatch"}
CONTENT_TYPE = "application/problem+json"


def problem(
    *,
    status: int,
    code: str,
    detail: str,
    request_id: str,
    errors: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, object]:
    """Return the body of a problem; `code` is the stable name of the error."""
    body: dict[str, object] = {
        "type": f"urn:toptop:error:{code}",
        "title": STATUS_PHRASES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    if errors:
        body["errors"] = errors
    return body


def request_id_of(request: object) -> str:
    """Return the id that RequestIdMiddleware gave, through DRF's wrapper too."""
    return str(getattr(request, "request_id", ""))


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Map what a view raised to a problem; anything unknown is left to the 500 handler."""
    domain = to_domain(error)
    if domain is None:
        return None
    set_rollback()
    request_id = request_id_of(getattr(context.get("request"), "_request", None))
    body = problem(
        status=domain.status,
        code=domain.code,
        detail=domain.message,
        request_id=request_id,
        errors=domain.errors,
    )
    response = Response(body, status=domain.status, content_type=CONTENT_TYPE)
    if isinstance(domain, RateLimited | Unavailable):
        response["Retry-After"] = str(domain.retry_after)
    if domain.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    response["Cache-Control"] = "no-store"
    return response


def to_domain(error: Exception) -> DomainError | None:
    """Return the domain error that an exception of Django or DRF amounts to."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, OperationalError | InterfaceError):
        # The database is away, locked or out of room: not the caller's fault, and it may pass.
        logger.error("database unavailable", exc_info=error)
        return Unavailable()
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, PermissionDenied):
        return _with_status(403, "forbidden", "You may not do this.")
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return Unauthenticated(_code_of(error), str(error.detail))
    if isinstance(error, exceptions.Throttled):
        return RateLimited(int(getattr(error, "wait", None) or 0) + 1)
    if isinstance(error, exceptions.ValidationError):
        fields = flatten(error.detail)
        return DomainError("invalid", "Some fields are not valid.", errors=fields)
    if isinstance(error, exceptions.APIException):
        return _with_status(error.status_code, _code_of(error), str(error.detail))
    return None


def flatten(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Return DRF's nested messages as `{"field.index.name": [messages]}`."""
    if isinstance(detail, Mapping):
        pairs = [(f"{path}.{key}" if path else str(key), value) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(item, Mapping | list) for item in detail):
        pairs = [
            (f"{path}.{index}" if path else str(index), value) for index, value in enumerate(detail)
        ]
    else:
        messages = detail if isinstance(detail, list) else [detail]
        return (
            {path or "non_field_errors": [str(message) for message in messages]} if messages else {}
        )
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if value:
            found |= flatten(value, name)
    return found


def _code_of(error: exceptions.APIException) -> str:
    codes = error.get_codes()
    return codes if isinstance(codes, str) else error.default_code


def _with_status(status: int, code: str, message: str) -> DomainError:
    error = DomainError(code, message)
    error.status = status
    return error


def _answer(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        body = problem(status=status, code=code, detail=detail, request_id=request_id_of(request))
        response = HttpResponse(orjson.dumps(body), status=status, content_type=CONTENT_TYPE)
        response["Cache-Control"] = "no-store"
        return response
    page = loader.render_to_string([f"{status}.html", "error.html"], {"detail": detail}, request)
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 (`handler400`)."""
    return _answer(request, 400, "bad_request", "The request is not valid.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 (`handler403`)."""
    return _answer(request, 403, "forbidden", "You may not do this.")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 (`handler404`), in the API with the same body as a hidden object."""
    return _answer(request, 404, "not_found", "Not found.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 (`handler500`): the request id and nothing of the inside."""
    return _answer(request, 500, "internal", "Something went wrong on our side.")
