"""JSON out, and nothing else: no browsable API, no format suffixes, no negotiation cost."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer


class JsonRenderer(BaseRenderer):
    """Renders by orjson; problems get their own media type from the exception handler."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return UTF-8 JSON, or nothing for an empty answer."""
        if data is None:
            return b""
        return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z)


class JsonOnly(BaseContentNegotiation):
    """Always the first parser that fits and the view's first renderer."""

    def select_parser(self, request: Any, parsers: Iterable[Any]) -> Any:
        """Return the parser of the request's content type, or None for 415."""
        content_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == content_type), None)

    def select_renderer(
        self, request: Any, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        """Return the first renderer whatever the Accept header says."""
        first = next(iter(renderers))
        return first, first.media_type
