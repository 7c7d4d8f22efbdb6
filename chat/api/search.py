"""Search: one's messages, people to write to, groups that are open."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.presentation import present_users
from chat import selectors, shelf
from chat.api import schemas
from core import limits
from core.http.pagination import CursorPage
from social.graph import selectors as graph
from social.graph.policies import require_active


class NewestFirst(CursorPage):
    """Messages: their ids rise with time."""

    max_page_size = 50
    ordering = ("-id",)


class ByName(CursorPage):
    """People."""

    max_page_size = 50
    ordering = ("username",)


class ByTitle(CursorPage):
    """Groups."""

    max_page_size = 50
    ordering = ("title", "id")


class SearchMessages(APIView):
    """The caller's messages."""

    @extend_schema(
        operation_id="search_messages",
        parameters=[schemas.MessageQuery],
        responses=schemas.FOUND_PAGE,
    )
    def get(self, request: Request) -> Response:
        """Return messages with every word of `q`, newest first, in all conversations or in `c`.

        A word of three letters or more is found anywhere, a shorter one where a word begins.
        """
        user, fields = _asked(request, schemas.MessageQuery)
        rows = selectors.search_messages(
            user=user, term=fields["q"], conversation_id=fields.get("c")
        )
        pages = NewestFirst()
        found = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response(shelf.found_json(user, found, term=fields["q"]))


class SearchPeople(APIView):
    """People to write to."""

    @extend_schema(
        operation_id="search_users",
        parameters=[schemas.SearchQuery],
        responses=schemas.PEOPLE_PAGE,
    )
    def get(self, request: Request) -> Response:
        """Return people whose handle or name begins so; those the caller may see."""
        user, fields = _asked(request, schemas.SearchQuery)
        rows = graph.people_matching(viewer=user, text=fields["q"]).exclude(pk=user.pk)
        pages = ByName()
        found = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response(present_users(found, viewer=user))


class OpenGroups(APIView):
    """Groups that anybody may join."""

    @extend_schema(
        operation_id="open_groups",
        parameters=[schemas.SearchQuery],
        responses=schemas.GROUP_PAGE,
    )
    def get(self, request: Request) -> Response:
        """Return open groups by name."""
        user, fields = _asked(request, schemas.SearchQuery)
        rows = selectors.open_groups(user=user, term=fields["q"])
        pages = ByTitle()
        found = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response(shelf.groups_json(found))


def _asked(request: Request, form: type[schemas.SearchQuery]) -> tuple[User, dict[str, Any]]:
    """Return who asks and for what, and take it from their budget."""
    user = require_active(request.user)
    limits.consume(budget="chat_search", subject=str(user.pk))
    query = form(data=request.query_params)
    query.is_valid(raise_exception=True)
    return user, query.validated_data
