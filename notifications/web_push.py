"""Web Push: encrypted for one browser (RFC 8291), signed by this instance (RFC 8292)."""

import time
from datetime import timedelta
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from py_vapid import Vapid02
from pywebpush import WebPusher

from core import outbound
from notifications.models import PushDevice
from notifications.transports import Outcome, Verdict, by_status
from notifications.wording import Notice

SECONDS = 5.0
SIGNED_FOR = timedelta(hours=12)


def send(device: PushDevice, notice: Notice, *, left: timedelta) -> Outcome:
    """Hand a notice to the push service of a browser; `left` is how long it may keep it.

    Asks no database. An address that this instance does not talk to counts as gone.
    """
    body = WebPusher(
        {"endpoint": device.token, "keys": {"p256dh": device.p256dh, "auth": device.auth}}
    ).encode(orjson.dumps(notice.payload))["body"]
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(max(0, int(left.total_seconds()))),
        "Urgency": "high",
        "Topic": notice.topic,
        **_signature(device.token),
    }
    try:
        answer = outbound.post(
            device.token,
            body=body,
            headers=headers,
            allowed=settings.PUSH.allowed_hosts,
            seconds=SECONDS,
        )
    except outbound.Refused:
        return Outcome(Verdict.GONE, "refused_address")
    except outbound.Unreachable:
        return Outcome(Verdict.LATER, "unreachable")
    return by_status(answer)


def _signature(endpoint: str) -> dict[str, str]:
    place = urlsplit(endpoint)
    claims = {
        "sub": settings.PUSH.subject,
        "aud": f"{place.scheme}://{place.netloc}",
        "exp": int(time.time() + SIGNED_FOR.total_seconds()),
    }
    signed: dict[str, str] = Vapid02.from_raw(settings.PUSH.private_key.encode()).sign(claims)
    return signed
