"""Device sessions: opened at sign-in, revoked one by one or all at once."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts import principals
from accounts.devices import Device
from accounts.events import SessionRevoked
from accounts.models import RefreshToken, Session, User
from core import events
from core.errors import NotFound
from core.ids import parse_uuid

Kind = Session.Kind


def open_session(*, user: User, kind: Session.Kind, device: Device) -> Session:
    """Return a new device session of `user`, who has just proven who they are."""
    lifetime = (
        timedelta(seconds=settings.SESSION_COOKIE_AGE)
        if kind == Kind.BROWSER
        else settings.REFRESH_SLIDING
    )
    session = Session.objects.create(
        user_id=user.pk,
        kind=kind,
        user_agent=device.user_agent,
        ip=device.ip,
        auth_version=User.objects.values_list("auth_version", flat=True).get(pk=user.pk),
        expires_at=timezone.now() + lifetime,
    )
    principals.find(session.pk)
    return session


def sign_out(*, session_id: UUID) -> None:
    """End the caller's own session; ending one that is over changes nothing."""
    end_sessions([session_id], reason="signed_out")


def revoke_session(*, actor: User, session_id: UUID | str) -> None:
    """Sign out one of the actor's devices; raises NotFound for one that is not theirs or over."""
    parsed = parse_uuid(session_id)
    mine = Session.objects.filter(user_id=actor.pk, revoked_at=None)
    if parsed is None or not mine.filter(pk=parsed).exists():
        raise NotFound
    end_sessions([parsed], reason="revoked")


def revoke_other_sessions(*, actor: User, keep: UUID | None, reason: str = "revoked") -> int:
    """Sign out every device of the actor but `keep`; return how many."""
    others = Session.objects.filter(user_id=actor.pk, revoked_at=None)
    if keep is not None:
        others = others.exclude(pk=keep)
    return end_sessions(list(others.values_list("pk", flat=True)), reason=reason)


def end_sessions(session_ids: list[UUID], *, reason: str) -> int:
    """Revoke sessions with all their refresh tokens, at once for every reader; return how many."""
    now = timezone.now()
    with transaction.atomic():
        alive = list(
            Session.objects.select_for_update()
            .filter(pk__in=session_ids, revoked_at=None)
            .order_by("pk")
            .values_list("pk", "user_id")
        )
        ids = [session_id for session_id, _ in alive]
        Session.objects.filter(pk__in=ids).update(revoked_at=now, revoked_reason=reason)
        RefreshToken.objects.filter(session_id__in=ids, revoked_at=None).update(revoked_at=now)
        principals.end(ids)
        for session_id, user_id in alive:
            events.publish(SessionRevoked(session_id, user_id, reason))
    return len(alive)
