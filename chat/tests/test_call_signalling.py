"""Calls over real sockets: what rings where, and frames that only two devices ever see."""

import datetime as dt
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from chat.models import Call, CallParty
from chat.services import call_lease, signalling
from chat.tests.factories import make_dm
from chat.tests.sockets import Peer, Server, native
from core.bus import bus
from core.models import Outbox
from social.graph import services as graph

pytestmark = pytest.mark.django_db(transaction=True)
OFFER = {"type": "offer", "sdp": "v=0 secret-offer"}


def connect(caller: Peer, callee: Peer, room: object) -> tuple[str, str, str]:
    """Bring a call about; return its id and the two devices."""
    one, two = str(uuid4()), str(uuid4())
    call = caller.ask("call.invite", c=str(room), media="audio", device=one)["d"]["id"]
    callee.until("call.ring")
    assert callee.ask("call.accept", call=call, device=two)["ok"]
    caller.until("call.taken")
    return call, one, two


def test_all_devices_ring_and_one_takes_it(server: Server, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    with native(server, alice) as mine, native(server, bob) as one, native(server, bob) as two:
        device = str(uuid4())
        call = mine.ask("call.invite", c=str(room.pk), media="video", device=device)["d"]
        assert (call["state"], call["own"], call["person"]["username"]) == ("ringing", True, "bob")
        for peer in (one, two):
            rung = peer.until("call.ring")["d"]
            assert (rung["id"], rung["person"]["username"]) == (call["id"], "alice")
            assert 0 < rung["left_seconds"] <= settings.CALL_RING_SECONDS
        assert one.ask("call.ringing", call=call["id"])["d"] == {"told": True}
        mine.until("call.ringing")
        with native(server, bob) as late:
            assert [found["id"] for found in late.ask("call.current")["d"]["calls"]] == [call["id"]]
        assert (
            one.ask("call.accept", call=call["id"], device=str(uuid4()))["d"]["state"] == "active"
        )
        assert two.until("call.taken")["d"]["id"] == call["id"]
        refused = two.ask("call.accept", call=call["id"], device=str(uuid4()))
        assert refused["err"]["code"] == "call_taken"
        assert mine.until("call.taken")["d"]["state"] == "active"
        assert mine.ask("call.beat", call=call["id"])["ok"]
        assert two.ask("call.beat", call=call["id"])["err"]["code"] == "elsewhere"
        one.ask("call.hangup", call=call["id"])
        for peer in (mine, two):
            assert peer.until("call.ended")["d"]["outcome"] == "completed"


def test_frames_go_between_the_two_devices_alone(
    server: Server, alice: User, bob: User, carol: User
) -> None:
    room = make_dm(alice, bob)
    with (
        native(server, alice) as mine,
        native(server, bob) as theirs,
        native(server, bob) as elsewhere,
        native(server, carol) as stranger,
    ):
        call, _one, _two = connect(mine, theirs, room.pk)
        top = bus().top(str(bob.pk))
        assert mine.ask("call.desc", call=call, desc=OFFER)["d"] == {"delivered": True}
        told = theirs.until("call.desc")
        assert told["d"] == {"call": call, "from": str(alice.pk), "desc": OFFER}
        assert "o" not in told
        candidate = {"candidate": "candidate:1 1 udp 1 10.0.0.1 9 typ host", "sdpMid": "0"}
        assert theirs.ask("call.cand", call=call, cand=[candidate | {"evil": 1}])["ok"]
        heard = mine.until("call.cand")["d"]["cand"]
        assert heard == [candidate | {"sdpMLineIndex": None, "usernameFragment": None}]
        mine.ask("call.media", call=call, media={"audio": True, "video": True, "x": "y"})
        assert theirs.until("call.media")["d"]["media"] == {
            "audio": True,
            "video": True,
            "screen": False,
        }
        assert Call.objects.get().media == "video"
        # Another tab of a party, and somebody else who knows the id, are nobody here.
        for peer in (elsewhere, stranger):
            assert peer.ask("call.desc", call=call, desc=OFFER)["err"]["code"] == "not_found"
            names = {frame.get("ev") for frame in peer.heard()}
            assert not names & {"call.desc", "call.cand", "call.media"}
        for kind in ("ringing", "accept", "reject", "hangup", "resume", "beat"):
            told = stranger.ask(f"call.{kind}", call=call, device=str(uuid4()))
            assert told["err"]["code"] == "not_found", kind
        # Nothing of it was kept for later.
        assert bus().top(str(bob.pk)) == top
        assert not Outbox.objects.exists()
        bad: list[tuple[str, object]] = [
            ("desc", OFFER | {"type": "rollback"}),
            ("desc", OFFER | {"sdp": "x" * (signalling.MAX_SDP + 1)}),
            ("desc", OFFER | {"sdp": 1}),
            ("desc", "x"),
            ("cand", []),
            ("cand", [candidate] * (signalling.MAX_CANDIDATES + 1)),
            ("cand", [candidate | {"candidate": "x" * 601}]),
            ("cand", [candidate | {"sdpMLineIndex": True}]),
            ("cand", [None]),
        ]
        for kind, given in bad:
            refused = mine.ask(f"call.{kind}", call=call, **{kind: given})
            assert refused["err"]["code"] == "invalid", given
        names = {frame.get("ev") for frame in theirs.heard()}
        assert not names & {"call.desc", "call.cand"}
        graph.block(actor=bob, username="alice")
        assert mine.until("call.ended")
        assert mine.ask("call.desc", call=call, desc=OFFER)["err"]["code"] == "not_found"


def test_signalling_has_a_rate(
    server: Server, alice: User, bob: User, settings: pytest.FixtureRequest
) -> None:
    room = make_dm(alice, bob)
    settings.RATE_BUDGETS = settings.RATE_BUDGETS | {"call_signal": (3, 60_000)}  # type: ignore[attr-defined]
    settings.RATE_LIMIT_SCALE = 1.0  # type: ignore[attr-defined]
    with native(server, alice) as mine, native(server, bob) as theirs:
        call, _one, _two = connect(mine, theirs, room.pk)
        answers = [mine.ask("call.desc", call=call, desc=OFFER) for _ in range(4)]
        assert [answer["ok"] for answer in answers] == [True, True, True, False]
        assert answers[-1]["err"]["code"] == "rate_limited"


def test_a_broken_socket_comes_back(server: Server, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    with native(server, alice) as mine:
        with native(server, bob) as theirs:
            call, _one, two = connect(mine, theirs, room.pk)
        assert mine.until("call.away")["d"]["call"] == call
        assert mine.ask("call.desc", call=call, desc=OFFER)["d"] == {"delivered": False}
        with native(server, bob) as thief, native(server, bob) as back:
            refused = thief.ask("call.resume", call=call, device=str(uuid4()))
            assert refused["err"]["code"] == "elsewhere"
            assert back.ask("call.resume", call=call, device=two, fresh=True)["ok"]
            assert mine.until("call.back")["d"] == {"call": call, "fresh": True}
            assert mine.ask("call.desc", call=call, desc=OFFER)["d"] == {"delivered": True}
            assert back.until("call.desc")["d"]["desc"] == OFFER
            assert "call.desc" not in {frame.get("ev") for frame in thief.heard()}
            # The gateway's own sweep ends what a side is silent in for too long.
            silent = timezone.now() - dt.timedelta(seconds=call_lease.GRACE_SECONDS + 1)
            CallParty.objects.filter(user=bob).update(heard_at=silent)
            for peer in (mine, back, thief):
                assert peer.until("call.ended")["d"]["outcome"] == "dropped"
