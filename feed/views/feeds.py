"""The player pages: home, following, friends, explore, and the fragment that continues them."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from core.errors import Invalid
from feed import interests, pages
from feed.modes import Mode, signed_in
from feed.pages import FeedPage

# The first page is small so that the first video starts at once; later ones arrive ahead of need.
FIRST_PAGE = 3
NEXT_PAGE = 6


class PlaceForm(forms.Form):
    """The query of a continued feed: a cursor, or mode, seed and skip."""

    mode = forms.ChoiceField(choices=[(mode.value, mode.value) for mode in Mode], required=False)
    seed = forms.CharField(max_length=64, required=False)
    skip = forms.IntegerField(min_value=0, max_value=pages.MAX_SKIP, required=False)
    cursor = forms.CharField(max_length=1000, required=False)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the for-you feed."""
    return _show(request, Mode.FOR_YOU)


@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """Show the newest of the people whom the viewer follows."""
    return _show(request, Mode.FOLLOWING)


@require_safe
def friends(request: HttpRequest) -> HttpResponse:
    """Show the newest of the viewer's friends."""
    return _show(request, Mode.FRIENDS)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Return the next cards of a feed as a fragment."""
    form = PlaceForm(request.GET)
    if not form.is_valid():
        raise Invalid("invalid", "This is not a place in a feed.")
    given = form.cleaned_data
    place = pages.find_place(
        viewer=request.user,
        mode=Mode(given["mode"]) if given["mode"] else None,
        seed=given["seed"],
        skip=given["skip"],
        cursor=given["cursor"],
    )
    found = pages.feed_page(viewer=request.user, place=place, limit=NEXT_PAGE)
    return _private(render(request, "feed/_page.html", _context(found)))


def _show(request: HttpRequest, mode: Mode) -> HttpResponse:
    try:
        place = pages.find_place(viewer=request.user, mode=mode, seed=request.GET.get("seed"))
    except Invalid:
        # A link with a broken seed still opens the feed.
        place = pages.find_place(viewer=request.user, mode=mode)
    found = pages.feed_page(viewer=request.user, place=place, limit=FIRST_PAGE)
    context = _context(found) | {"first": True}
    user = signed_in(request.user)
    context["can_pick"] = mode == Mode.FOR_YOU and user is not None and interests.is_new(user)
    return _private(render(request, "feed/home.html", context))


def _context(found: FeedPage) -> dict[str, object]:
    following_url = None
    if found.cursor:
        following_url = f"{reverse('feed:page')}?{urlencode({'cursor': found.cursor})}"
    return {
        "mode": found.mode.value,
        "cards": found.cards,
        "next_url": following_url,
        "end": found.end,
    }


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
