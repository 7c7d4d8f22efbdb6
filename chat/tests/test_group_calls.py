"""Group calls: who is in one is asked of LiveKit, and who may no longer be there is put out.

LiveKit itself is not here: a small server answers as its room service does, and checks the keys.
"""

import dataclasses
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
import pytest

from accounts import services as accounts
from accounts.models import User
from chat import livekit, services
from chat.services import group_calls
from chat.tasks import look_after_group_calls, put_out_of_call
from chat.tests.factories import make_dm, make_group
from conftest import ApiOf, BrowserOf
from core import jobs
from core.errors import Unavailable
from core.ids import uuid7
from core.testing import commit

SECRET = "secret" * 8


class RoomService:
    """LiveKit's room service, as far as we ask it."""

    def __init__(self) -> None:
        self.rooms: dict[str, list[str]] = {}
        self.asked: list[str] = []
        self.broken = False
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"ws://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, method: str, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answer as LiveKit does: the key must grant what is asked, for the room it is asked of."""
        grant = jwt.decode(key, SECRET, algorithms=["HS256"], issuer="key")["video"]
        self.asked.append(method)
        if self.broken:
            return 500, {}
        if method == "ListRooms":
            assert grant == {"roomList": True}
            return 200, {"rooms": [{"name": name} for name in self.rooms]}
        assert grant == {"roomAdmin": True, "room": body["room"]}
        inside = self.rooms.get(body["room"], [])
        if method == "ListParticipants":
            return 200, {"participants": [{"identity": one} for one in inside]}
        assert method == "RemoveParticipant"
        if body["identity"] not in inside:
            return 404, {"code": "not_found"}
        inside.remove(body["identity"])
        return 200, {}

    def _handler(outside) -> type[BaseHTTPRequestHandler]:  # noqa: N805  the server around it
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                prefix, method = self.path.rsplit("/", 1)
                assert prefix == "/twirp/livekit.RoomService"
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                key = self.headers["Authorization"].removeprefix("Bearer ")
                status, told = outside.answer(method, key, body)
                data = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def sfu(settings: Any) -> Iterator[RoomService]:
    made = RoomService()
    settings.LIVEKIT = dataclasses.replace(settings.LIVEKIT, url=made.url, key="key", secret=SECRET)
    yield made
    made.server.shutdown()
    made.server.server_close()


def names(answer: Any) -> list[str]:
    return [one["username"] for one in answer.json()["people"]]


def test_members_see_who_is_in_the_call(
    api: ApiOf, sfu: RoomService, alice: User, bob: User, carol: User, erin: User
) -> None:
    group, pair = make_group(alice, bob, erin), make_dm(alice, carol)
    path = f"/api/v1/calls/{group.pk}/people"
    # A stranger with a stolen key, and whatever else is there, is not shown.
    sfu.rooms[f"group-{group.pk}"] = [str(bob.pk), str(erin.pk), str(carol.pk), "recorder"]
    answer = api(alice).get(path)
    assert names(answer) == ["bob", "erin"]
    assert answer["Cache-Control"] == "no-store"
    asked = len(sfu.asked)
    assert names(api(bob).get(path)) == ["bob", "erin"]
    assert len(sfu.asked) == asked  # remembered for a moment: a full group does not ask one by one
    outside, nowhere = api(carol).get(path), api(carol).get(f"/api/v1/calls/{uuid7()}/people")
    assert (outside.status_code, outside.json()["code"]) == (404, nowhere.json()["code"])
    assert api(alice).get(f"/api/v1/calls/{pair.pk}/people").json()["code"] == "not_a_group"
    empty = make_group(alice, title="Empty")
    assert names(api(alice).get(f"/api/v1/calls/{empty.pk}/people")) == []


def test_who_leaves_the_group_leaves_its_call(
    sfu: RoomService, alice: User, bob: User, erin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = make_group(alice, bob, erin)
    inside = sfu.rooms[f"group-{group.pk}"] = [str(one.pk) for one in (alice, bob, erin)]
    sent: list[tuple[str, ...]] = []
    monkeypatch.setattr(jobs, "_send", lambda task, args, *_: sent.append((task, *args)))
    services.remove_member(actor=alice, conversation_id=group.pk, user_id=erin.pk)
    services.leave(actor=bob, conversation_id=group.pk)
    commit()
    jobs_sent = [one for one in sent if one[0] == "chat.put_out_of_call"]
    assert jobs_sent == [
        ("chat.put_out_of_call", str(group.pk), str(one.pk)) for one in (erin, bob)
    ]
    for _task, *ids in jobs_sent:
        put_out_of_call(*ids)
        put_out_of_call(*ids)  # again is nothing
    assert inside == [str(alice.pk)]
    # Whoever may be there stays, whatever a late job says.
    assert not group_calls.put_out(conversation_id=group.pk, user_id=alice.pk)
    assert inside == [str(alice.pk)]


def test_whoever_comes_back_with_an_old_key_is_put_out_again(
    sfu: RoomService, alice: User, bob: User, carol: User, erin: User, mod: User
) -> None:
    group, other = make_group(alice, bob, erin), str(uuid7())
    everybody = [str(one.pk) for one in (alice, bob, carol, erin)]
    inside = sfu.rooms[f"group-{group.pk}"] = [*everybody, "recorder"]
    # Rooms of other products on the same LiveKit are none of ours.
    sfu.rooms |= {"lobby": ["x"], f"group-{other}": ["x"], other: ["x"]}
    services.remove_member(actor=alice, conversation_id=group.pk, user_id=erin.pk)
    assert group_calls.put_out_strangers() == 3
    assert inside == [str(alice.pk), str(bob.pk)]
    inside.append(str(erin.pk))
    accounts.suspend_user(actor=mod, user_id=bob.pk, reason="spam")
    look_after_group_calls()
    assert inside == [str(alice.pk)]
    assert [sfu.rooms[name] for name in ("lobby", f"group-{other}", other)] == [["x"]] * 3


def test_a_server_that_is_away_breaks_nothing(
    api: ApiOf, sfu: RoomService, alice: User, bob: User
) -> None:
    group = make_group(alice, bob)
    sfu.broken = True
    answer = api(alice).get(f"/api/v1/calls/{group.pk}/people")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert group_calls.put_out_strangers() == 0
    sfu.server.shutdown()
    sfu.server.server_close()
    with pytest.raises(Unavailable):
        livekit.live_rooms()
    services.remove_member(actor=alice, conversation_id=group.pk, user_id=bob.pk)


def test_pages_have_group_calls_where_they_are_configured(
    browser: BrowserOf, sfu: RoomService, settings: Any, alice: User, bob: User
) -> None:
    group, pair = make_group(alice, bob), make_dm(alice, bob)
    page = browser(alice).get(f"/messages/{group.pk}")
    assert 'data-controller="group-call"' in page.content.decode()
    assert "group-call" not in browser(alice).get(f"/messages/{pair.pk}").content.decode()
    settings.LIVEKIT = dataclasses.replace(settings.LIVEKIT, url="", key="", secret="")
    assert "group-call" not in browser(alice).get(f"/messages/{group.pk}").content.decode()


def test_without_livekit_nobody_is_asked(api: ApiOf, alice: User, bob: User) -> None:
    group = make_group(alice, bob)
    assert api(alice).get(f"/api/v1/calls/{group.pk}/people").status_code == 404
    assert group_calls.put_out_strangers() == 0
    assert not group_calls.put_out(conversation_id=group.pk, user_id=bob.pk)
