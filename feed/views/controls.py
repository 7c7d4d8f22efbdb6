"""Pages where people see and say what the feed knows of them."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.policies import require_user
from core.errors import DomainError, NotFound
from core.http.redirects import see_next
from feed import controls, interests

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
MOST_BARS = 12


@never_cache
@login_required
@GET_OR_POST
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show what is known, mute words, tags and sounds, and reset."""
    user = require_user(request.user)
    errors: list[str] = []
    if request.method == "POST":
        try:
            _do(request)
        except DomainError as error:
            if error.status == NotFound.status:
                raise
            errors = [error.message]
        else:
            return redirect("feed:settings_feed")
    known = interests.known_of(user)
    context = {
        "known": known,
        "liked": [tag for tag in known.tags if tag.weight > 0][:MOST_BARS],
        "picked": [tag for tag in known.tags if tag.followed],
        "people": [one for one in known.authors if one.weight > 0][:MOST_BARS],
        "errors": errors,
        "typed": request.POST.get("value", "") if errors else "",
    }
    return render(request, "feed/settings_feed.html", context)


@never_cache
@login_required
@GET_OR_POST
def picker(request: HttpRequest) -> HttpResponse:
    """Let somebody pick what they like; best before the first video."""
    user = require_user(request.user)
    if request.method == "POST":
        controls.pick_interests(actor=user, names=request.POST.getlist("tags"))
        messages.success(request, _("Your feed knows. It learns the rest from what you watch."))
        return redirect("feed:home")
    picked = [tag.name for tag in interests.known_of(user).tags if tag.followed]
    names = list(dict.fromkeys([*picked, *interests.offered(user)]))
    context = {"tags": [{"name": name, "on": name in picked} for name in names]}
    return render(request, "feed/interests.html", context)


@never_cache
@login_required
@require_safe
def why(request: HttpRequest, video_id: str) -> HttpResponse:
    """Say why a video may be in the viewer's feed."""
    found = interests.explain(require_user(request.user), video_id)
    return render(request, "feed/why.html", {"why": found})


@require_POST
def not_interested(request: HttpRequest, video_id: str) -> HttpResponse:
    """Keep a video out (`on=1`) or let it in again."""
    on = request.POST.get("on") == "1"
    controls.not_interested(actor=request.user, video_id=video_id, on=on)
    text = _("You will see less like this.") if on else _("Taken back.")
    if not getattr(request, "htmx", False):
        messages.success(request, text)
        return see_next(request, default=reverse("feed:home"))
    response = HttpResponse()
    response["HX-Trigger"] = json.dumps({"toast": {"text": text, "kind": "ok"}})
    return response


def _do(request: HttpRequest) -> None:
    action, value = request.POST.get("action", ""), request.POST.get("value", "")
    if action == "mute":
        kind = "tag" if value.strip().startswith("#") else "word"
        controls.mute(actor=request.user, kind=kind, value=value)
    elif action == "mute-sound":
        controls.mute(actor=request.user, kind="sound", value=value)
        messages.success(request, _("Muted. It comes no more by itself."))
    elif action == "unmute":
        controls.unmute(actor=request.user, mute_id=request.POST.get("mute_id", ""))
    elif action == "reset":
        controls.reset(actor=request.user)
        messages.success(request, _("Forgotten. Your feed starts anew."))
    else:
        raise NotFound
