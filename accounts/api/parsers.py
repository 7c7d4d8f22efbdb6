"""Multipart bodies that carry one picture: bounded before a byte is read."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import MultiPartParser

from accounts.services.profile import AVATAR_MAX_BYTES
from core.errors import TooLarge

FIELDS_BYTES = 64 * 1024


class PictureParser(MultiPartParser):
    """DRF's multipart parser for bodies of a known and bearable length."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return fields and files; raises TooLarge, ParseError for a malformed body."""
        request = (parser_context or {})["request"]
        length = str(request.META.get("CONTENT_LENGTH") or "")
        if not length.isdigit() or int(length) > AVATAR_MAX_BYTES + FIELDS_BYTES:
            mb = AVATAR_MAX_BYTES // 1024**2
            raise TooLarge("body_too_large", f"Send at most {mb} MB, with Content-Length.")
        return super().parse(stream, media_type, parser_context)
