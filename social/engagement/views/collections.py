"""Collections: the list of one's own, and the sheet that puts a video into them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.http.redirects import see_next
from social.engagement import selectors, services, shelves
from social.engagement.services.shelves import MAX_COLLECTIONS
from social.engagement.text import MAX_NAME
from social.engagement.views.answers import is_htmx, is_on, watch_url
from social.graph import policies as people
from videos import selectors as videos
from videos.models import Video


@require_http_methods(["GET", "HEAD", "POST"])
def collections(request: HttpRequest) -> HttpResponse:
    """Show one's collections, or (POST) make one of `name`."""
    owner = people.require_active(request.user)
    context: dict[str, Any] = {"max_name": MAX_NAME}
    status = 200
    if request.method == "POST":
        name = request.POST.get("name", "")
        try:
            made = services.create_collection(actor=owner, name=name)
        except DomainError as error:
            if not error.errors:
                raise
            context |= {"name": name, "errors": error.errors["name"]}
            status = error.status
        else:
            return redirect("feed:collection", collection_id=made.pk)
    rows = selectors.collections_of(owner)[:MAX_COLLECTIONS]
    context["shelves"] = shelves.rows_for(list(rows), viewer=owner)
    return render(request, "engagement/collections.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def shelve(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Show which collections hold a video; POST changes one (`collection_id`, `on`) or makes one.

    A new one (`name`) holds the video at once.
    """
    owner = people.require_active(request.user)
    video = videos.get_viewable_video(viewer=owner, video_id=video_id)
    if request.method == "POST":
        _change(request, video)
        if not is_htmx(request):
            return see_next(request, default=request.path)
    rows = list(selectors.collections_of(owner)[:MAX_COLLECTIONS])
    context = {
        "video_id": video.pk,
        "shelves": shelves.rows_for(rows, viewer=owner, video_id=video.pk),
        "max_name": MAX_NAME,
        "back": watch_url(video),
        "on": selectors.viewer_flags(owner.pk, [video.pk])[video.pk].saved,
        "count": selectors.counts_for([video.pk])[video.pk].saves,
        "changed": request.method == "POST",
    }
    whole = "engagement/_shelve.html" if is_htmx(request) else "engagement/shelve.html"
    return render(request, whole, context)


def _change(request: HttpRequest, video: Video) -> None:
    """Do what the form asks for."""
    collection_id: object = request.POST.get("collection_id")
    if not collection_id:
        name = request.POST.get("name", "")
        collection_id = services.create_collection(actor=request.user, name=name).pk
    elif not is_on(request):
        services.take_out(actor=request.user, collection_id=collection_id, video_id=video.pk)
        return
    services.put_in(actor=request.user, collection_id=collection_id, video_id=video.pk)
