"""Who a device session speaks for, cached for 30 s so that a read does not load the user row.

A principal carries a `User` with the fields that doors need; any other field loads itself when
touched. Services renew or end principals at once; entries are only ever *added* by readers, so a
reader that looked before a change cannot bring the old answer back.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from accounts.models import Session, User

SECONDS = 30
CARRIED = frozenset(
    {
        "id",
        "username",
        "name",
        "avatar_key",
        "is_private",
        "is_verified",
        "is_staff",
        "is_superuser",
        "is_active",
        "suspended_at",
        "created_at",
        "birth_date",
        "show_mature",
        "auth_version",
        "media_epoch",
    }
)
# `Model.from_db` takes values in the order of the columns.
FIELDS = tuple(field.attname for field in User._meta.concrete_fields if field.attname in CARRIED)


@dataclass(frozen=True)
class Principal:
    """A live device session and whose it is."""

    session_id: UUID
    user: User
    email_verified: bool


def find(session_id: UUID, *, fresh: bool = False) -> Principal | None:
    """Return the principal of a session, None when it is over; `fresh` asks the database."""
    key = _key(session_id)
    entry = None if fresh else cache.get(key)
    if entry is None:
        entry = _load(session_id)
        if not fresh:
            cache.add(key, entry, SECONDS)
    expires_at, email_verified, values = entry
    if values is None or expires_at <= timezone.now():
        return None
    return Principal(session_id, User.from_db("default", FIELDS, values), email_verified)


def end(session_ids: list[UUID]) -> None:
    """Make sessions dead for every reader, now and again once the transaction has committed."""
    cache.delete_many([_key(session_id) for session_id in session_ids])
    dead = {_key(session_id): _DEAD for session_id in session_ids}
    transaction.on_commit(partial(cache.set_many, dead, SECONDS * 2))


def renew(user_id: UUID) -> None:
    """Show a user's changed fields to every device at once and after the commit."""
    sessions = list(
        Session.objects.filter(user_id=user_id, revoked_at=None).values_list("pk", flat=True)
    )
    cache.delete_many([_key(session_id) for session_id in sessions])
    transaction.on_commit(partial(_reload, sessions))


def _reload(session_ids: list[UUID]) -> None:
    cache.set_many({_key(session_id): _load(session_id) for session_id in session_ids}, SECONDS)


_Entry = tuple[datetime, bool, tuple[object, ...] | None]
_DEAD: _Entry = (datetime.min.replace(tzinfo=UTC), False, None)


def _load(session_id: UUID) -> _Entry:
    verified = EmailAddress.objects.filter(
        user_id=OuterRef("user_id"), email=OuterRef("user__email"), verified=True
    )
    row = (
        Session.objects.filter(
            pk=session_id,
            revoked_at=None,
            auth_version=F("user__auth_version"),
            user__is_active=True,
        )
        .values_list("expires_at", Exists(verified), *(f"user__{field}" for field in FIELDS))
        .first()
    )
    return (row[0], row[1], tuple(row[2:])) if row else _DEAD


def _key(session_id: UUID) -> str:
    return f"principal:{session_id}"
