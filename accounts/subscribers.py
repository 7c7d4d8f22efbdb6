"""Django's own sign-in and sign-out, tied to device sessions.

The two signals are the one place that every cookie sign-in passes: allauth's flows, the admin and
the test client.
"""

from typing import Any

from django.http import HttpRequest

from accounts import services
from accounts.devices import DEVICE_KEY, current_device_id, device_of
from accounts.models import Session, User


def open_device(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Tie the fresh cookie session to a device session of its own."""
    principal = getattr(request, "principal", None)  # Django may have flushed the session by now
    previous = principal.session_id if principal else current_device_id(request)
    if previous is not None:
        services.sign_out(session_id=previous)
    session = services.open_session(user=user, kind=Session.Kind.BROWSER, device=device_of(request))
    request.session[DEVICE_KEY] = str(session.pk)
    request.signed_in_user_id = user.pk  # type: ignore[attr-defined]


def close_device(sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """End the device session of a browser that signs out."""
    current = current_device_id(request)
    if current is not None:
        services.sign_out(session_id=current)
