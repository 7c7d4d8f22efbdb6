"""`/studio/<id>`: everything that can still be changed about one's own video."""

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError, Invalid
from videos import (
    backgrounds,
    captions,
    kinds,
    playback,
    policies,
    presentation,
    selectors,
    services,
)
from videos.forms import EditForm
from videos.models import Video


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Show the form, save it, or do what a button asks: pin, unpin, delete."""
    video = selectors.get_own_video(owner=request.user, video_id=video_id)
    if request.method != "POST":
        return _page(request, video, EditForm.of(video))
    action = request.POST.get("action", "save")
    if action == "save":
        return _save(request, video)
    try:
        return _act(request, video, action)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("videos:edit", video_id=video.pk)


def _save(request: HttpRequest, video: Video) -> HttpResponse:
    form = EditForm(request.POST)
    if form.is_valid():
        try:
            services.edit_video(actor=request.user, video_id=video.pk, **form.changes())
        except DomainError as error:
            form.add_domain_error(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("videos:edit", video_id=video.pk)
    return _page(request, video, form, status=400)


def _act(request: HttpRequest, video: Video, action: str) -> HttpResponse:
    if action == "delete":
        services.delete_video(actor=request.user, video_id=video.pk)
        messages.success(request, _("Video deleted."))
        return redirect("videos:studio")
    if action == "caption":
        given = {name: request.POST.get(name, "") for name in ("lang", "body")}
        services.put_captions(actor=request.user, video_id=video.pk, **given)
        messages.success(request, _("Captions saved."))
    elif action == "uncaption":
        lang = request.POST.get("lang", "")
        services.delete_captions(actor=request.user, video_id=video.pk, lang=lang)
        messages.success(request, _("Captions removed."))
    elif action == "pin":
        services.pin_video(actor=request.user, video_id=video.pk)
        messages.success(request, _("It leads your profile now."))
    elif action == "unpin":
        services.unpin_video(actor=request.user, video_id=video.pk)
        messages.success(request, _("Unpinned."))
    else:
        raise Invalid.field("action", "One of: save, caption, uncaption, pin, unpin, delete.")
    return redirect("videos:edit", video_id=video.pk)


def _page(request: HttpRequest, video: Video, form: EditForm, *, status: int = 200) -> HttpResponse:
    values = {name: form[name].value() for name in form.fields}
    if isinstance(values["publish_at"], datetime):
        values["publish_at"] = values["publish_at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    sources = playback.sources(video)
    is_text = video.kind == Video.Kind.TEXT
    context = {
        "row": presentation.studio_rows([video])[0],
        "form": form,
        "values": values,
        "caption_max": kinds.TEXT_LENGTH if is_text else captions.MAX_LENGTH,
        "grounds": backgrounds.BACKGROUNDS,
        "tracks": playback.captions(video),
        "source": sources[0] if sources else None,
        "is_out": policies.is_published(video),
        "bound": video.author.who_may_comment,
    }
    response = render(request, "videos/edit.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
