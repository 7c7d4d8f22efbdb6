"""What two devices of a call say to each other to find a way: carried, never kept or logged."""

from collections.abc import Callable, Mapping
from typing import Any

from chat.models import Call, CallParty
from core import limits, realtime
from core.errors import Invalid, NotFound
from core.ids import parse_uuid
from social.graph.policies import Viewer, require_active

MAX_SDP = 24 * 1024
MAX_CANDIDATES, MAX_CANDIDATE = 20, 600
MAX_NAME = 256


def relay(*, actor: Viewer, call_id: object, connection: str, kind: str, given: object) -> bool:
    """Hand a frame to the other device of an active call; return whether it has a socket now.

    `kind` is `desc`, `cand` or `media`. Only the socket that is in the call may send, and only the
    other side's socket hears. Raises NotFound for every other socket, Invalid, RateLimited.
    """
    user = require_active(actor)
    payload = CLEAN[kind](given)
    limits.consume(budget="call_signal", subject=str(user.pk))
    key = parse_uuid(call_id)
    if key is None:
        raise NotFound
    parties = list(
        CallParty.objects.filter(
            call_id=key, call__state=Call.State.ACTIVE, state=CallParty.State.JOINED
        )
    )
    mine = next((one for one in parties if one.user_id == user.pk), None)
    if mine is None or mine.connection != connection:
        raise NotFound
    if kind == "media" and payload["video"]:
        Call.objects.filter(pk=key, media=Call.Media.AUDIO).update(media=Call.Media.VIDEO)
    other = next((one for one in parties if one.user_id != user.pk), None)
    if other is None or not other.connection:
        return False
    event = {"ev": f"call.{kind}", "d": {"call": key, "from": user.pk, kind: payload}}
    return realtime.hand(user_id=other.user_id, connection=other.connection, event=event)


def _description(given: object) -> dict[str, Any]:
    """Return a session description (JSEP): an offer or an answer, its SDP bounded."""
    told = given if isinstance(given, Mapping) else {}
    kind, sdp = told.get("type"), told.get("sdp")
    if kind not in ("offer", "answer") or not isinstance(sdp, str):
        raise Invalid.field("desc", "An offer or an answer with its SDP.")
    if not 0 < len(sdp) <= MAX_SDP:
        raise Invalid.field("desc", f"At most {MAX_SDP} characters of SDP.")
    return {"type": kind, "sdp": sdp}


def _candidates(given: object) -> list[dict[str, Any]]:
    """Return ICE candidates as browsers write them (RTCIceCandidateInit)."""
    if not isinstance(given, list) or not 0 < len(given) <= MAX_CANDIDATES:
        raise Invalid.field("cand", f"One to {MAX_CANDIDATES} candidates.")
    return [_candidate(one) for one in given]


def _candidate(given: object) -> dict[str, Any]:
    told = given if isinstance(given, Mapping) else {}
    line = told.get("candidate")
    index = told.get("sdpMLineIndex")
    names = [told.get("sdpMid"), told.get("usernameFragment")]
    fits = isinstance(line, str) and len(line) <= MAX_CANDIDATE
    fits = fits and all(
        one is None or (isinstance(one, str) and len(one) <= MAX_NAME) for one in names
    )
    fits = fits and (index is None or (type(index) is int and 0 <= index < 100))
    if not fits:
        raise Invalid.field("cand", "This is not a candidate.")
    return {
        "candidate": line,
        "sdpMid": names[0],
        "sdpMLineIndex": index,
        "usernameFragment": names[1],
    }


def _media(given: object) -> dict[str, bool]:
    """Return what a side sends at the moment."""
    told = given if isinstance(given, Mapping) else {}
    return {name: told.get(name) is True for name in ("audio", "video", "screen")}


CLEAN: dict[str, Callable[[object], Any]] = {
    "desc": _description,
    "cand": _candidates,
    "media": _media,
}
