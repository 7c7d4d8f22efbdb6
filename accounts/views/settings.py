"""Settings: the profile, the account and its devices."""

from typing import Any
from uuid import UUID

from allauth.account.forms import AddEmailForm
from allauth.account.internal.flows import manage_email
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import selectors, services
from accounts.avatars import avatar_url
from accounts.devices import current_device_id
from accounts.forms import BirthDateForm, ChangePasswordForm, ProfileForm
from accounts.models import Session, User
from accounts.policies import require_user
from accounts.useragents import describe
from core.errors import DomainError, NotFound

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
PROFILE_FIELDS = ("name", "username", "bio")


def open_to_unverified(view: object) -> None:
    """Mark a page that an account may use before its address is confirmed."""
    view.open_to_unverified = True  # type: ignore[attr-defined]


@never_cache
@login_required
@GET_OR_POST
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change name, username, bio, picture and links."""
    user = selectors.get_user(require_user(request.user).pk)
    link_errors: list[str] = []
    if request.method == "POST":
        form = ProfileForm(request.POST, request.FILES)
        links = _posted_links(request)
        if form.is_valid():
            try:
                _save_profile(user, form, links)
            except DomainError as error:
                link_errors = form.add_domain_error(error)
            else:
                messages.success(request, "Your profile is saved.")
                return redirect("accounts:settings_profile")
    else:
        form = ProfileForm(initial={name: getattr(user, name) for name in PROFILE_FIELDS})
        links = user.links
    context = {
        "form": form,
        "links": links,
        "link_errors": link_errors,
        "avatar": avatar_url(user),
    }
    return render(request, "accounts/settings_profile.html", context)


@never_cache
@login_required
@GET_OR_POST
def sessions(request: HttpRequest) -> HttpResponse:
    """List the devices and sign them out."""
    user = require_user(request.user)
    current = current_device_id(request)
    if request.method == "POST":
        if request.POST.get("action") == "revoke_others":
            services.revoke_other_sessions(actor=user, keep=current)
        else:
            session_id = request.POST.get("session_id", "")
            services.revoke_session(actor=user, session_id=session_id)
        return redirect("accounts:settings_sessions")
    devices = selectors.live_sessions(user.pk)[:100]
    shown = [_present_device(device, current) for device in devices]
    return render(request, "accounts/settings_sessions.html", {"sessions": shown})


@never_cache
@login_required
@GET_OR_POST
def account(request: HttpRequest) -> HttpResponse:
    """Change the password and the address, and tell the birth date."""
    user = selectors.get_user(require_user(request.user).pk)
    action = request.POST.get("action", "") if request.method == "POST" else ""
    forms = {
        "password_form": ChangePasswordForm(
            data=request.POST if action == "password" else None, user=user, request=request
        ),
        "email_form": AddEmailForm(data=request.POST if action == "email" else None, user=user),
        "birth_date_form": BirthDateForm(
            data=request.POST if action == "birth_date" else None,
            initial={"birth_date": user.birth_date},
        ),
    }
    if action:
        response = _change_account(request, user, action, forms)
        if response is not None:
            return response
    context = {
        **forms,
        "email": user.email,
        "email_verified": selectors.is_email_verified(user),
        "birth_date": user.birth_date,
    }
    return render(request, "accounts/settings_account.html", context)


for _page in (profile, sessions, account):
    open_to_unverified(_page)


def _change_account(
    request: HttpRequest, user: User, action: str, forms: dict[str, object]
) -> HttpResponse | None:
    form = forms.get(f"{action}_form")
    if form is None:
        raise NotFound
    if not form.is_valid():  # type: ignore[attr-defined]
        return None
    try:
        if isinstance(form, ChangePasswordForm):
            form.save()
            messages.success(request, "Your password is changed; other devices are signed out.")
        elif isinstance(form, BirthDateForm):
            services.update_profile(actor=user, birth_date=form.cleaned_data["birth_date"])
            messages.success(request, "Saved.")
        else:
            manage_email.add_email(request, form)
    except DomainError as error:
        for field, texts in error.errors.items():
            form.add_error(field if field in form.fields else None, texts)  # type: ignore[attr-defined]
        return None
    return redirect("accounts:settings_account")


def _save_profile(user: User, form: ProfileForm, links: list[dict[str, str]]) -> None:
    fields: dict[str, Any] = {name: form.cleaned_data[name] for name in PROFILE_FIELDS}
    if form.cleaned_data["avatar"] is not None:
        fields["avatar"] = form.cleaned_data["avatar"]
    elif form.cleaned_data["remove_avatar"]:
        fields["avatar"] = None
    services.update_profile(actor=user, **fields, links=links)


def _posted_links(request: HttpRequest) -> list[dict[str, str]]:
    urls = request.POST.getlist("link_url")
    labels = [*request.POST.getlist("link_label"), *([""] * len(urls))]
    return [
        {"url": url, "label": label}
        for url, label in zip(urls, labels, strict=False)
        if url.strip()
    ]


def _present_device(device: Session, current: UUID | None) -> dict[str, object]:
    return {
        "id": device.pk,
        "device": describe(device.user_agent),
        "ip": device.ip,
        "place": "",
        "created_at": device.created_at,
        "last_seen_at": device.last_seen_at,
        "is_current": device.pk == current,
        "kind": device.kind,
    }
