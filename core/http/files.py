"""Serving one stored file: byte ranges, validators and the headers of untrusted media.

From the local disk, from S3 through the process, or handed to nginx (`MEDIA_ACCEL_LOCATION`).
The caller has decided that the requester may have it; nothing here looks at cookies.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from core import storage
from core.errors import Unavailable

Response = TypeVar("Response", bound=HttpResponseBase)
UNIT = "bytes="
RANGE = re.compile(r"(\d{0,18})-(\d{0,18})", re.ASCII)


def serve_file(
    request: HttpRequest,
    *,
    key: str,
    content_type: str,
    cache_control: str,
    public: bool = False,
    download_name: str | None = None,
) -> HttpResponseBase:
    """Answer GET or HEAD of a stored file; `not_found()` when the object is gone.

    `public` lets other sites embed it; `download_name` makes browsers save it under that name.
    Raises Unavailable when the storage cannot be reached.
    """
    etag = f'"{hashlib.sha256(key.encode()).hexdigest()[:32]}"'
    if settings.MEDIA_ACCEL_LOCATION:
        response: HttpResponseBase = HttpResponse()
        told = storage.proxy_path(key, content_type=content_type)
        response["X-Accel-Redirect"] = settings.MEDIA_ACCEL_LOCATION.rstrip("/") + told
    elif request.headers.get("If-None-Match", "") in (etag, "*"):
        response = HttpResponse(status=304)
    else:
        response = _from_storage(request, key, etag)
    if response.status_code == 404:
        return response
    response["Content-Type"] = content_type
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = cache_control
    if download_name is not None:
        disposition = content_disposition_header(as_attachment=True, filename=download_name)
        response["Content-Disposition"] = disposition or "attachment"
    return guard(response, public=public)


def not_found() -> HttpResponse:
    """Return the one answer to every media URL that is not good, whatever the reason."""
    response = HttpResponse(b"Not found.\n", status=404, content_type="text/plain")
    response["Cache-Control"] = "no-store"
    return guard(response, public=False)


def guard(response: Response, *, public: bool) -> Response:
    """Add the headers of untrusted media; `public` lets other sites embed it."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if public else "same-origin"
    return response


def _from_storage(request: HttpRequest, key: str, etag: str) -> HttpResponseBase:
    try:
        size = storage.size(key)
        start, end, partial = _range(request, size, etag)
        if start >= end and partial:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
            return response
        body: Iterator[bytes] = iter(())
        if request.method != "HEAD":
            body = storage.read(key, start, end)
    except FileNotFoundError:
        return not_found()
    except OSError as error:
        raise Unavailable(message="The file store is not available.") from error
    answer = StreamingHttpResponse(body, status=206 if partial else 200)
    answer["Content-Length"] = str(end - start)
    if partial:
        answer["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return answer


def _range(request: HttpRequest, size: int, etag: str) -> tuple[int, int, bool]:
    """Return (start, end, partial); an empty partial range is answered 416.

    One range at most is served: several, or a malformed one, are refused as RFC 9110 allows.
    Units other than bytes are ignored, and so is a range of another version of the file.
    """
    header = request.headers.get("Range", "").replace(" ", "")
    if not header.startswith(UNIT) or request.headers.get("If-Range", etag) != etag:
        return (0, size, False)
    asked = RANGE.fullmatch(header.removeprefix(UNIT))
    first, last = asked.groups() if asked else ("", "")
    if first:
        return (int(first), min(int(last) + 1, size) if last else size, True)
    if last:
        return (max(0, size - int(last)), size if int(last) else 0, True)
    return (0, 0, True)
