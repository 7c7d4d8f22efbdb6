"""Keys to relays and rooms: only for those in the call, and they expire."""

import base64
import dataclasses
import hashlib
import hmac
import time
from uuid import uuid4

import jwt
import pytest

from accounts.models import User
from chat import services
from chat.services import calling
from chat.tests.factories import make_dm, make_group
from conftest import ApiOf
from core.ids import uuid7

TURN, SECRET = "/api/v1/calls/turn", "a shared secret of coturn and ours"


@pytest.fixture
def with_turn(settings: pytest.FixtureRequest) -> None:
    settings.ICE = dataclasses.replace(  # type: ignore[attr-defined]
        settings.ICE,  # type: ignore[attr-defined]
        stun_urls=("stun:relay.example.com:3478",),
        turn_urls=("turn:relay.example.com:3478",),
        secret=SECRET,
        policy="all",
        seconds=600,
    )


@pytest.fixture
def with_livekit(settings: pytest.FixtureRequest) -> None:
    settings.LIVEKIT = dataclasses.replace(  # type: ignore[attr-defined]
        settings.LIVEKIT,  # type: ignore[attr-defined]
        url="wss://livekit.example.com",
        key="key",
        secret="secret" * 8,
    )


def test_turn_credentials_are_for_a_live_call(
    api: ApiOf, with_turn: None, alice: User, bob: User, carol: User
) -> None:
    room, device = make_dm(alice, bob), str(uuid4())
    call = calling.invite(
        actor=alice, conversation_id=room.pk, media="audio", device=device, connection="c"
    )
    body = {"call_id": str(call.pk)}
    names = set()
    for who in (alice, bob):
        answer = api(who).post(TURN, body)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        stun, turn = answer.json()["ice_servers"]
        assert stun == {"urls": ["stun:relay.example.com:3478"]}
        # coturn's own arithmetic, written down once more.
        expires = int(turn["username"].split(":")[0])
        assert 590 < expires - time.time() <= 600
        digest = hmac.new(SECRET.encode(), turn["username"].encode(), hashlib.sha1).digest()
        assert turn["credential"] == base64.b64encode(digest).decode()
        assert SECRET not in answer.content.decode()
        assert str(who.pk) not in turn["username"]
        names.add(turn["username"])
    assert len(names) == 2
    assert api(carol).post(TURN, body).status_code == 404
    assert api(carol).post(TURN, {"call_id": str(uuid7())}).status_code == 404
    assert api(alice).post(TURN, {"call_id": "x"}).status_code == 400
    assert api(alice).post(TURN, {}).status_code == 400
    calling.hang_up(actor=alice, call_id=call.pk)
    assert api(alice).post(TURN, body).json()["code"] == "call_over"


def test_nothing_configured_is_the_local_network(api: ApiOf, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    call = calling.invite(
        actor=alice, conversation_id=room.pk, media="audio", device=str(uuid4()), connection="c"
    )
    answer = api(alice).post(TURN, {"call_id": str(call.pk)}).json()
    assert (answer["ice_servers"], answer["ice_transport_policy"]) == ([], "all")


def test_a_groups_room_is_for_its_members(
    api: ApiOf, with_livekit: None, alice: User, bob: User, carol: User, erin: User
) -> None:
    group, pair = make_group(alice, bob, erin), make_dm(alice, bob)
    path = f"/api/v1/calls/{group.pk}/sfu-token"
    answer = api(bob).post(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    told = answer.json()
    assert told["url"] == "wss://livekit.example.com"
    claims = jwt.decode(told["token"], "secret" * 8, algorithms=["HS256"], issuer="key")
    assert claims["sub"] == str(bob.pk)
    assert claims["video"]["room"] == f"group-{group.pk}"
    assert claims["video"]["roomJoin"] is True
    assert set(claims["video"]) == {"room", "roomJoin", "canPublish", "canSubscribe"}
    assert 0 < claims["exp"] - time.time() <= told["expires_in"] == 600
    outside = api(carol).post(path)
    nowhere = api(carol).post(f"/api/v1/calls/{uuid7()}/sfu-token")
    assert (outside.status_code, outside.json()["code"]) == (404, nowhere.json()["code"])
    assert api(alice).post(f"/api/v1/calls/{pair.pk}/sfu-token").json()["code"] == "not_a_group"
    services.remove_member(actor=alice, conversation_id=group.pk, user_id=erin.pk)
    assert api(erin).post(path).status_code == 404
    assert api(bob).post("/api/v1/calls/x/sfu-token").status_code == 404


def test_without_livekit_there_is_no_room(api: ApiOf, alice: User, bob: User) -> None:
    group = make_group(alice, bob)
    assert api(alice).post(f"/api/v1/calls/{group.pk}/sfu-token").status_code == 404
