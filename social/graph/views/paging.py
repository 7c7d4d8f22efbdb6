"""One page of rows as people, for every list of this app."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework.request import Request

from accounts.models import User
from accounts.presentation import present_users
from core.http.pagination import CursorPage

Row = TypeVar("Row", bound=Model)
PAGE = 30


class NewestFirst(CursorPage):
    """By id, which is a time."""

    page_size = PAGE
    ordering = ("-id",)


def people_page(
    request: HttpRequest, rows: "QuerySet[Row]", person_of: Callable[[Row], User]
) -> tuple[list[dict[str, Any]], str | None]:
    """Return the people of one page, each with `row_id` and `since`, and the next page's URL.

    Their relations to the viewer come in one batch: the number of queries is that of one person.
    """
    pages, asked = NewestFirst(), Request(request)
    asked.user = request.user
    found = pages.paginate_queryset(rows, asked) or []
    people = present_users([person_of(row) for row in found], viewer=request.user)
    shown = [
        person | {"row_id": row.pk, "since": getattr(row, "created_at", None)}
        for person, row in zip(people, found, strict=True)
    ]
    return shown, pages.get_next_link()


def is_continued(request: HttpRequest) -> bool:
    """Return whether htmx asks for the next part of a list."""
    return bool(getattr(request, "htmx", False)) and "cursor" in request.GET


def private(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """Render what depends on the viewer and is kept by nobody."""
    response = render(request, template, dict(context))
    response["Cache-Control"] = "private, no-store"
    return response
