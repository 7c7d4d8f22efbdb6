"""Devices that may be pushed to: registered by themselves, forgotten when their sign-in ends."""

import base64
import binascii
import re
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import limits, outbound
from core.errors import Forbidden, Invalid, NotFound
from core.ids import parse_uuid
from notifications.models import PushDevice
from social.graph import policies as people
from social.graph.policies import Viewer

Transport = PushDevice.Transport
MAX_DEVICES = 20
MAX_TOKEN = 1000
EXPO_TOKEN = re.compile(r"Expo(?:nent)?PushToken\[[\w-]{8,100}\]", re.ASCII)
POINT, SECRET = 65, 16  # bytes of the two keys


@dataclass(frozen=True)
class Keys:
    """What a browser's subscription is encrypted with, in URL-safe base64."""

    p256dh: str = ""
    auth: str = ""


def register_device(
    *,
    actor: Viewer,
    session_id: UUID | None,
    transport: str,
    token: str,
    keys: Keys | None = None,
    language: str = "",
) -> tuple[PushDevice, bool]:
    """Return the device of a token, now the actor's and of this sign-in, and whether it is new.

    A token that another account registered moves here. Of more than MAX_DEVICES those that were
    heard of least recently are forgotten. Raises Invalid, Forbidden `push_off`, RateLimited.
    """
    user = people.require_active(actor)
    limits.consume(budget="push_device", subject=str(user.pk))
    known = transport in Transport.values
    if not known:
        raise Invalid.field("transport", f"One of: {', '.join(Transport.values)}.")
    clean = _web(token, keys or Keys()) if transport == Transport.WEB else _expo(token)
    values = {
        "user_id": user.pk,
        "session_id": session_id,
        "transport": transport,
        "p256dh": clean.p256dh,
        "auth": clean.auth,
        "language": language[:10],
        "fails": 0,
        "registered_at": timezone.now(),
    }
    with transaction.atomic():
        # Two devices of one person at once: each counts the other.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        PushDevice.objects.filter(token=token).exclude(user_id=user.pk).delete()
        device, created = PushDevice.objects.update_or_create(token=token, defaults=values)
        mine = PushDevice.objects.filter(user_id=user.pk).order_by("-registered_at", "-id")
        old = list(mine.values_list("pk", flat=True)[MAX_DEVICES:])
        if old:
            PushDevice.objects.filter(pk__in=old).delete()
    return device, created


def remove_device(*, actor: Viewer, device_id: object) -> None:
    """Forget one of the actor's devices; raises NotFound for any other."""
    user = people.require_active(actor)
    key = parse_uuid(device_id)
    if key is None or not PushDevice.objects.filter(pk=key, user_id=user.pk).delete()[0]:
        raise NotFound


def remove_token(*, actor: Viewer, token: str) -> None:
    """Forget the actor's device of a token; raises NotFound for any other."""
    user = people.require_active(actor)
    if not PushDevice.objects.filter(token=token, user_id=user.pk).delete()[0]:
        raise NotFound


def forget_session(*, session_id: UUID) -> None:
    """Forget the devices of a sign-in that has ended."""
    PushDevice.objects.filter(session_id=session_id).delete()


def _web(endpoint: str, keys: Keys) -> Keys:
    if not settings.PUSH.web:
        raise Forbidden("push_off", "This instance does not push to browsers.")
    if len(endpoint) > MAX_TOKEN:
        raise Invalid.field("endpoint", f"At most {MAX_TOKEN} characters.")
    try:
        outbound.check(endpoint, allowed=settings.PUSH.allowed_hosts)
    except outbound.Refused as error:
        message = "The https:// address of a public push service."
        raise Invalid.field("endpoint", message) from error
    point, secret = _bytes("p256dh", keys.p256dh, POINT), _bytes("auth", keys.auth, SECRET)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise Invalid.field("p256dh", "This is no public key on P-256.") from error
    return Keys(_text(point), _text(secret))


def _expo(token: str) -> Keys:
    if not settings.PUSH.expo:
        raise Forbidden("push_off", "This instance does not push to apps.")
    if not EXPO_TOKEN.fullmatch(token):
        raise Invalid.field("token", "A token as in ExponentPushToken[…].")
    return Keys()


def _bytes(field: str, text: str, size: int) -> bytes:
    try:
        found = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", True)
    except (binascii.Error, ValueError) as error:
        raise Invalid.field(field, "This is no URL-safe base64.") from error
    if len(found) != size:
        raise Invalid.field(field, f"{size} bytes in URL-safe base64.")
    return found


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
