"""The comment sheet, and what is done to a comment there."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.http.redirects import see_next
from social.engagement import selectors, services, sheets
from social.engagement.models import Comment
from social.engagement.views.answers import is_htmx, is_on, watch_url
from videos import selectors as videos


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Show the sheet of a video, or (POST) add `text`, as a reply when there is a `parent_id`."""
    if request.method == "POST":
        return _add(request, video_id)
    video = videos.get_viewable_video(viewer=request.user, video_id=video_id)
    cursor = request.GET.get("cursor")
    context = sheets.sheet(
        viewer=request.user, video=video, cursor=cursor, asked=request.GET.get("comment")
    )
    if not is_htmx(request):
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
def comment_like(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Like (`on=1`) or unlike (`on=0`) a comment; answer the button, or go back to the page."""
    verb = services.like_comment if is_on(request) else services.unlike_comment
    state = verb(actor=request.user, comment_id=comment_id)
    if not is_htmx(request):
        return _back(request, comment_id)
    context = {"comment_id": comment_id, "on": state["liked"], "count": state["likes"]}
    return render(request, "engagement/_comment_like.html", context)


@require_POST
def comment_edit(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Rewrite one's own comment as `text`; answer it anew, or go back to the page."""
    text = request.POST.get("text", "")
    comment = services.edit_comment(actor=request.user, comment_id=comment_id, text=text)
    if not is_htmx(request):
        return see_next(request, default=watch_url(comment.video))
    context = {
        "video_id": comment.video_id,
        "comment": sheets.rows_for([comment], viewer=request.user)[0],
        "can_comment": True,
    }
    return render(request, "engagement/_comment_body.html", context)


@require_POST
def comment_pin(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Pin (`on=1`) or unpin (`on=0`) a comment; answer the whole sheet, whose order is another."""
    verb = services.pin_comment if is_on(request) else services.unpin_comment
    verb(actor=request.user, comment_id=comment_id)
    if not is_htmx(request):
        return _back(request, comment_id)
    comment = selectors.get_comment(viewer=request.user, comment_id=comment_id)
    context = sheets.sheet(viewer=request.user, video=comment.video)
    return render(request, "engagement/_comments.html", context)


@require_POST
def comment_delete(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    """Delete a comment; answer its place, empty unless replies keep it."""
    comment = services.delete_comment(actor=request.user, comment_id=comment_id)
    video = comment.video
    if not is_htmx(request):
        return see_next(request, default=watch_url(video))
    rows = sheets.rows_for([comment], viewer=request.user)
    context = {
        "video_id": video.pk,
        "comment": rows[0] if rows else None,
        "total": selectors.count_comments(viewer=request.user, video=video),
    }
    return render(request, "engagement/_comment_deleted.html", context)


def _add(request: HttpRequest, video_id: UUID) -> HttpResponse:
    comment = services.add_comment(
        actor=request.user,
        video_id=video_id,
        text=request.POST.get("text", ""),
        parent_id=request.POST.get("parent_id") or None,
    )
    if not is_htmx(request):
        return see_next(request, default=watch_url(comment.video))
    context = {
        "video_id": comment.video_id,
        "comment": sheets.rows_for([comment], viewer=request.user)[0],
        "total": selectors.count_comments(viewer=request.user, video=comment.video),
        "can_comment": True,
    }
    return render(request, "engagement/_comment_added.html", context)


def _back(request: HttpRequest, comment_id: UUID) -> HttpResponse:
    comment: Comment = selectors.get_comment(viewer=request.user, comment_id=comment_id)
    return see_next(request, default=watch_url(comment.video))
