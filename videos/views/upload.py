"""`/upload`: the page, and its form for browsers without JavaScript."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.errors import DomainError, Forbidden, Invalid, NotFound
from videos import captions, duets, multipart, playback, replying, selectors, services, sounds
from videos.media.limits import Limits
from videos.serializers import PublishInput
from videos.services import uploads
from videos.workshop import LONGEST_FILE_MS

PURPOSE = ("reply_to", "duet_of", "sound_id")
CHOSEN = (
    *("caption", "audience", "allow_comments", "publish_at", *PURPOSE),
    *("sound_level", "own_level"),
)
SWITCHES = {
    "allow_duet": True,
    "allow_sound": True,
    "allow_download": True,
    "mature": False,
    "draft": False,
}


@csrf_exempt  # reading the token would parse the body; `_publish` checks it when it has streamed
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Show the form, or stream its file into an upload and publish it."""
    if request.method != "POST":
        return _page(request)
    received = None
    try:
        received = multipart.receive(request, actor=request.user, idempotency_key=None)
        response = _publish(request, received.file, received.fields)
    except DomainError as error:
        errors = error.errors or {multipart.FIELD: [error.message]}
        # What the form said, if reading came so far; asking earlier would read it again.
        given = request.POST if hasattr(request, "_post") else {}
        response = _page(request, status=error.status, errors=errors, values=_kept(given))
    if received and response.status_code >= 400:
        # The browser cannot refer to the file again: it will be sent anew.
        for upload_id in received.uploads:
            uploads.abort_upload(actor=request.user, upload_id=upload_id)
    return response


@csrf_protect
def _publish(request: HttpRequest, upload_id: str | None, fields: dict[str, str]) -> HttpResponse:
    if upload_id is None:
        raise Invalid.field(multipart.FIELD, _("Choose a video."))
    known = {name: fields[name] for name in (*CHOSEN, *SWITCHES) if name in fields}
    given = PublishInput(data={**known, "upload_id": upload_id})
    if not given.is_valid():
        errors = {name: [str(text) for text in texts] for name, texts in given.errors.items()}
        raise Invalid("invalid", _("Some fields are not valid."), errors=errors)
    services.publish_video(actor=request.user, **given.validated_data)
    messages.success(request, _("Your video is being prepared."))
    return redirect("videos:studio")


def _kept(given: Mapping[str, str]) -> dict[str, Any]:
    """Return what the form said, or what it says at first."""
    kept: dict[str, Any] = {name: given[name] for name in CHOSEN if name in given}
    return kept | {
        name: given[name] == "true" if name in given else standard
        for name, standard in SWITCHES.items()
    }


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    context.setdefault("values", _kept({}))
    # A form that was refused before it was read comes back with what its address says.
    asked = {name: request.GET[name] for name in PURPOSE if name in request.GET}
    context["values"] = asked | context["values"]
    if isinstance(request.user, User):
        context |= _purpose(request.user, context["values"])
        context["bound"] = selectors.comments_bound(request.user)
        context["values"].setdefault("allow_comments", context["bound"])
    context |= {
        "direct": settings.UPLOAD_DIRECT,
        "max_bytes": settings.UPLOAD_MAX_BYTES,
        "max_seconds": Limits().max_duration_ms // 1000,
        "longest_seconds": LONGEST_FILE_MS // 1000,
        "caption_max": captions.MAX_LENGTH,
    }
    response = render(request, "videos/upload.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _purpose(actor: User, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what the video is to answer and to stand beside, and what cannot be (`missed`)."""
    found: dict[str, Any] = {"answered": None, "original": None, "sound": None, "missed": []}
    try:
        if wanted.get("reply_to"):
            found["answered"] = replying.find(actor=actor, comment_id=wanted["reply_to"])
        if wanted.get("duet_of"):
            original = duets.get_original(actor=actor, video_id=wanted["duet_of"])
            names = {"username": original.author.username, "video_id": original.pk}
            found |= {"original": original, "original_url": reverse("feed:watch", kwargs=names)}
        if wanted.get("sound_id"):
            sound = sounds.get_usable(actor=actor, sound_id=wanted["sound_id"])
            found |= {"sound": sound, "sound_url": playback.sound_url(sound)}
    except NotFound:
        found["missed"] = [_("What you came from is no longer there.")]
    except Forbidden as error:
        found["missed"] = [error.message]
    return found
