"""W02, W05, W06 and what logs may hold: the rows of the design that no other file has."""

import contextlib
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from accounts import services as accounts
from accounts import sockets
from accounts.devices import Device
from accounts.models import Session, User
from chat.models import Message
from chat.tests.factories import make_dm, say
from chat.tests.sockets import Server, native, open_session
from conftest import PASSWORD, ApiOf, BrowserOf
from core.gateway import connection as codes
from core.ids import uuid7
from core.models import Outbox
from feed.tests.factories import make_video
from videos import services as videos

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "the-words-of-one-to-another"


def answer_to(server: Server, ticket: str) -> object:
    with connect(f"ws://127.0.0.1:{server.port}/ws/m/v1") as raw:
        raw.send(json.dumps({"id": 1, "op": "auth", "d": {"ticket": ticket}}))
        try:
            return json.loads(raw.recv(timeout=20))["ok"]
        except ConnectionClosed as ended:
            return ended.rcvd.code if ended.rcvd else 0


def ticket_of(client: Client) -> str:
    given: str = client.post("/api/v1/realtime/ticket").json()["ticket"]
    return given


def test_an_expired_ticket_opens_nothing(
    server: Server, browser: BrowserOf, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(alice)
    assert answer_to(server, ticket_of(client)) is True
    monkeypatch.setattr(sockets, "TICKET_SECONDS", 0)
    assert answer_to(server, ticket_of(client)) == codes.UNAUTHENTICATED


def test_a_ticket_is_worth_what_its_session_is(
    server: Server, browser: BrowserOf, alice: User, bob: User
) -> None:
    client = browser(alice)
    over = ticket_of(client)
    Session.objects.filter(user=alice).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert answer_to(server, over) == codes.UNAUTHENTICATED

    shut = ticket_of(browser(bob))
    User.objects.filter(pk=bob.pk).update(suspended_at=timezone.now())
    assert answer_to(server, shut) == codes.UNAUTHENTICATED


def test_neither_tickets_nor_words_are_in_the_logs(
    server: Server,
    api: ApiOf,
    browser: BrowserOf,
    alice: User,
    bob: User,
    caplog: pytest.LogCaptureFixture,
) -> None:
    room = make_dm(alice, bob)
    said = {"client_id": str(uuid7()), "body": SECRET}
    path = f"/api/v1/conversations/{room.pk}/messages"
    with caplog.at_level(logging.DEBUG):
        ticket = ticket_of(browser(bob))
        assert answer_to(server, ticket) is True
        assert answer_to(server, ticket) == codes.UNAUTHENTICATED
        with native(server, alice) as mine, native(server, bob) as theirs:
            assert api(alice).post(path, said, format="json").status_code == 201
            assert theirs.until("message.new")["d"]["body"] == SECRET
            # Refused in each way that there is.
            for body in (SECRET * 500, SECRET):
                mine.ask("msg.send", c=str(room.pk), client_id="x", kind="text", body=body)
                api(alice).post(path, {"client_id": "x", "body": body}, format="json")
            reused = {**said, "body": SECRET + "!"}
            assert api(alice).post(path, reused, format="json").status_code == 409
    # Our own client of the test writes down what it sends.
    written = [one for one in caplog.records if one.name != "websockets.client"]
    assert written
    for record in written:
        line = f"{record.getMessage()} {vars(record)}"
        assert SECRET not in line
        assert ticket not in line


def test_a_message_in_pieces_without_an_end_is_cut_off(server: Server, alice: User) -> None:
    def pieces() -> Iterator[str]:
        yield '{"op":"x","d":{"pad":"'
        for _ in range(2000):
            yield "x" * 1000

    with native(server, alice) as peer:
        with contextlib.suppress(ConnectionClosed):
            peer.raw.send(pieces())
        assert peer.closed() in (1009, codes.TOO_BIG)


def test_whoever_never_ends_a_message_is_not_waited_for(
    server: Server, alice: User, bob: User, settings: LazySettings
) -> None:
    settings.SOCKET_HEARTBEAT_SECONDS = 0.5
    with native(server, alice) as slow, native(server, bob) as other:
        begun = slow.raw.protocol
        begun.send_text(b'{"op":', fin=False)
        for piece in begun.data_to_send():
            slow.raw.socket.sendall(piece)
        assert other.ask("ping", foreground=True)["ok"]
        assert slow.closed() == codes.SILENT


def test_a_clip_that_was_closed_meanwhile_is_not_in_what_is_told_late(
    server: Server, api: ApiOf, alice: User, bob: User, carol: User
) -> None:
    """W06: an event names a clip; what it shows is asked for by each reader, when they read."""
    room = make_dm(bob, carol)
    video = make_video(alice, caption=SECRET)
    message = say(bob, room, "", video_id=video.pk)
    videos.edit_video(actor=alice, video_id=video.pk, audience="only_me")
    with native(server, carol) as peer:
        late = Message.objects.get(pk=message.pk)
        told = api(carol).get(f"/api/v1/conversations/{room.pk}/events?after=0").json()["results"]
        event = next(one for one in told if one["ev"] == "message.new")
        row = Outbox.objects.create(user_ids=[str(carol.pk)], event=event)
        before = timezone.now() - timedelta(seconds=3)
        Outbox.objects.filter(pk=row.pk).update(created_at=before)
        heard = peer.until("message.new")
    assert UUID(heard["d"]["id"]) == late.pk
    assert SECRET not in json.dumps(heard)
    assert api(carol).get(f"/api/v1/videos/{video.pk}").status_code == 404
    page = api(carol).get(f"/api/v1/conversations/{room.pk}/messages").content.decode()
    assert SECRET not in page


def test_a_changed_password_ends_every_socket_but_the_own(server: Server, alice: User) -> None:
    mine, other = open_session(alice), open_session(alice)
    with native(server, alice, other) as gone, native(server, alice, mine) as kept:
        accounts.change_password(
            actor=alice,
            current=PASSWORD,
            new="another horse, another staple",
            keep_session=mine.pk,
            device=Device(),
        )
        assert gone.closed() == codes.UNAUTHENTICATED
        assert kept.heard() == []
