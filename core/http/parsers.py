"""Bodies in, bounded in size before they are kept."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

from core.errors import TooLarge


class JsonParser(BaseParser):
    """Parses by orjson, which refuses NaN, lone surrogates and deep nesting."""

    media_type = "application/json"
    max_bytes: int | None = None  # settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the parsed body; ParseError for bad JSON, TooLarge above the limit."""
        limit = self.max_bytes or settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge("body_too_large", f"A JSON body is at most {limit} bytes.")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"Malformed JSON: {error}") from error


class SmallMultipart(MultiPartParser):
    """DRF's multipart parser for bodies of a known and bearable length.

    A door names its own class with `max_file_bytes`, the most that one file may have.
    """

    max_file_bytes: int
    fields_bytes = 64 * 1024

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return fields and files; raises TooLarge, ParseError for a malformed body."""
        request = (parser_context or {})["request"]
        length = str(request.META.get("CONTENT_LENGTH") or "")
        if not length.isdigit() or int(length) > self.max_file_bytes + self.fields_bytes:
            mb = self.max_file_bytes // 1024**2
            raise TooLarge("body_too_large", f"Send at most {mb} MB, with Content-Length.")
        return super().parse(stream, media_type, parser_context)
