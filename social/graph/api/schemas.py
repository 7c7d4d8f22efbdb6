"""What the graph's routes answer, for the OpenAPI document and for building answers."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.schemas import UserSchema
from accounts.models import User
from accounts.presentation import present_users
from core.http.pagination import CursorPage

Row = TypeVar("Row", bound=Model)
View = TypeVar("View", bound=type[APIView])


class RequestOutput(serializers.Serializer[Any]):
    """An open request; `user` is the other one."""

    id = serializers.UUIDField()
    user = UserSchema()
    created_at = serializers.DateTimeField()


class SuggestedOutput(UserSchema):
    """A person whom the caller may know, and why."""

    reason = serializers.CharField(help_text="A sentence for people.")


class LimitQuery(serializers.Serializer[Any]):
    """How many."""

    limit = serializers.IntegerField(default=20, min_value=1, max_value=100)


class PageQuery(LimitQuery):
    """Which page."""

    cursor = serializers.CharField(required=False)


class SearchQuery(PageQuery):
    """Which people."""

    search = serializers.CharField(
        default="", allow_blank=True, help_text="Beginning of a handle or a name."
    )


class DirectionQuery(PageQuery):
    """Whose requests."""

    direction = serializers.ChoiceField(["received", "sent"], default="received")


def page_of(name: str, item: type[serializers.Serializer[Any]]) -> Any:
    """Return the serializer of a page of `item`."""
    return inline_serializer(
        name,
        {
            "results": item(many=True),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
        },
    )


PEOPLE = page_of("PersonPage", UserSchema)
REQUESTS = page_of("RequestPage", RequestOutput)


def toggle(name: str, **fields: serializers.Field[Any, Any, Any, Any]) -> Callable[[View], View]:
    """Describe a toggle: POST and PUT set, DELETE unsets, each answers the state `fields`."""
    output = inline_serializer(f"{name.title().replace('_', '')}State", fields)
    return extend_schema_view(
        post=extend_schema(operation_id=f"{name}_set", request=None, responses=output),
        put=extend_schema(operation_id=f"{name}_put", request=None, responses=output),
        delete=extend_schema(operation_id=f"{name}_unset", request=None, responses=output),
    )


class NewestFirst(CursorPage):
    """By id, which is a time."""

    ordering = ("-id",)


class ByUsername(CursorPage):
    """Alphabetical."""

    ordering = ("username",)


def answer_people(
    view: APIView,
    request: Request,
    rows: "QuerySet[Row]",
    person_of: Callable[[Row], User],
    paginator: CursorPage | None = None,
) -> Response:
    """Answer one page of rows as people."""
    pages = paginator or NewestFirst()
    people = [person_of(row) for row in pages.paginate_queryset(rows, request, view) or []]
    return pages.get_paginated_response(present_users(people, viewer=request.user))
