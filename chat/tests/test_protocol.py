"""What sockets write is what is published, and a state with the events since is the present state.

Every frame that a test of real sockets receives is validated (`chat.tests.sockets.Peer`). Here one
scene makes every event there is, and takes a state before each of its verbs.
"""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from jsonschema import ValidationError

from accounts import services as accounts
from accounts.models import User
from chat import protocol, services
from chat.models import ConversationEvent, Member
from chat.tests.factories import befriend, make_dm, make_group, make_theme, picture, say
from chat.tests.fold import State
from chat.tests.sockets import Server, native, open_session, require_published
from conftest import ApiOf
from feed.tests.factories import make_video
from social.graph import services as graph
from videos import live

pytestmark = pytest.mark.django_db(transaction=True)
API = "/api/v1"


def verbs(
    group: Any, alice: User, bob: User, carol: User, erin: User, dave: User
) -> list[Callable[[], Any]]:
    """Return what happens to a group of Alice's, in order, as Bob sees it."""
    c = {"conversation_id": group.pk}
    said: dict[str, Any] = {}

    def write(name: str, who: User, body: str, **fields: Any) -> Callable[[], Any]:
        def act() -> None:
            reply = fields.get("reply")
            extra = {"reply_to": said[reply].pk} if reply else {}
            said[name] = say(who, group, body, **extra)

        return act

    def change(name: str, act: Callable[..., Any], who: User, **given: Any) -> Callable[[], Any]:
        return lambda: act(actor=who, message_id=said[name].pk, **given)

    def attach() -> None:
        source = ContentFile(picture())
        file = services.add_attachment(actor=alice, source=source.file, name="a.png")
        say(alice, group, "look :flag:", attachments=(file.pk,))

    def flag() -> None:
        source = ContentFile(picture(32, 32)).file
        services.add_emoji(actor=alice, shortcode="flag", source=source, **c)

    def join() -> None:
        services.join_by_link(actor=erin, token=services.make_link(actor=alice, **c).token)

    theme = make_theme(alice)
    return [
        write("first", alice, "hello"),
        write("second", bob, "and hello"),
        write("answer", erin, "hello yourself", reply="first"),
        change("first", services.edit_message, alice, body="hello all https://a.example"),
        flag,
        change("second", services.set_reaction, alice, emoji="👍", on=True),
        change("second", services.set_reaction, alice, emoji=":flag:", on=True),
        change("second", services.set_reaction, alice, emoji="👍", on=False),
        lambda: services.mark_read(actor=alice, seq=10**6, **c),
        lambda: services.mark_delivered(actor=erin, seq=10**6, **c),
        lambda: services.mark_read(actor=bob, seq=10**6, **c),
        lambda: services.add_members(actor=alice, handles=["carol"], **c),
        lambda: services.set_role(actor=alice, user_id=bob.pk, role="admin", **c),
        lambda: services.update_group(actor=bob, title="Renamed", is_open=True, **c),
        lambda: services.set_group_picture(actor=bob, source=io.BytesIO(picture()), **c),
        lambda: services.set_room_theme(actor=alice, theme_id=theme.pk, **c),
        attach,
        lambda: services.update_own(actor=bob, pinned=True, draft="I was", **c),
        lambda: services.remove_member(actor=alice, user_id=carol.pk, **c),
        lambda: services.leave(actor=erin, **c),
        join,
        lambda: services.add_members(actor=alice, handles=["dave"], **c),
        lambda: services.answer_request(actor=dave, answer="accept", **c),
        write("last", bob, "no more draft @alice"),
        change("first", services.delete_message, alice, for_whom="all"),
        change("second", services.delete_message, bob, for_whom="me"),
        change("last", services.delete_message, bob, for_whom="me"),
        lambda: services.set_role(actor=alice, user_id=bob.pk, role="owner", **c),
        lambda: services.set_room_theme(actor=bob, theme_id=None, **c),
    ]


def test_a_state_and_the_events_since_are_the_present_state(
    server: Server, api: ApiOf, alice: User, bob: User, carol: User, dave: User, erin: User
) -> None:
    group = make_group(alice, bob, erin)
    befriend(alice, carol)
    states, frames, read = [], [], []
    with native(server, bob) as peer:
        for verb in verbs(group, alice, bob, carol, erin, dave):
            # The race of every start: the socket is open, and the state is read in between.
            states.append(State(api, bob, group.pk))
            verb()
            frames += peer.heard()
    now = State(api, bob, group.pk)
    seen = {frame["ev"] for frame in frames}
    assert set(protocol.COUNTED) | {"conv.me", "message.hidden", "receipt.read"} <= seen
    for state in states:
        assert state.plus(frames).shown() == now.shown(but=state)
        # Once more for whoever heard nothing: the changes since, asked for over HTTP.
        path = f"{API}/conversations/{group.pk}/events?after={state.es}"
        read = api(bob).get(path).json()["results"]
        later = state.plus(read)
        for seq in [seq for seq in later.messages if seq not in now.messages]:
            later.on_message_hidden({"seq": seq})  # hidden for himself: told to him, not counted
        assert later.shown(own=False) == now.shown(own=False)
        assert state.plus(read + frames).shown() == now.shown(but=state)
    for frame in read:
        require_published(frame)


