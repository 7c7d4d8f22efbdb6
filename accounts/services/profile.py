"""The profile: what people read about somebody, and their picture."""

import os
import secrets
from collections.abc import Callable
from datetime import date
from typing import IO, Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from accounts import principals
from accounts.events import ProfileChanged
from accounts.models import User
from accounts.profiles import clean_bio, clean_birth_date, clean_links, clean_name
from accounts.services.privacy import set_private
from accounts.services.signup import taken
from accounts.usernames import clean_username
from core import events, files, images, limits
from core.errors import Conflict, Invalid

AVATAR_EDGE = 512
AVATAR_MAX_BYTES = 10 * 1024**2

_CLEAN: dict[str, Callable[[Any], Any]] = {
    "name": clean_name,
    "username": clean_username,
    "bio": clean_bio,
    "links": clean_links,
    "birth_date": lambda value: clean_birth_date(value) if value else None,
    "found_by_email": bool,
    "is_private": bool,
}


def update_profile(*, actor: User, **changes: Any) -> User:
    """Change any of name, username, bio, links, birth_date, found_by_email, is_private, avatar.

    `avatar` is an open file with a picture, or None to take the present one away. All of it
    happens or nothing. Raises Invalid with every field at fault, Conflict (username_taken, or
    birth_date_set: it is told once),
    UnsupportedMedia or TooLarge for the picture, RateLimited, Unavailable without storage.
    """
    limits.consume(budget="profile", subject=str(actor.pk))
    has_picture, source = "avatar" in changes, changes.pop("avatar", None)
    cleaned = _clean(changes)
    is_private = cleaned.pop("is_private", None)
    if _renames(actor, cleaned):
        limits.consume(budget="rename", subject=str(actor.pk))
    if has_picture:
        cleaned["avatar_key"] = _store_picture(actor, source) if source is not None else ""
    try:
        with transaction.atomic():
            user = _apply(actor, cleaned)
            if is_private is not None:
                user = set_private(actor=user, is_private=is_private)
    except IntegrityError as error:
        raise taken("username") from error
    return user


def set_avatar(*, actor: User, source: IO[bytes]) -> User:
    """Replace the actor's picture by a square WebP made of `source`; raises as update_profile."""
    return update_profile(actor=actor, avatar=source)


def _apply(actor: User, values: dict[str, Any]) -> User:
    user = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if "avatar_key" in values:
        if values["avatar_key"]:
            files.reference([values["avatar_key"]])
        if user.avatar_key:
            files.condemn([user.avatar_key])
    if "birth_date" in values:
        _keep_birth_date(user, values.pop("birth_date"))
        values["birth_date"] = user.birth_date
    for field, value in values.items():
        setattr(user, field, value)
    user.save(update_fields=list(values))
    events.publish(ProfileChanged(user.pk))
    principals.renew(user.pk)
    return user


def _keep_birth_date(user: User, given: date | None) -> None:
    if user.birth_date is None:
        user.birth_date = given
    elif given != user.birth_date:
        message = "Your date of birth is set. Write to the moderators to have it corrected."
        raise Conflict("birth_date_set", message, errors={"birth_date": [message]})


def _renames(actor: User, values: dict[str, Any]) -> bool:
    if "username" not in values:
        return False
    return not User.objects.filter(pk=actor.pk, username=values["username"]).exists()


def _store_picture(actor: User, source: IO[bytes]) -> str:
    if source.seek(0, os.SEEK_END) > AVATAR_MAX_BYTES:
        message = f"A picture has at most {AVATAR_MAX_BYTES // 1024**2} MB."
        raise Invalid.field("avatar", message, code="file_too_large")
    picture = images.square_webp(source, edge=AVATAR_EDGE)
    key = f"avatars/{actor.pk}/{secrets.token_urlsafe(16)}.webp"
    stored = files.reserve(owner_id=actor.pk, purpose="avatar", key=key, size=len(picture))
    files.put(stored=stored, content=ContentFile(picture))
    return key


def _clean(changes: dict[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    codes: set[str] = set()
    for field, value in changes.items():
        try:
            cleaned[field] = _CLEAN[field](value)
        except Invalid as error:
            errors |= error.errors
            codes.add(error.code)
    if errors:
        code = codes.pop() if len(codes) == 1 else "invalid"
        raise Invalid(code, "Some fields are not valid.", errors=errors)
    return cleaned
