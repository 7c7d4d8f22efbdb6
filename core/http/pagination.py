"""Cursor pagination: opaque, signed, bound to the viewer and the list it was made for."""

from typing import Any
from urllib.parse import urlencode

from django.core import signing
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from core.errors import Invalid


class CursorPage(CursorPagination):
    """`?limit=` items (default 20, at most 100), answered as `{results, next, previous}`.

    A view names its order in `ordering` (unique in the end, such as ("-created_at", "-id")).
    """

    page_size = 20
    page_size_query_param = "limit"
    max_page_size = 100
    ordering: tuple[str, ...] = ("-created_at", "-id")
    request: Request

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return one page; raises Invalid for a cursor of another viewer or list."""
        self.scope = f"{request.user.pk or 'anon'}:{request.path}"
        return super().paginate_queryset(queryset, request, view)

    def encode_cursor(self, cursor: Cursor) -> str:
        """Return the URL of the page at `cursor`."""
        position = [cursor.offset, int(cursor.reverse), cursor.position]
        token = signing.dumps(position, salt=f"cursor:{self.scope}", compress=True)
        params = {"cursor": token}
        limit = self.request.query_params.get("limit")
        if limit:
            params["limit"] = limit
        kept = {
            key: value
            for key, value in self.request.query_params.items()
            if key not in ("cursor", "limit")
        }
        return f"{self.request.build_absolute_uri(self.request.path)}?{urlencode(kept | params)}"

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return the cursor of the request, None for the first page."""
        token = request.query_params.get(self.cursor_query_param)
        if token is None:
            return None
        try:
            offset, reverse, position = signing.loads(token, salt=f"cursor:{self.scope}")
        except (signing.BadSignature, ValueError) as error:
            raise Invalid("cursor_invalid", "This cursor is not valid here.") from error
        return Cursor(offset=offset, reverse=bool(reverse), position=position)
