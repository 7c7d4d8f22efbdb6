"""`/upload/photos`: choose pictures; without scripts a plain form, streamed like a clip's."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.errors import DomainError, Forbidden, Invalid, NotFound
from social.graph.policies import require_active
from videos import captions, kinds, multipart, playback, selectors, services, sounds
from videos.models import Sound
from videos.multipart import Received
from videos.serializers import PhotosInput

CHOSEN = ("caption", "sound_id", "audience", "allow_comments", "publish_at")
SWITCHES = {"allow_duet": True, "allow_download": True, "mature": False, "draft": False}


@csrf_exempt  # reading the token would parse the body; `_publish` checks it when it has streamed
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def photos(request: HttpRequest) -> HttpResponse:
    """Show the form, or stream its pictures into uploads and publish them."""
    if request.method != "POST":
        return _page(request)
    received = None
    try:
        received = multipart.receive(request, actor=request.user, idempotency_key=None)
        response = _publish(request, received)
    except DomainError as error:
        errors = error.errors or {multipart.PHOTOS: [error.message]}
        response = _page(request, status=error.status, errors=errors)
    if received and response.status_code >= 400:
        # The browser cannot refer to the files again: they will be sent anew.
        for upload_id in received.uploads:
            services.abort_upload(actor=request.user, upload_id=upload_id)
    return response


@csrf_protect
def _publish(request: HttpRequest, received: Received) -> HttpResponse:
    if not received.photos:
        raise Invalid.field(multipart.PHOTOS, _("Choose at least one picture."))
    fields = received.fields
    known = {name: fields[name] for name in (*CHOSEN, *SWITCHES) if name in fields}
    given = PhotosInput(data={**known, "photos": received.photos})
    if not given.is_valid():
        errors = {name: [str(text) for text in texts] for name, texts in given.errors.items()}
        raise Invalid("invalid", _("Some fields are not valid."), errors=errors)
    chosen = dict(given.validated_data)
    services.publish_photos(actor=request.user, upload_ids=chosen.pop("photos"), **chosen)
    messages.success(request, _("Your pictures are being prepared."))
    return redirect("videos:studio")


def _usable(actor: User, sound_id: str) -> Sound | None:
    try:
        return sounds.get_usable(actor=actor, sound_id=sound_id)
    except (Forbidden, NotFound):
        return None  # gone, or no longer for others: the album can do without


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    actor = require_active(request.user)
    bound = selectors.comments_bound(actor)
    # Asking for the form of a body that was not read yet would read it whole.
    said = request.POST if hasattr(request, "_post") else {}
    values: dict[str, Any] = {name: said.get(name, "") for name in CHOSEN}
    for name, standard in SWITCHES.items():
        values[name] = said[name] == "true" if name in said else standard
    values["allow_comments"] = values["allow_comments"] or bound
    wish = said.get("sound_id") or request.GET.get("sound")
    sound = _usable(actor, wish) if wish else None
    context |= {
        "sound": sound,
        "sound_url": playback.sound_url(sound) if sound else "",
        "values": values,
        "bound": bound,
        "caption_max": captions.MAX_LENGTH,
        "most": kinds.MOST_PHOTOS,
        "max_bytes": settings.PHOTO_MAX_BYTES,
    }
    response = render(request, "videos/compose_photos.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
