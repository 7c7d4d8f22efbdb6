"""`/upload/text`: write a text post. A plain form: it works the same with and without scripts."""

import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError, Invalid
from social.graph.policies import require_active
from videos import backgrounds, kinds, policies, selectors, services
from videos.models import Video
from videos.serializers import TextInput

CHOSEN = ("caption", "background", "audience", "allow_comments", "publish_at")
SWITCHES = {"allow_duet": True, "allow_download": True, "mature": False, "draft": False}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest) -> HttpResponse:
    """Show the sheet to write on, or publish what was written."""
    if request.method != "POST":
        return _page(request)
    try:
        video = services.publish_text(
            actor=request.user,
            idempotency_key=request.POST.get("key", "")[:100] or None,
            **_given(request),
        )
    except DomainError as error:
        errors = error.errors or {"caption": [error.message]}
        return _page(request, status=error.status, errors=errors)
    return _leave(request, video)


def _given(request: HttpRequest) -> dict[str, Any]:
    names = [name for name in (*CHOSEN, *SWITCHES) if name in request.POST]
    given = TextInput(data={name: request.POST[name] for name in names})
    if not given.is_valid():
        errors = {name: [str(text) for text in texts] for name, texts in given.errors.items()}
        raise Invalid("invalid", _("Some fields are not valid."), errors=errors)
    return dict(given.validated_data)


def _leave(request: HttpRequest, video: Video) -> HttpResponse:
    if not policies.is_published(video):
        messages.success(request, _("Kept in your studio."))
        return redirect("videos:studio")
    messages.success(request, _("It's live."))
    return redirect("feed:watch", username=video.author.username, video_id=video.pk)


def _page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    actor = require_active(request.user)
    bound = selectors.comments_bound(actor)
    values: dict[str, Any] = {name: request.POST.get(name, "") for name in CHOSEN}
    for name, standard in SWITCHES.items():
        given = request.POST.getlist(name)
        values[name] = given[-1] == "true" if given else standard
    values["background"] = values["background"] or backgrounds.DEFAULT
    values["allow_comments"] = values["allow_comments"] or bound
    context |= {
        "values": values,
        "bound": bound,
        "grounds": backgrounds.BACKGROUNDS,
        "caption_max": kinds.TEXT_LENGTH,
        "key": request.POST.get("key") or secrets.token_urlsafe(16),
    }
    response = render(request, "videos/compose_text.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
