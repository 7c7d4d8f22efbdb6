"""`/studio/<id>`: everything that can still be changed about one's own video."""

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
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
    webvtt,
)
from videos.forms import CaptionForm, EditForm
from videos.models import ProcessingJob, Video
from videos.serializers import LONGEST_MS

# A caption file, as much text in the other field, and what the form itself weighs.
MOST_BYTES = 2 * webvtt.MAX_BYTES + 64 * 1024


@csrf_exempt  # reading the token would parse the body, however large it is; `_do` checks it
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """Show the forms, or save what was sent, or do what a button asks."""
    video = selectors.get_own_video(owner=request.user, video_id=video_id)
    if request.method != "POST":
        return _page(request, video, EditForm.of(video))
    length = str(request.META.get("CONTENT_LENGTH") or "")
    if length.isdecimal() and int(length) > MOST_BYTES:
        form = CaptionForm.too_large()
        return _page(request, video, EditForm.of(video), captioning=form, status=413)
    return _do(request, video)


@csrf_protect
def _do(request: HttpRequest, video: Video) -> HttpResponse:
    action = request.POST.get("action", "save")
    if action == "save":
        return _save(request, video)
    if action == "caption":
        return _write_captions(request, video)
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


def _write_captions(request: HttpRequest, video: Video) -> HttpResponse:
    form = CaptionForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.put_captions(actor=request.user, video_id=video.pk, **form.given())
        except DomainError as error:
            form.add_domain_error(error)
        else:
            messages.success(request, _("Captions saved."))
            return redirect("videos:edit", video_id=video.pk)
    return _page(request, video, EditForm.of(video), captioning=form, status=400)


def _act(request: HttpRequest, video: Video, action: str) -> HttpResponse:
    if action == "delete":
        services.delete_video(actor=request.user, video_id=video.pk)
        messages.success(request, _("Video deleted."))
        return redirect("videos:studio")
    if action == "uncaption":
        lang = request.POST.get("lang", "")
        services.delete_captions(actor=request.user, video_id=video.pk, lang=lang)
        messages.success(request, _("Captions removed."))
    elif action == "cover":
        services.change_cover(actor=request.user, video_id=video.pk, at_ms=_at_ms(request))
        messages.success(request, _("The new cover is being made."))
    elif action == "pin":
        services.pin_video(actor=request.user, video_id=video.pk)
        messages.success(request, _("It leads your profile now."))
    elif action == "unpin":
        services.unpin_video(actor=request.user, video_id=video.pk)
        messages.success(request, _("Unpinned."))
    else:
        raise Invalid.field(
            "action", "One of: save, caption, uncaption, cover, pin, unpin, delete."
        )
    return redirect("videos:edit", video_id=video.pk)


def _at_ms(request: HttpRequest) -> int:
    try:
        return round(min(float(request.POST.get("second", "")), LONGEST_MS / 1000) * 1000)
    except ValueError as error:  # also of what is no number at all
        raise Invalid.field("second", _("A number of seconds.")) from error


def _page(
    request: HttpRequest,
    video: Video,
    form: EditForm,
    *,
    captioning: CaptionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    values = {name: form[name].value() for name in form.fields}
    if isinstance(values["publish_at"], datetime):
        values["publish_at"] = values["publish_at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    sources = playback.sources(video)
    cover = video.jobs.filter(stage=ProcessingJob.Stage.COVER).first()
    is_text = video.kind == Video.Kind.TEXT
    context = {
        "row": presentation.studio_rows([video])[0],
        "form": form,
        "values": values,
        "caption_max": kinds.TEXT_LENGTH if is_text else captions.MAX_LENGTH,
        "grounds": backgrounds.BACKGROUNDS,
        "tracks": playback.captions(video),
        "captioning": captioning or CaptionForm(),
        "source": sources[0] if sources else None,
        "cover_state": cover.state if cover else "",
        "cover_problem": cover.findings.get("error", {}).get("detail", "") if cover else "",
        "seconds": f"{(video.duration_ms or 0) / 1000:.3f}",
        "is_out": policies.is_published(video),
        "bound": video.author.who_may_comment,
    }
    response = render(request, "videos/edit.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
