"""`/sound/<id>`: hear it, see what is set to it, use it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.request import Request

from feed import sounds as pages
from feed.cards import cards_for
from feed.views.discovery import Grid
from videos import sounds


@require_safe
def sound(request: HttpRequest, sound_id: UUID) -> HttpResponse:
    """Show a sound whose clip everybody may watch, or one's own."""
    found = sounds.get_sound(viewer=request.user, sound_id=sound_id)
    paginator = Grid(pages.ORDER)
    wrapped = Request(request)
    wrapped.user = request.user
    page = paginator.paginate_queryset(pages.videos_of(found, viewer=request.user), wrapped) or []
    context: dict[str, Any] = {
        "cards": cards_for(page, viewer=request.user),
        "next_url": paginator.get_next_link(),
    }
    template = "feed/_grid.html"
    if not (getattr(request, "htmx", False) and "cursor" in request.GET):
        context["page"] = pages.present(found, viewer=request.user)
        template = "feed/sound.html"
    response = render(request, template, context)
    response["Cache-Control"] = "private, no-store"
    return response
