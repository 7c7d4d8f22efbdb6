"""How people and devices are fetched. Who may see a person is `social.graph`'s question."""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.emails import normalise_email
from accounts.models import Session, User
from core.errors import NotFound
from core.ids import parse_uuid

MAX_HANDLE = 320


def get_user(user_id: UUID | str) -> User:
    """Return the user of an id; raises NotFound, for a malformed id too."""
    parsed = parse_uuid(user_id)
    user = User.objects.filter(pk=parsed).first() if parsed else None
    if user is None:
        raise NotFound
    return user


def get_user_by_handle(handle: str) -> User:
    """Return the user of a username, an id, or an address whose owner allows being found by it.

    Raises NotFound for anything else, however odd.
    """
    user = _by_handle(handle)
    if user is None:
        raise NotFound
    return user


def find_by_login(login: str) -> User | None:
    """Return whom somebody who types `login` (address or username) means, if they exist."""
    text = normalise_email(login)
    if not _is_plausible(text):
        return None
    if "@" in text.lstrip("@"):
        return User.objects.filter(email=text).first()
    return User.objects.filter(username=text.removeprefix("@")).first()


def reachable_users() -> QuerySet[User]:
    """Return the accounts that may get mail: those in use, and those left for a while."""
    return User.objects.filter(Q(is_active=True) | Q(deactivated_at__isnull=False))


def is_own_handle(user: User, handle: str) -> bool:
    """Return whether `handle` names `user`, who knows their own address."""
    text = normalise_email(handle)
    return text in (user.username, user.email) or parse_uuid(text) == user.pk


def live_sessions(user_id: UUID) -> QuerySet[Session]:
    """Return the devices on which somebody is signed in, the latest seen first."""
    return Session.objects.filter(
        user_id=user_id, revoked_at=None, expires_at__gt=timezone.now()
    ).order_by("-last_seen_at", "-id")


def is_email_verified(user: User) -> bool:
    """Return whether the account's own address was confirmed."""
    addresses = EmailAddress.objects.filter(user_id=user.pk, email=user.email, verified=True)
    return bool(addresses.exists())


def _by_handle(handle: str) -> User | None:
    text = normalise_email(handle)
    if not _is_plausible(text):
        return None
    if "@" in text:
        return User.objects.filter(email=text, found_by_email=True).first()
    user_id = parse_uuid(text)
    if user_id:
        return User.objects.filter(pk=user_id).first()
    return User.objects.filter(username=text).first()


def _is_plausible(text: str) -> bool:
    # A database refuses NUL and lone surrogates; nobody is called that.
    return 0 < len(text) <= MAX_HANDLE and text.isprintable()
