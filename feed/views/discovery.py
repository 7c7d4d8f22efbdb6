"""Explore, search and tag pages."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe
from rest_framework.request import Request

from accounts.presentation import present_users
from core.http.pagination import CursorPage
from core.http.redirects import see_next
from feed import hot, pages, search, sounds, tags
from feed.cards import VideoCard, cards_for
from feed.modes import Mode
from videos.models import Video

GRID = 24
TRENDING = 12
HOT = 12
HEIGHT = 28  # of a sparkline, in its own units; its width is 100


class Grid(CursorPage):
    """A page of a grid."""

    page_size = GRID

    def __init__(self, ordering: tuple[str, ...]) -> None:
        super().__init__()
        self.ordering = ordering


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """Show tags in fashion, what is hot, and then everything, shuffled."""
    cursor = request.GET.get("cursor")
    place = pages.find_place(viewer=request.user, mode=Mode.ALL, cursor=cursor)
    found = pages.feed_page(viewer=request.user, place=place, limit=GRID)
    next_url = None
    if found.cursor:
        next_url = f"{reverse('feed:explore')}?{urlencode({'cursor': found.cursor})}"
    context: dict[str, Any] = {"cards": found.cards, "next_url": next_url}
    if cursor and getattr(request, "htmx", False):
        return _private(render(request, "feed/_grid.html", context))
    if not cursor:
        context["trends"] = _trends(request)
        context["hot"] = cards_for(hot.shown_to(request.user, limit=HOT), viewer=request.user)
    return _private(render(request, "feed/explore.html", context))


@require_safe
def tag(request: HttpRequest, tag: str) -> HttpResponse:
    """Show what carries a tag."""
    found = tags.get_tag(viewer=request.user, name=tag)
    videos = tags.videos_of(found, viewer=request.user)
    cards, next_url = _grid(request, videos, tags.ORDER)
    context: dict[str, Any] = {"cards": cards, "next_url": next_url}
    if getattr(request, "htmx", False) and "cursor" in request.GET:
        return _private(render(request, "feed/_grid.html", context))
    context["tag"] = tags.present(found, viewer=request.user)
    return _private(render(request, "feed/tag.html", context))


@require_POST
def follow_tag(request: HttpRequest, tag: str) -> HttpResponse:
    """Follow a tag (`on=1`) or stop, and go back to its page."""
    tags.follow(actor=request.user, name=tag, on=request.POST.get("on") == "1")
    return see_next(request, default=reverse("feed:tag", kwargs={"tag": tag}))


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Show what was found, one kind at a time; without words, the history and what is trending."""
    text = search.clean(request.GET.get("q", ""))
    kind = request.GET.get("type", "videos")
    kind = kind if kind in search.TYPES else "videos"
    context: dict[str, Any] = {"q": text, "type": kind, "types": search.TYPES}
    if not text:
        if isinstance(request.user, AnonymousUser):
            context["history"] = []
        else:
            context["history"] = search.history(request.user)[:10]
        context["trends"] = _trends(request)
        return _private(render(request, "feed/search.html", context))
    continued = "cursor" in request.GET
    if not continued:
        search.remember(viewer=request.user, text=text)
    rows, order = search.find(kind, viewer=request.user, text=text)
    if kind == "videos":
        context["cards"], context["next_url"] = _grid(request, rows, order)
        if continued and getattr(request, "htmx", False):
            return _private(render(request, "feed/_grid.html", context))
    else:
        page = Paginator(rows.order_by(*order), GRID).get_page(request.GET.get("page"))
        context["page"] = page
        found = list(page.object_list)
        if kind == "users":
            context["found"] = present_users(found, viewer=request.user)
        elif kind == "sounds":
            context["found"] = sounds.listed(found, viewer=request.user)
        else:
            context["found"] = found
    return _private(render(request, "feed/search.html", context))


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Return the list below the search field."""
    found = search.suggest(viewer=request.user, text=request.GET.get("q", ""))
    return _private(render(request, "feed/_suggestions.html", {"suggestions": found}))


@require_POST
def clear_history(request: HttpRequest) -> HttpResponse:
    """Clear one's own search history, and go back."""
    if not isinstance(request.user, AnonymousUser):
        search.forget(actor=request.user)
    return see_next(request, default=reverse("feed:search"))


def _grid(
    request: HttpRequest, videos: "QuerySet[Video]", order: tuple[str, ...]
) -> tuple[list[VideoCard], str | None]:
    paginator, asked = Grid(order), Request(request)
    asked.user = request.user
    page = paginator.paginate_queryset(videos, asked) or []
    return cards_for(page, viewer=request.user), paginator.get_next_link()


def _trends(request: HttpRequest) -> list[dict[str, Any]]:
    rows = tags.trending(request.user)[:TRENDING]
    return [{"name": row.tag.name, "line": _line(row.series)} for row in rows]


def _line(series: list[int]) -> str:
    """Return the points of a sparkline for an SVG of 100 by `HEIGHT`."""
    top = max(series, default=0) or 1
    step = 100 / max(1, len(series) - 1)
    return " ".join(
        f"{place * step:.1f},{HEIGHT - 2 - value / top * (HEIGHT - 4):.1f}"
        for place, value in enumerate(series)
    )


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