def test_every_published_event_is_sent_and_nothing_else(
    server: Server,
    api: ApiOf,
    alice: User,
    bob: User,
    carol: User,
    dave: User,
    erin: User,
    mod: User,
) -> None:
    group = make_group(alice, bob, erin)
    befriend(alice, carol)
    frames: list[dict[str, Any]] = []
    session = open_session(erin)
    with native(server, bob) as peer, native(server, alice) as mine, native(server, erin) as gone:
        mine.ask("presence.watch", ids=[str(bob.pk)])
        with native(server, erin, session) as signed_out:
            for verb in verbs(group, alice, bob, carol, erin, dave):
                verb()
            peer.send("typing", c=str(group.pk))
            peer.send("nothing that we know")
            peer.send("delivered", c=str(group.pk), seq="x")
            services.update_settings(actor=bob, show_presence=False)
            live.tell(make_video(bob))
            accounts.end_sessions([session.pk], reason="revoked")
            frames.append(signed_out.until("session.revoked"))
        graph.unfriend(actor=alice, username="bob")
        stranger = make_dm(dave, alice, friends=False)
        say(dave, stranger, "may I?")
        peer.send("resume", epoch="another life", offset=0)
        accounts.suspend_user(actor=mod, user_id=erin.pk, reason="spam")
        frames.append(gone.until("account.shut"))
        frames += [*peer.heard(), *mine.heard(), {"ev": "hello"}]
    read = api(dave).get(f"{API}/conversations/{group.pk}/events?after=0").json()["results"]
    for frame in read:
        require_published(frame)
    names = {frame["ev"] for frame in [*frames, *read] if "ev" in frame}
    # Those of calls are made, and held against their schema, in test_call_signalling.
    assert names == {name for name in protocol.EVENTS if not name.startswith("call.")}


def test_old_events_bring_nothing_back(
    api: ApiOf, alice: User, bob: User, carol: User, mod: User
) -> None:
    group = make_group(alice, bob)
    secret, kept = say(alice, group, "the secret"), say(bob, group, "the answer")
    services.delete_message(actor=bob, message_id=kept.pk, for_whom="me")
    befriend(alice, carol)
    services.add_members(actor=alice, conversation_id=group.pk, handles=["carol"])
    path = f"{API}/conversations/{group.pk}/events?after=0"
    late = api(carol).get(path).json()["results"]
    assert "the " not in str(late)  # said before she came
    assert [frame["es"] for frame in late] == list(range(1, len(late) + 1))
    assert "the answer" not in str(api(bob).get(path).json())
    services.delete_message(actor=alice, message_id=secret.pk, for_whom="all")
    assert "the secret" not in str(api(bob).get(path).json())
    assert "the secret" not in str(list(ConversationEvent.objects.values_list("payload")))
    accounts.suspend_user(actor=mod, user_id=carol.pk, reason="spam")
    assert "carol" not in str(api(bob).get(path).json())


def test_who_declined_a_pair_is_for_nobody_to_know(
    api: ApiOf, alice: User, bob: User, carol: User
) -> None:
    room = make_dm(carol, alice, friends=False)
    say(carol, room, "hi")
    before = api(carol).get(f"{API}/conversations/{room.pk}").json()
    services.answer_request(actor=alice, conversation_id=room.pk, answer="decline")
    assert api(carol).get(f"{API}/conversations/{room.pk}").json() == before
    group = make_group(bob)
    services.add_members(actor=bob, conversation_id=group.pk, handles=["carol"])
    state = State(api, bob, group.pk)
    services.answer_request(actor=carol, conversation_id=group.pk, answer="decline")
    told = api(bob).get(f"{API}/conversations/{group.pk}/events?after={state.es}").json()
    now = State(api, bob, group.pk)
    assert state.plus(told["results"]).shown() == now.shown()
    assert Member.objects.get(user=carol, conversation=group).state == "declined"


def test_the_schema_is_published_and_means_something(client: Any) -> None:
    answer = client.get(f"{API}/realtime/schema")
    assert answer.status_code == 200
    shown = answer.json()
    assert {f"event:{name}" for name in protocol.EVENTS} < set(shown["$defs"])
    assert "additionalProperties" not in shown["$defs"]["event:typing"]  # more may come in v1
    person = "01999999-0000-7000-8000-000000000000"
    good = {"ev": "typing", "c": person, "d": {"user_id": person}}
    require_published(good)
    for wrong in (
        good | {"d": {}},
        good | {"d": {"user_id": "x"}},
        good | {"c": None},
        good | {"more": 1},
        {"re": 1, "ok": False},
    ):
        with pytest.raises(ValidationError):
            require_published(wrong)
    with pytest.raises(AssertionError):
        require_published({"ev": "badge", "d": {}})
