"""A person's page."""

from collections.abc import Callable
from typing import Any, TypeAlias

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from accounts.models import User
from accounts.presentation import present_user
from core.errors import NotFound
from core.http.pagination import CursorPage
from feed import profiles
from feed.cards import VideoCard, cards_for
from feed.modes import signed_in
from social.graph import policies as people
from videos.models import Video

GRID_PAGE = 24
Listed: TypeAlias = Callable[..., QuerySet[Video]]
# Each tab: what it lists, in which order. The last two are one's own.
TABS: dict[str, tuple[Listed, tuple[str, ...]]] = {
    "videos": (profiles.posted_by, profiles.POSTED_ORDER),
    "reposts": (profiles.reposted_by, profiles.MARKED_ORDER),
    "saved": (profiles.saved_by, profiles.MARKED_ORDER),
    "liked": (profiles.liked_by, profiles.MARKED_ORDER),
}
OWN_TABS = frozenset({"saved", "liked"})


class Grid(CursorPage):
    """A page of a grid in the order of its tab."""

    page_size = GRID_PAGE

    def __init__(self, ordering: tuple[str, ...]) -> None:
        super().__init__()
        self.ordering = ordering


@require_safe
def profile(request: HttpRequest, username: str, tab: str = "videos") -> HttpResponse:
    """Show a person and a grid of their videos; `/@Name` leads to `/@name`."""
    if tab not in TABS:
        raise NotFound
    person = people.get_visible_person(viewer=request.user, handle=username)
    if username != person.username:
        return _canonical(request, person, tab)
    is_own = signed_in(request.user) == person
    if tab in OWN_TABS and not is_own:
        # Not even the tab is there for others.
        raise NotFound
    can_see = profiles.shows_videos(person, viewer=request.user)
    cards, next_url = _grid(request, person, tab) if can_see else ([], None)
    context: dict[str, Any] = {"cards": cards, "next_url": next_url, "tab": tab}
    if getattr(request, "htmx", False) and "cursor" in request.GET:
        return _private(render(request, "feed/_grid.html", context))
    context |= {
        "profile": _present(person, request, is_own=is_own),
        "can_see_videos": can_see,
    }
    return _private(render(request, "feed/profile.html", context))


def _canonical(request: HttpRequest, person: User, tab: str) -> HttpResponse:
    if tab == "videos":
        return redirect("feed:profile", username=person.username, permanent=False)
    return redirect("feed:profile_tab", username=person.username, tab=tab, permanent=False)


def _grid(request: HttpRequest, person: User, tab: str) -> tuple[list[VideoCard], str | None]:
    listed, ordering = TABS[tab]
    videos, paginator = listed(person, viewer=request.user), Grid(ordering)
    drf_request = Request(request)
    drf_request.user = request.user
    page = paginator.paginate_queryset(videos, drf_request) or []
    return cards_for(page, viewer=request.user), paginator.get_next_link()


def _present(person: User, request: HttpRequest, *, is_own: bool) -> dict[str, Any]:
    shown = present_user(person, viewer=request.user)
    return shown | {"is_own": is_own}


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
