"""Keys to the servers beside ours that carry media: TURN relays and LiveKit rooms."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

import jwt
from django.conf import settings


def ice_servers(name: str, *, now: datetime) -> list[dict[str, Any]]:
    """Return RTCIceServer entries of the configured servers, with credentials that expire.

    `name` tells the relay's log whom it serves without saying who that is.
    """
    ice = settings.ICE
    found: list[dict[str, Any]] = [{"urls": list(ice.stun_urls)}] if ice.stun_urls else []
    if ice.turn_urls:
        expires = int(now.timestamp()) + ice.seconds
        username, credential = turn_credentials(name, secret=ice.secret, expires=expires)
        turn = {"urls": list(ice.turn_urls), "username": username, "credential": credential}
        found.append(turn)
    return found


def turn_credentials(name: str, *, secret: str, expires: int) -> tuple[str, str]:
    """Return a user name and password of coturn's `use-auth-secret`; `expires` in Unix seconds.

    draft-uberti-behave-turn-rest-00: `expiry:name`, and its HMAC-SHA1 under the shared secret.
    """
    username = f"{expires}:{name}"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(digest).decode()


def livekit_token(
    *, room: str, identity: str, name: str, now: datetime, lifetime: timedelta
) -> str:
    """Return a LiveKit access token: one person, one room, to be used within `lifetime`."""
    grant = {"room": room, "roomJoin": True, "canPublish": True, "canSubscribe": True}
    return livekit_signed(grant, now=now, lifetime=lifetime, sub=identity, name=name)


def livekit_signed(
    grant: dict[str, Any], *, now: datetime, lifetime: timedelta, **claims: str
) -> str:
    """Return a grant as LiveKit reads it, signed with our key."""
    body: dict[str, Any] = {
        "iss": settings.LIVEKIT.key,
        "nbf": int(now.timestamp()) - 10,
        "exp": int((now + lifetime).timestamp()),
        "video": grant,
        **claims,
    }
    return jwt.encode(body, settings.LIVEKIT.secret, algorithm="HS256")
