"""The page of one of one's collections."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from rest_framework.request import Request

from core.errors import DomainError, NotFound
from feed import profiles
from feed.cards import cards_for
from feed.views.people import Grid
from social.engagement import selectors, services
from social.engagement.models import Collection
from social.engagement.text import MAX_NAME
from social.graph import policies as people


@require_http_methods(["GET", "HEAD", "POST"])
def collection(request: HttpRequest, collection_id: UUID) -> HttpResponse:
    """Show a collection of one's own; POST (`action`) renames or deletes it."""
    owner = people.require_active(request.user)
    shelf = selectors.own_collection(owner=owner, collection_id=collection_id)
    if request.method == "POST":
        return _act(request, shelf)
    drf_request = Request(request)
    drf_request.user = request.user
    paginator = Grid(profiles.MARKED_ORDER)
    videos = profiles.shelved_on(shelf, viewer=owner)
    page = paginator.paginate_queryset(videos, drf_request) or []
    context = {
        "collection": shelf,
        "cards": cards_for(page, viewer=owner),
        "next_url": paginator.get_next_link(),
        "total": selectors.shelved(viewer=owner, collection_ids=[shelf.pk]).count(),
        "max_name": MAX_NAME,
    }
    rest = getattr(request, "htmx", False) and "cursor" in request.GET
    response = render(request, "feed/_grid.html" if rest else "feed/collection.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _act(request: HttpRequest, shelf: Collection) -> HttpResponse:
    action = request.POST.get("action")
    if action == "delete":
        services.delete_collection(actor=request.user, collection_id=shelf.pk)
        messages.success(request, _("The collection is gone. Its videos are still saved."))
        return redirect("engagement:collections")
    if action != "rename":
        raise NotFound
    try:
        services.rename_collection(
            actor=request.user, collection_id=shelf.pk, name=request.POST.get("name", "")
        )
    except DomainError as error:
        if not error.errors:
            raise
        messages.error(request, error.errors["name"][0])
    return redirect("feed:collection", collection_id=shelf.pk)
