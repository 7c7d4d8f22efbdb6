"""The gateway over real sockets: who gets in, what arrives, what ends a connection."""

import contextlib
import datetime as dt
import json

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from accounts import services as accounts
from accounts.models import User
from chat import services
from chat.models import Message
from chat.tests.factories import make_dm, make_group, say
from chat.tests.sockets import Server, browser_socket, native, open_session
from conftest import BrowserOf
from core import realtime
from core.bus import RING, Frame, bus
from core.gateway import connection as codes
from core.ids import uuid7
from core.models import Outbox

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_message_reaches_every_device(server: Server, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    with native(server, alice) as mine, native(server, bob) as one, native(server, bob) as two:
        key = str(uuid7())
        answer = mine.ask("msg.send", c=str(room.pk), client_id=key, body="hello")
        assert answer["ok"]
        assert answer["d"]["seq"] == 1
        for peer in (one, two):
            event = peer.until("message.new")
            assert event["c"] == str(room.pk)
            assert (event["es"], event["d"]["client_id"]) == (1, key)
        again = mine.ask("msg.send", c=str(room.pk), client_id=key, body="hello")
        assert again["d"]["duplicate"]
    assert Message.objects.count() == 1
    assert not Outbox.objects.filter(event__ev="message.new").exists()


def test_what_is_refused_is_answered(server: Server, alice: User, bob: User, carol: User) -> None:
    room = make_dm(alice, bob)
    with native(server, carol) as peer:
        key = str(uuid7())
        refused = peer.ask("msg.send", c=str(room.pk), client_id=key, body="let me in")
        assert refused == {"re": refused["re"], "ok": False, "err": refused["err"]}
        assert refused["err"]["code"] == "not_found"
        assert peer.ask("read", c=str(room.pk), seq=1)["err"]["code"] == "not_found"
        assert peer.ask("read", c=str(room.pk), seq="1")["err"]["code"] == "invalid"
        assert peer.ask("something.new")["ok"]
        say(alice, room)
        assert peer.heard() == []


@pytest.mark.parametrize(
    "origin",
    [None, "null", "http://evil.example", "http://sub.localhost:1", "https://127.0.0.1:1"],
)
def test_a_foreign_page_opens_nothing(
    server: Server, browser: BrowserOf, alice: User, origin: str | None
) -> None:
    client = browser(alice)
    with (
        pytest.raises(InvalidStatus) as refused,
        browser_socket(server, client, origin=origin),
    ):
        pass
    assert refused.value.response.status_code == 403


def test_a_browser_is_known_by_its_cookie(
    server: Server, browser: BrowserOf, alice: User, bob: User
) -> None:
    room = make_dm(alice, bob)
    with browser_socket(server, browser(bob), subprotocols=["app.v1"]) as peer:
        assert peer.raw.subprotocol == "app.v1"
        say(alice, room)
        assert peer.until("message.new")["d"]["body"] == "hello"


def test_native_clients_show_a_key_first(server: Server, browser: BrowserOf, alice: User) -> None:
    url = f"ws://127.0.0.1:{server.port}/ws/m/v1"
    for frame in ("{}", '{"op":"auth","d":{"token":"x"}}', '{"op":"ping"}', "[]", "x"):
        with connect(url) as raw:
            raw.send(frame)
            with pytest.raises(ConnectionClosed) as ended:
                raw.recv(timeout=20)
            assert ended.value.rcvd is not None
            assert ended.value.rcvd.code == codes.UNAUTHENTICATED


def test_a_ticket_opens_one_socket(server: Server, browser: BrowserOf, alice: User) -> None:
    client = browser(alice)
    ticket = client.post("/api/v1/realtime/ticket").json()["ticket"]
    url, codes_seen = f"ws://127.0.0.1:{server.port}/ws/m/v1", []
    for _ in range(2):
        with connect(url) as raw:
            raw.send(json.dumps({"id": 1, "op": "auth", "d": {"ticket": ticket}}))
            try:
                codes_seen.append(json.loads(raw.recv(timeout=20))["ok"])
            except ConnectionClosed as ended:
                codes_seen.append(ended.rcvd.code if ended.rcvd else 0)
    assert codes_seen == [True, codes.UNAUTHENTICATED]


def test_signing_out_ends_the_socket(server: Server, alice: User) -> None:
    session, other = open_session(alice), open_session(alice)
    with native(server, alice, session) as peer, native(server, alice, other) as kept:
        accounts.end_sessions([session.pk], reason="revoked")
        assert peer.closed() == codes.UNAUTHENTICATED
        assert kept.heard() == []


def test_a_lost_revocation_is_found_by_the_recheck(server: Server, alice: User) -> None:
    from accounts.models import Session

    with native(server, alice) as peer:
        Session.objects.update(auth_version=99)  # as if nobody had told the bus
        assert peer.closed() == codes.UNAUTHENTICATED


def test_suspension_ends_the_socket(server: Server, alice: User, mod: User) -> None:
    with native(server, alice) as peer:
        accounts.suspend_user(actor=mod, user_id=alice.pk, reason="spam")
        assert peer.closed() == codes.SHUT_OUT


def test_whoever_is_removed_hears_that_and_nothing_later(
    server: Server, alice: User, bob: User, erin: User
) -> None:
    group = make_group(alice, bob, erin)
    with native(server, erin) as peer:
        services.remove_member(actor=alice, conversation_id=group.pk, user_id=erin.pk)
        say(alice, group, "gone")
        # A frame that was on its way when the removal committed does not get through either.
        late = Frame("message.new", str(group.pk), b'{"ev":"message.new"}')
        bus().publish([str(erin.pk)], late)
        heard = [frame["ev"] for frame in peer.heard()]
        assert heard[-1] == "member.remove"
        assert "message.new" not in heard


def test_blocked_people_hear_nothing_of_each_other(server: Server, alice: User, bob: User) -> None:
    from social.graph import services as graph

    room = make_dm(alice, bob)
    with native(server, alice) as mine, native(server, bob) as theirs:
        graph.block(actor=alice, username="bob")
        key = str(uuid7())
        refused = theirs.ask("msg.send", c=str(room.pk), client_id=key, body="why?")
        assert refused["err"]["code"] == "cannot_message"
        theirs.send("typing", c=str(room.pk))
        theirs.heard()
        assert {frame["ev"] for frame in mine.heard()} <= {"session.refilter"}


def test_resume_replays_what_was_missed(server: Server, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    with native(server, bob) as peer:
        seen = peer.hello
    for number in range(5):
        say(alice, room, str(number))
    with native(server, bob) as peer:
        number = peer.send("resume", epoch=seen["epoch"], offset=seen["offset"])
        bodies = []
        while (frame := peer.receive()).get("re") != number:
            bodies.append(frame["d"]["body"])
        assert frame["d"] == {"replayed": 5}
        assert bodies == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("what", ["epoch", "future", "nonsense", "too far"])
def test_resume_outside_the_ring_says_so(server: Server, alice: User, what: str) -> None:
    with native(server, alice) as peer:
        seen = peer.hello
    if what == "too far":
        frame = Frame("session.refilter", "-", b'{"ev":"session.refilter","d":{}}')
        for _ in range(RING + 1):
            bus().publish([str(alice.pk)], frame)
    asked = {"epoch": seen["epoch"], "offset": seen["offset"]}
    asked |= {
        "epoch": {"epoch": "another life"},
        "future": {"offset": seen["offset"] + 10_000},
        "nonsense": {"offset": "x"},
    }.get(what, {})
    with native(server, alice) as peer:
        peer.send("resume", **asked)
        assert peer.until("resync")["d"]["reason"] == "ring"


def test_heartbeats_carry_the_top(server: Server, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    with native(server, bob) as peer:
        say(alice, room)
        top = peer.until("message.new")["o"]
        assert peer.ask("ping", foreground=True)["d"]["o"] == top


def test_bad_frames_end_the_conversation(server: Server, alice: User) -> None:
    for sent, code in (
        ("{", codes.BAD_FRAME),
        ("[1]", codes.BAD_FRAME),
        (b"\x00", codes.BAD_FRAME),
        (json.dumps({"op": "x", "d": {"pad": "x" * 40_000}}), codes.TOO_BIG),
        ("x" * 1_000_000, 1009),
    ):
        with native(server, alice) as peer:
            with contextlib.suppress(ConnectionClosed):
                peer.raw.send(sent)
            assert peer.closed() == code, code


def test_whoever_floods_is_shown_out(server: Server, alice: User) -> None:
    with native(server, alice) as peer:
        with contextlib.suppress(ConnectionClosed):
            for _ in range(400):
                peer.send("nothing")
        assert peer.closed() == codes.TOO_FAST


def test_eleven_sockets_are_too_many(server: Server, alice: User) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(native(server, alice))
        with pytest.raises(ConnectionClosed) as refused, native(server, alice):
            pass
        assert refused.value.rcvd is not None
        assert refused.value.rcvd.code == codes.TOO_MANY


def test_typing_is_told_and_held_back(server: Server, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    with native(server, alice) as mine, native(server, bob) as theirs:
        for _ in range(3):
            mine.send("typing", c=str(room.pk))
        mine.heard()
        typing = [frame for frame in theirs.heard() if frame["ev"] == "typing"]
        assert [frame["d"]["user_id"] for frame in typing] == [str(alice.pk)]


def test_the_outbox_is_swept(server: Server, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    say(alice, room, "first")
    with native(server, bob) as peer:
        told = {"id": str(uuid7()), "seq": 99}
        event = {"ev": "message.delete", "c": str(room.pk), "es": 99, "d": told}
        row = Outbox.objects.create(user_ids=[str(bob.pk), str(uuid7())], event=event)
        before = timezone.now() - dt.timedelta(seconds=3)
        Outbox.objects.filter(pk=row.pk).update(created_at=before)
        assert peer.until("message.delete")["d"]["seq"] == 99
        while Outbox.objects.filter(pk=row.pk).exists():
            peer.heard()  # the sweep's transaction ends after it has published


def test_an_older_row_that_commits_late_is_not_lost(alice: User, server: Server) -> None:
    """Claimed by being there, never by "after the last id"."""
    first, second = uuid7(), uuid7()
    before = timezone.now() - dt.timedelta(seconds=3)
    with native(server, alice) as peer:
        for key in (second, first):
            told = {"user_id": str(key), "online": None, "last_seen_at": None}
            event = {"ev": "presence", "d": told}
            Outbox.objects.create(pk=key, user_ids=[str(alice.pk)], event=event)
            Outbox.objects.filter(pk=key).update(created_at=before)
            assert peer.until("presence")["d"]["user_id"] == str(key)


def test_draining_sends_everybody_elsewhere(server: Server, alice: User) -> None:
    with native(server, alice) as peer:
        server.on_loop(server.gateway.hub.drain(0.1))
        assert peer.closed() == codes.DRAINING
    with pytest.raises((InvalidStatus, ConnectionClosed)), native(server, alice):
        pass


def test_a_slow_reader_is_closed_and_the_others_are_not(
    server: Server, alice: User, bob: User
) -> None:
    big = Frame("badge", "-", b'{"ev":"badge","d":{"pad":"' + b"x" * 60_000 + b'"}}')
    with native(server, bob) as slow, native(server, alice) as quick:
        # More than socket buffers on both sides and the queue can hold.
        for _ in range(1200):
            bus().publish([str(bob.pk)], big)
        assert slow.closed() == codes.SLOW
        realtime.breathe(user_ids=[alice.pk], event={"ev": "session.refilter", "d": {}})
        quick.until("session.refilter")
