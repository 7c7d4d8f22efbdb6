"""A LiveKit server, asked over its HTTP API (Twirp with JSON): who is in a room, and out with whom.

https://docs.livekit.io/reference/other/roomservice-api/
"""

import http.client
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.utils import timezone

from chat import relays
from core.errors import Unavailable

SECONDS = 5
LIFETIME = timedelta(minutes=1)
MAX_ANSWER = 4 * 1024**2


def is_configured() -> bool:
    """Return whether this instance has a LiveKit."""
    return bool(settings.LIVEKIT.url)


def live_rooms(names: Sequence[str] = ()) -> list[str]:
    """Return the names of the rooms that somebody is in, of these or of all; raises Unavailable."""
    told = _ask("ListRooms", {"names": list(names)}, grant={"roomList": True})
    return [str(room["name"]) for room in told.get("rooms", []) if room.get("name")]


def people_in(room: str) -> list[str]:
    """Return the identities of those who are in a room, none for no room; raises Unavailable."""
    told = _ask("ListParticipants", {"room": room}, grant={"roomAdmin": True, "room": room})
    return [str(one["identity"]) for one in told.get("participants", []) if one.get("identity")]


def remove(room: str, identity: str) -> None:
    """Put somebody out of a room; who is not there is out already. Raises Unavailable."""
    body = {"room": room, "identity": identity}
    _ask("RemoveParticipant", body, grant={"roomAdmin": True, "room": room})


def _ask(method: str, body: dict[str, Any], *, grant: dict[str, Any]) -> dict[str, Any]:
    server = urlsplit(settings.LIVEKIT.url)
    kind = http.client.HTTPSConnection if server.scheme == "wss" else http.client.HTTPConnection
    connection = kind(server.hostname or "", server.port, timeout=SECONDS)
    token = relays.livekit_signed(grant, now=timezone.now(), lifetime=LIFETIME)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    path = f"{server.path.rstrip('/')}/twirp/livekit.RoomService/{method}"
    try:
        connection.request("POST", path, orjson.dumps(body), headers)
        answer = connection.getresponse()
        data = answer.read(MAX_ANSWER)
        if answer.status == http.client.NOT_FOUND:
            return {}
        if answer.status != http.client.OK:
            raise Unavailable(message=f"LiveKit answered {answer.status} to {method}.")
        told = orjson.loads(data)
    except (OSError, http.client.HTTPException, orjson.JSONDecodeError) as error:
        raise Unavailable(message="The server of group calls cannot be reached.") from error
    finally:
        connection.close()
    return told if isinstance(told, dict) else {}
