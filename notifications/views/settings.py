"""`/settings/notifications`: this device, what to be told of, and when not."""

from datetime import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.devices import current_device_id
from accounts.models import User
from core.errors import DomainError, Invalid, NotFound
from notifications import selectors, services
from notifications.models import PushPreference
from notifications.presentation import device_json
from notifications.services.preferences import time_zones
from social.graph.policies import require_active

SWITCHES = ("messages", "calls", "show_text")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """Show and save the preferences; forget a device."""
    user = require_active(request.user)
    if request.method != "POST":
        return _page(request, user, services.preferences_of(user))
    action = request.POST.get("action", "")
    if action == "forget":
        services.remove_device(actor=user, device_id=request.POST.get("device_id", ""))
        messages.success(request, _("This device is told nothing any more."))
        return redirect("notifications:settings")
    if action != "save":
        raise NotFound
    return _save(request, user)


def _save(request: HttpRequest, user: User) -> HttpResponse:
    given: dict[str, Any] = {name: request.POST.get(name) == "on" for name in SWITCHES}
    given["time_zone"] = request.POST.get("time_zone", "")
    given |= {"quiet_from": None, "quiet_until": None}
    try:
        if request.POST.get("quiet") == "on":
            given |= {name: _time(request, name) for name in ("quiet_from", "quiet_until")}
        services.update_preferences(actor=user, **given)
    except DomainError as error:
        shown = PushPreference(user_id=user.pk, **given)
        errors = error.errors or {"": [error.message]}
        return _page(request, user, shown, status=error.status, errors=errors)
    messages.success(request, _("Saved."))
    return redirect("notifications:settings")


def _time(request: HttpRequest, name: str) -> time:
    text = request.POST.get(name, "")
    try:
        found = parse_time(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise Invalid.field(name, _("A time of the day, as in 22:00."))
    return found


def _page(
    request: HttpRequest,
    user: User,
    wanted: PushPreference,
    *,
    status: int = 200,
    errors: dict[str, list[str]] | None = None,
) -> HttpResponse:
    current = current_device_id(request)
    devices = selectors.own_devices(user)[: services.MAX_DEVICES]
    context = {
        "wanted": wanted,
        "quiet": wanted.quiet_from is not None or bool(errors and request.POST.get("quiet")),
        "time_zones": sorted(time_zones()),
        "devices": [device_json(one, current=current) for one in devices],
        "public_key": settings.PUSH.public_key,
        "errors": errors or {},
    }
    return render(request, "notifications/settings.html", context, status=status)
