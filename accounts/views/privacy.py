"""`/settings/privacy`: who sees, finds and answers; leaving for a while."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import ages, selectors, services
from accounts.devices import device_of
from accounts.forms import DeactivateForm
from accounts.models import User
from accounts.policies import require_user
from core.errors import DomainError, NotFound

SWITCHES = ("is_private", "found_by_email")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the settings, save them, or deactivate the account."""
    user = selectors.get_user(require_user(request.user).pk)
    if request.method != "POST":
        return _page(request, user)
    action = request.POST.get("action", "")
    if action == "save":
        return _save(request, user)
    if action == "deactivate":
        return _deactivate(request, user)
    raise NotFound


privacy.open_to_unverified = True  # type: ignore[attr-defined]


def _save(request: HttpRequest, user: User) -> HttpResponse:
    changes: dict[str, object] = {name: request.POST.get(name) == "on" for name in SWITCHES}
    changes["who_may_comment"] = request.POST.get("who_may_comment", "")
    changes["who_may_message"] = request.POST.get("who_may_message", user.who_may_message)
    if _is_adult(user):
        changes["show_mature"] = request.POST.get("show_mature") == "on"
    try:
        services.update_settings(actor=user, **changes)
    except DomainError as error:
        return _page(request, user, status=error.status, errors=error.errors or {"": [error]})
    messages.success(request, _("Saved."))
    return redirect("accounts:settings_privacy")


def _deactivate(request: HttpRequest, user: User) -> HttpResponse:
    form = DeactivateForm(request.POST)
    if form.is_valid():
        password = form.cleaned_data["password"]
        try:
            services.deactivate(actor=user, password=password, device=device_of(request))
        except DomainError as error:
            form.add_error("password" if "password" in error.errors else None, error.message)
        else:
            logout(request)
            messages.success(request, _("Your account is deactivated. Sign in to return."))
            return redirect("accounts:signin")
    return _page(request, user, status=400, deactivate_form=form)


def _page(
    request: HttpRequest, user: User, *, status: int = 200, **context: object
) -> HttpResponse:
    context = {"deactivate_form": DeactivateForm(), **context}
    context |= {"settings": user, "is_adult": _is_adult(user)}
    return render(request, "accounts/settings_privacy.html", context, status=status)


def _is_adult(user: User) -> bool:
    return ages.is_adult(user.birth_date, timezone.localdate())
