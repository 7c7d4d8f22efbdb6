"""Making an account."""

from collections.abc import Callable
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.devices import Device
from accounts.emails import clean_email
from accounts.events import UserSignedUp
from accounts.models import User
from accounts.profiles import clean_birth_date, clean_name
from accounts.usernames import clean_username, suggest_username
from core import events, limits
from core.errors import Conflict, Invalid

ATTEMPTS = 5


def sign_up(
    *,
    email: str,
    password: str,
    username: str = "",
    name: str = "",
    birth_date: date | None = None,
    device: Device | None = None,
) -> User:
    """Return the new account, its address not yet confirmed.

    Without a `username` one is made up; without a `device` (commands) nothing is counted. Raises
    Invalid with all that is wrong at once, Conflict (email_taken or username_taken), RateLimited.
    """
    if device is not None:
        limits.consume(budget="signup", subject=device.network)
    fields = _clean(email=email, username=username, name=name, birth_date=birth_date)
    check_password_rules(password, User(**{**fields, "username": fields["username"] or ""}))
    hashed = make_password(password)
    for _ in range(ATTEMPTS):
        chosen = fields["username"] or suggest_username(name or email)
        try:
            return _create({**fields, "username": chosen, "password": hashed})
        except IntegrityError as error:
            if User.objects.filter(email=fields["email"]).exists():
                raise taken("email") from error
            if fields["username"]:
                raise taken("username") from error
    raise taken("username")


def check_password_rules(password: str, user: User, *, field: str = "password") -> None:
    """Raise Invalid with every rule that `password` breaks."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid("password_weak", error.messages[0], errors={field: error.messages}) from error


def taken(field: str) -> Conflict:
    """Return the error of a name or address that somebody else has."""
    text = {"email": "email address", "username": "username"}[field]
    message = f"This {text} is already taken."
    return Conflict(f"{field}_taken", message, errors={field: [message]})


def _create(fields: dict[str, Any]) -> User:
    with transaction.atomic():
        user = User(**fields)
        user.save(force_insert=True)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
        events.publish(UserSignedUp(user.pk))
    return user


def _clean(*, email: str, username: str, name: str, birth_date: date | None) -> dict[str, Any]:
    checks: dict[str, Callable[[], Any]] = {
        "email": lambda: clean_email(email),
        "username": lambda: clean_username(username) if username else "",
        "name": lambda: clean_name(name),
        "birth_date": lambda: clean_birth_date(birth_date) if birth_date else None,
    }
    fields: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for field, check in checks.items():
        try:
            fields[field] = check()
        except Invalid as error:
            errors |= error.errors
    if errors:
        raise Invalid("invalid", "Some fields are not valid.", errors=errors)
    return fields
