"""Like, save and repost buttons; who likes a video; the short address of one."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from rest_framework.request import Request

from accounts.presentation import present_users
from core.http.clients import limit_subject
from core.http.pagination import CursorPage
from core.http.redirects import see_next
from social.engagement import selectors, services, visitors
from social.engagement.views.answers import is_htmx, is_on, say, watch_url
from videos import selectors as videos


class LatestFirst(CursorPage):
    """People, the latest like first."""

    page_size = 30
    ordering = ("-id",)


@require_POST
def like(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Like (`on=1`) or unlike (`on=0`); answer the button, or go back to the page."""
    verb = services.like_video if is_on(request) else services.unlike_video
    state = verb(actor=request.user, video_id=video_id)
    context = {"video_id": video_id, "on": state["liked"], "count": state["likes"]}
    return _button(request, "engagement/_like_button.html", context)


@require_POST
def save(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Save (`on=1`) or unsave (`on=0`); answer the button, or go back to the page."""
    verb = services.save_video if is_on(request) else services.unsave_video
    state = verb(actor=request.user, video_id=video_id)
    context = {"video_id": video_id, "on": state["saved"], "count": state["saves"]}
    response = _button(request, "engagement/_save_button.html", context)
    if is_htmx(request) and state["saved"]:
        place = reverse("engagement:shelve", args=[video_id])
        say(response, _("Saved"), action={"text": _("Add to collection"), "href": place})
    return response


@require_POST
def repost(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Repost (`on=1`) or take it back (`on=0`); answer the button, or go back to the page."""
    verb = services.repost_video if is_on(request) else services.unrepost_video
    state = verb(actor=request.user, video_id=video_id)
    context = {"video_id": video_id, "on": state["reposted"], "count": state["reposts"]}
    response = _button(request, "engagement/_repost_button.html", context)
    if is_htmx(request) and state["reposted"]:
        say(response, _("Reposted to your profile"))
    return response


@require_safe
def likers(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Show who likes a video: a page, the panel of one, or the rest of the list."""
    rows = selectors.likers_of(viewer=request.user, video_id=video_id)
    asked = Request(request)
    asked.user = request.user
    pages = LatestFirst()
    page = pages.paginate_queryset(rows, asked) or []
    shown = present_users([row.user for row in page], viewer=request.user)
    context = {"people": shown, "next_url": pages.get_next_link(), "kind": "likers"}
    if not is_htmx(request):
        video = videos.get_viewable_video(viewer=request.user, video_id=video_id)
        return _own(render(request, "engagement/likers.html", context | {"back": watch_url(video)}))
    rest = "cursor" in request.GET
    template = "graph/_people.html" if rest else "engagement/_likers.html"
    return _own(render(request, template, context))


@require_safe
def share_link(request: HttpRequest, code: str) -> HttpResponse:
    """Lead from a short address to the video, for whoever may see it; GET notes that they came."""
    visitor, token = visitors.of(request)
    video = services.open_share(
        viewer=request.user,
        visitor=visitor,
        address=limit_subject(request),
        code=code,
        noted=request.method == "GET",
    )
    response = _own(redirect(watch_url(video)))
    if token:
        visitors.remember(response, token, secure=request.is_secure())
    return response


def _button(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    if is_htmx(request):
        return render(request, template, context)
    video = videos.get_viewable_video(viewer=request.user, video_id=context["video_id"])
    return see_next(request, default=watch_url(video))


def _own(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
