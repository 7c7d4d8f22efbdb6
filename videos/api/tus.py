"""The words of the tus 1.0.0 protocol: reading its headers, writing its answers."""

import base64
import binascii

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from rest_framework.request import Request

from core.errors import Invalid, UnsupportedMedia
from videos.errors import LengthRequired, PreconditionFailed
from videos.models import Upload
from videos.reception import Checksum

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
ALGORITHMS = {"sha1": 20, "sha256": 32}
BODY_TYPE = "application/offset+octet-stream"
MAX_DIGITS = 18


def check_version(request: Request) -> None:
    """Raise PreconditionFailed unless the client speaks 1.0.0."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise PreconditionFailed("tus_version", f"Send Tus-Resumable: {VERSION}.")


def describe(response: HttpResponseBase) -> None:
    """Put on an answer what every answer of the protocol carries."""
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    if response.status_code == 412:
        response["Tus-Version"] = VERSION


def capabilities() -> dict[str, str]:
    """Return the headers of the answer to OPTIONS."""
    return {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(settings.UPLOAD_MAX_BYTES),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }


def state(upload: Upload) -> dict[str, str]:
    """Return the headers that say how far an upload is."""
    headers = {
        "Upload-Offset": str(upload.offset),
        "Upload-Expires": http_date(upload.expires_at.timestamp()),
    }
    if upload.length is not None:
        headers["Upload-Length"] = str(upload.length)
    return headers


def number(request: Request, name: str) -> int:
    """Return a header that is a whole number of zero or more; raises Invalid."""
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS):
        raise Invalid("header_invalid", f"{name} must be a whole number of bytes.")
    return int(text)


def body_size(request: Request) -> int:
    """Return the announced length of the body; raises LengthRequired."""
    text = str(request.META.get("CONTENT_LENGTH") or "")
    if not text.isdecimal():
        raise LengthRequired("length_required", "Send Content-Length with the bytes.")
    return int(text)


def has_body(request: Request) -> bool:
    """Return whether the request carries bytes of a file."""
    return _content_type(request) == BODY_TYPE


def require_body(request: Request) -> None:
    """Raise UnsupportedMedia unless the body is declared as bytes of a file."""
    if not has_body(request):
        raise UnsupportedMedia("content_type", f"Send Content-Type: {BODY_TYPE}.")


def checksum(request: Request) -> Checksum | None:
    """Return what the body hashes to, None when the client does not say; raises Invalid."""
    text = request.headers.get("Upload-Checksum")
    if text is None:
        return None
    algorithm, _, encoded = text.strip().partition(" ")
    digest = _decode(encoded, "Upload-Checksum")
    if len(digest) != ALGORITHMS.get(algorithm, -1):
        known = ", ".join(ALGORITHMS)
        raise Invalid("checksum_invalid", f"Upload-Checksum: one of {known}, then base64.")
    return Checksum(algorithm, digest)


def metadata(request: Request) -> dict[str, str]:
    """Return the pairs of Upload-Metadata; raises Invalid."""
    pairs: dict[str, str] = {}
    for part in request.headers.get("Upload-Metadata", "").split(","):
        name, _, encoded = part.strip().partition(" ")
        if name:
            pairs[name] = _decode(encoded, "Upload-Metadata").decode("utf-8", "replace")
    return pairs


def _content_type(request: Request) -> str:
    return str(request.META.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()


def _decode(text: str, name: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid("header_invalid", f"{name} is not base64.") from error
