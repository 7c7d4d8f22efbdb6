"""Pages of engagement: the like and save buttons and the comment sheet."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from core.http.clients import limit_subject
from core.http.redirects import see_next
from social.engagement import selectors, services, sheets, visitors
from videos import selectors as videos
from videos.models import Video


@require_POST
def like(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Like (`on=1`) or unlike (`on=0`); answer the button, or go back to the page."""
    verb = services.like_video if request.POST.get("on") == "1" else services.unlike_video
    state = verb(actor=request.user, video_id=video_id)
    context = {"video_id": video_id, "on": state["liked"], "count": state["likes"]}
    return _button(request, "engagement/_like_button.html", context)


@require_POST
def save(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Save (`on=1`) or unsave (`on=0`); answer the button, or go back to the page."""
    verb = services.save_video if request.POST.get("on") == "1" else services.unsave_video
    state = verb(actor=request.user, video_id=video_id)
    context = {"video_id": video_id, "on": state["saved"], "count": state["saves"]}
    return _button(request, "engagement/_save_button.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Show the sheet of a video, or (POST) add `text`, as a reply when there is a `parent_id`."""
    if request.method == "POST":
        return _add(request, video_id)
    video = videos.get_viewable_video(viewer=request.user, video_id=video_id)
    cursor = request.GET.get("cursor")
    context = sheets.sheet(viewer=request.user, video=video, cursor=cursor)
    if not _is_htmx(request):
        return render(request, "engagement/comments.html", context)
    template = "engagement/_comment_list.html" if cursor else "engagement/_comments.html"
    return render(request, template, context)


@require_GET
def replies(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Show the replies below a comment."""
    head = selectors.get_comment(viewer=request.user, comment_id=comment_id)
    context = sheets.replies(viewer=request.user, head=head, cursor=request.GET.get("cursor"))
    return render(request, "engagement/_replies.html", context)


@require_POST
def comment_delete(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Delete a comment; answer its place, empty unless replies keep it."""
    comment = services.delete_comment(actor=request.user, comment_id=comment_id)
    video = comment.video
    if not _is_htmx(request):
        return see_next(request, default=_watch_url(video))
    rows = sheets.rows_for([comment], viewer=request.user)
    context = {
        "video_id": video.pk,
        "comment": rows[0] if rows else None,
        "total": selectors.count_comments(viewer=request.user, video=video),
    }
    return render(request, "engagement/_comment_deleted.html", context)


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
    response = redirect(_watch_url(video))
    if token:
        visitors.remember(response, token, secure=request.is_secure())
    response["Cache-Control"] = "private, no-store"
    return response


def _add(request: HttpRequest, video_id: UUID) -> HttpResponse:
    comment = services.add_comment(
        actor=request.user,
        video_id=video_id,
        text=request.POST.get("text", ""),
        parent_id=request.POST.get("parent_id") or None,
    )
    if not _is_htmx(request):
        return see_next(request, default=_watch_url(comment.video))
    context = {
        "video_id": comment.video_id,
        "comment": sheets.rows_for([comment], viewer=request.user)[0],
        "total": selectors.count_comments(viewer=request.user, video=comment.video),
        "can_comment": True,
    }
    return render(request, "engagement/_comment_added.html", context)


def _button(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    if _is_htmx(request):
        return render(request, template, context)
    video = videos.get_viewable_video(viewer=request.user, video_id=context["video_id"])
    return see_next(request, default=_watch_url(video))


def _watch_url(video: Video) -> str:
    return reverse("feed:watch", kwargs={"username": video.author.username, "video_id": video.pk})


def _is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))
