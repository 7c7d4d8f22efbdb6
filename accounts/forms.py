"""Forms of the account pages; the rules are those of the services."""

from datetime import date
from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.devices import current_device_id, device_of
from accounts.emails import normalise_email
from accounts.models import User
from accounts.profiles import MAX_BIO, MAX_NAME, clean_birth_date
from accounts.usernames import MAX_LENGTH, MIN_LENGTH
from core.errors import DomainError, Invalid


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]
    """Sign-up by page: allauth's checks and flow, our account."""

    birth_date = forms.DateField(
        required=False,
        label=_("Date of birth"),
        help_text=_("Never shown to anybody."),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}),
    )

    def clean_birth_date(self) -> date | None:
        """Return the date; raises ValidationError."""
        given: date | None = self.cleaned_data["birth_date"]
        try:
            return clean_birth_date(given) if given else None
        except Invalid as error:
            raise forms.ValidationError(error.errors["birth_date"], code=error.code) from error

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account, or do as much work for an address that has one."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        user, response = super().try_save(request)
        return user, response

    def save(self, request: HttpRequest) -> User:
        """Return the new account."""
        return services.sign_up(
            email=self.cleaned_data["email"],
            password=self.cleaned_data["password1"],
            username=self.cleaned_data.get("username") or "",
            birth_date=self.cleaned_data.get("birth_date"),
            device=device_of(request),
        )


class DeactivateForm(forms.Form):
    """Leaving for a while, confirmed by the password."""

    password = forms.CharField(
        strip=False,
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ResetPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    """Asks for a reset mail; the answer is the same whether the address is known or not."""

    def clean_email(self) -> str:
        """Return the stored form of the address."""
        return normalise_email(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Ask for the mail; raises RateLimited."""
        email: str = self.cleaned_data["email"]
        services.request_password_reset(email=email, device=device_of(request))
        return email


class ChangePasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    """Changes the password; guessing the old one is counted."""

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request or allauth_forms.context.request

    def clean_oldpassword(self) -> str:
        """Return the current password; raises ValidationError for a wrong one, RateLimited."""
        given: str = self.cleaned_data["oldpassword"]
        device = device_of(self.request)
        if not services.owns_password(actor=self.user, password=given, device=device):
            raise forms.ValidationError("This is not your password.")
        return given

    def save(self) -> None:
        """Set the new password; every other device is signed out."""
        keep = current_device_id(self.request)
        new = self.cleaned_data["password1"]
        services.set_password(user=self.user, password=new, keep_session=keep)


class ProfileForm(forms.Form):
    """The profile page; links come beside it as repeated `link_url` and `link_label`."""

    name = forms.CharField(max_length=MAX_NAME, required=False)
    username = forms.CharField(min_length=MIN_LENGTH, max_length=MAX_LENGTH)
    bio = forms.CharField(
        max_length=MAX_BIO, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    avatar = forms.FileField(required=False)
    remove_avatar = forms.BooleanField(required=False)

    def add_domain_error(self, error: DomainError) -> list[str]:
        """Show a service's error beside its fields; return the texts about links."""
        for name, messages in error.errors.items():
            if name in self.fields:
                self.add_error(name, messages)
        links = error.errors.get("links", [])
        if not error.errors:
            self.add_error(None, error.message)
        return links


class BirthDateForm(forms.Form):
    """The birth date, asked without a hint of what it decides."""

    birth_date = forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"})
    )
