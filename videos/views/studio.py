"""`/studio`: the owner's videos in every state, with delete and retry."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.request import Request

from core.errors import DomainError, Invalid
from core.http.pagination import CursorPage
from social.graph.policies import require_active
from videos import presentation, selectors, services


class StudioPage(CursorPage):
    """Newest first."""

    page_size = 20
    max_page_size = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def studio(request: HttpRequest) -> HttpResponse:
    """List the viewer's videos, or do what a row's button asks."""
    if request.method == "POST":
        return _act(request)
    state = request.GET.get("state", "")
    paginator = StudioPage()
    wrapped = Request(request)
    wrapped.user = request.user
    page = (
        paginator.paginate_queryset(
            selectors.own_videos(owner=require_active(request.user), state=state), wrapped
        )
        or []
    )
    context = {
        "videos": presentation.studio_rows(page),
        "next_url": paginator.get_next_link(),
        "state": state if state in selectors.STUDIO_STATES else "",
    }
    more = getattr(request, "htmx", False) and "cursor" in request.GET
    return _private(
        render(request, "videos/_studio_list.html" if more else "videos/studio.html", context)
    )


@login_required
@require_safe
def status_fragment(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Render the row of one video anew; it asks again by itself while it is being prepared."""
    return _row(request, video_id)


def _act(request: HttpRequest) -> HttpResponse:
    action, video_id = request.POST.get("action", ""), request.POST.get("video_id", "")
    htmx = getattr(request, "htmx", False)
    try:
        if action == "delete":
            services.delete_video(actor=request.user, video_id=video_id)
            done, answer = _("Video deleted."), HttpResponse()
        elif action == "retry":
            services.retry_video(actor=request.user, video_id=video_id)
            done, answer = _("Trying again."), _row(request, video_id)
        else:
            raise Invalid.field("action", "One of: delete, retry.")
    except DomainError as error:
        if htmx:
            raise
        messages.error(request, error.message)
        return redirect("videos:studio")
    if htmx:
        return answer
    messages.success(request, done)
    return redirect("videos:studio")


def _row(request: HttpRequest, video_id: object) -> HttpResponse:
    video = selectors.get_own_video(owner=request.user, video_id=video_id)
    (row,) = presentation.studio_rows([video])
    return _private(render(request, "videos/_studio_row.html", {"row": row}))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
