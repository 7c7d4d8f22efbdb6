"""Our choices within django-allauth's flows: our rules, our limits, mail through the queue."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import mail, returning, services
from accounts.devices import current_device_id
from accounts.emails import clean_email
from accounts.models import User
from accounts.usernames import clean_username
from core.errors import Invalid
from core.http.clients import client_ip

SITE = {"name": "Tóp Tóp", "domain": settings.PUBLIC_HOST}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Adapter of the account flows."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that the whole project agrees on."""
        return client_ip(request)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """Return the stored form of a free name; raises ValidationError."""
        try:
            name = clean_username(username)
        except Invalid as error:
            raise ValidationError(error.errors["username"], code=error.code) from error
        if not shallow and User.objects.filter(username=name).exists():
            raise self.validation_error("username_taken")
        return name

    def clean_email(self, email: str) -> str:
        """Return the stored form of an address; raises ValidationError."""
        try:
            return clean_email(email)
        except Invalid as error:
            raise ValidationError(error.errors["email"], code=error.code) from error

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave counting to `services.authenticate`, which the API uses as well."""

    def set_password(self, user: User, password: str) -> None:
        """Set a password and end every session but the one that asks, if it is the owner's."""
        own = self.request.user.pk == user.pk
        keep = current_device_id(self.request) if own else None
        services.set_password(user=user, password=password, keep_session=keep)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirm an address unless another account has taken it meanwhile."""
        others = User.objects.filter(email=email_address.email).exclude(pk=email_address.user_id)
        return not others.exists() and bool(super().confirm_email(request, email_address))

    def is_safe_url(self, url: str) -> bool:
        """Accept a path on this site and nothing else."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponseBase:
        """Offer the return to whoever left and has just proven who they are."""
        if user.deactivated_at is None or user.is_suspended:
            inactive: HttpResponseBase = super().respond_user_inactive(request, user)
            return inactive
        returning.offer(request, user)
        return redirect("accounts:return")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to the settings."""
        return reverse("accounts:settings_account")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Go home, to the sign-in page when nobody is signed in."""
        return "/" if self.request.user.is_authenticated else reverse("accounts:signin")

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return a link to PUBLIC_URL, whatever Host header the request brought."""
        path = reverse("account_confirm_email", args=[emailconfirmation.key])
        return f"{settings.PUBLIC_URL}{path}"

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner that somebody tried to sign up with their address."""
        urls = {
            "signup_url": settings.PUBLIC_URL + reverse("accounts:signup"),
            "password_reset_url": settings.PUBLIC_URL + reverse("account_reset_password"),
        }
        self.send_mail("account/email/account_already_exists", email, urls)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render a mail and leave it to the queue."""
        fields = {"request": None, "email": email, "current_site": SITE, **context}
        message = self.render_mail(template_prefix, email, fields)
        mail.queue(subject=message.subject, body=message.body, to=email)
