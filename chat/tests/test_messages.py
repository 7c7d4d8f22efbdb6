"""What is said: pages, edits, deletions, reactions, positions, search, sync."""

import pytest

from accounts.models import User
from chat import selectors, services
from chat.models import ConversationEvent, Message, MessageRevision
from chat.tests.factories import make_dm, make_group, say
from conftest import ApiOf
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.models import Outbox
from core.testing import commit
from feed.tests.factories import make_video

API = "/api/v1"


def bodies(answer: object) -> list[str]:
    return [one["body"] for one in answer.json()["results"]]  # type: ignore[attr-defined]


def test_pages_go_up_down_and_around(api: ApiOf, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    for number in range(1, 36):
        say(alice, room, str(number))
    path, client = f"{API}/conversations/{room.pk}/messages", api(bob)
    end = client.get(path).json()
    assert [one["seq"] for one in end["results"]] == list(range(26, 36))
    assert (end["more_before"], end["more_after"]) == (True, False)
    up = client.get(f"{path}?before_seq=26").json()
    assert [one["seq"] for one in up["results"]] == list(range(16, 26))
    down = client.get(f"{path}?after_seq=30").json()
    assert [one["seq"] for one in down["results"]] == list(range(31, 36))
    assert not down["more_after"]
    around = client.get(f"{path}?around_seq=20").json()
    assert [one["seq"] for one in around["results"]] == list(range(15, 25))
    assert around["more_before"]
    assert around["more_after"]
    top = client.get(f"{path}?before_seq=5").json()
    assert [one["seq"] for one in top["results"]] == [1, 2, 3, 4]
    assert not top["more_before"]
    assert client.get(f"{path}?limit=51").status_code == 400


def test_an_edit_keeps_what_was_said(api: ApiOf, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    message = say(alice, room, "helo")
    path = f"{API}/messages/{message.pk}"
    edited = api(alice).patch(path, {"body": "hello"}, headers={"If-Match": '"1"'})
    assert (edited.json()["body"], edited.json()["revision"]) == ("hello", 2)
    assert api(alice).patch(path, {"body": "x"}, headers={"If-Match": "1"}).status_code == 409
    assert api(bob).patch(path, {"body": "mine now"}).status_code == 403
    before = api(bob).get(f"{path}/revisions").json()["results"]
    assert [one["body"] for one in before] == ["helo"]


def test_old_messages_stay_as_they_are(alice: User, bob: User) -> None:
    import datetime as dt

    room = make_dm(alice, bob)
    message = say(alice, room)
    long_ago = message.created_at - dt.timedelta(hours=49)
    Message.objects.filter(pk=message.pk).update(created_at=long_ago)
    with pytest.raises(Forbidden, match="48"):
        services.edit_message(actor=alice, message_id=message.pk, body="new")
    with pytest.raises(Forbidden, match="48"):
        services.delete_message(actor=alice, message_id=message.pk, for_whom="all")


def test_deleting_for_all_leaves_nothing_of_it(api: ApiOf, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    message = say(alice, room, "secret")
    services.edit_message(actor=alice, message_id=message.pk, body="secret!")
    services.set_reaction(actor=bob, message_id=message.pk, emoji="👍", on=True)
    answer = say(bob, room, "what?", reply_to=message.pk)
    path = f"{API}/messages/{message.pk}"
    assert api(bob).delete(f"{path}?for=all").status_code == 403
    assert api(alice).delete(f"{path}?for=all").status_code == 204
    shown = api(bob).get(f"{API}/conversations/{room.pk}/messages").json()["results"]
    assert shown[0]["deleted"]
    assert shown[0]["body"] == ""
    assert shown[0]["reactions"] == []
    assert shown[1]["reply_to"]["deleted"]
    assert "secret" not in str(shown)
    assert not MessageRevision.objects.exists()
    with pytest.raises(NotFound):
        services.edit_message(actor=alice, message_id=message.pk, body="back")
    assert answer.reply_to_id == message.pk


def test_deleting_for_oneself_hides_it_from_nobody_else(api: ApiOf, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    message = say(alice, room, "mine")
    assert api(bob).delete(f"{API}/messages/{message.pk}?for=me").status_code == 204
    path = f"{API}/conversations/{room.pk}/messages"
    assert bodies(api(bob).get(path)) == []
    assert bodies(api(alice).get(path)) == ["mine"]
    assert api(bob).patch(f"{API}/messages/{message.pk}", {"body": "x"}).status_code == 404


def test_reactions_toggle_and_are_bounded(api: ApiOf, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    message = say(alice, room)
    path = f"{API}/messages/{message.pk}/reactions/"
    api(bob).put(f"{path}❤️")
    shown = api(bob).put(f"{path}❤️").json()["reactions"]
    assert shown == [{"emoji": "❤️", "count": 1, "user_ids": [str(bob.pk)], "url": None}]
    assert api(bob).delete(f"{path}❤️").json()["reactions"] == []
    assert api(bob).put(f"{path}abc").status_code == 400
    assert api(bob).put(f"{path}:nothing:").status_code == 400
    for code in range(20):
        services.set_reaction(
            actor=alice, message_id=message.pk, emoji=chr(0x1F600 + code), on=True
        )
    assert api(bob).put(f"{path}❤️").status_code == 400


def test_reading_never_goes_back(api: ApiOf, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    for number in range(5):
        say(alice, room, str(number))
    path = f"{API}/conversations/{room.pk}"
    assert api(bob).get(path).json()["me"]["unread"] == 5
    assert api(bob).post(f"{path}/read", {"seq": 4}).json()["unread"] == 1
    assert api(bob).post(f"{path}/read", {"seq": 2}).json()["unread"] == 1
    assert api(bob).post(f"{path}/read", {"seq": 10**9}).json()["last_read_seq"] == 5
    assert api(alice).get(path).json()["me"]["unread"] == 0


def test_receipts_are_mutual(api: ApiOf, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    say(alice, room)
    services.mark_read(actor=bob, conversation_id=room.pk, seq=1)
    path = f"{API}/conversations/{room.pk}/receipts"
    assert api(alice).get(path).json()["results"][0]["read"] == 1
    api(bob).patch(f"{API}/chat/settings", {"read_receipts": False})
    assert api(alice).get(path).json()["results"] == []
    assert api(bob).get(path).json()["results"] == []


def test_search_never_leaves_ones_membership(
    api: ApiOf, alice: User, bob: User, erin: User
) -> None:
    room, group = make_dm(alice, bob), make_group(alice, bob)
    say(alice, room, "the treasure is under the tree")
    say(bob, group, "treasure, you say?")
    services.add_members(actor=alice, conversation_id=group.pk, handles=_friend(alice, erin))
    path = f"{API}/search/messages?q=treasure"
    assert len(bodies(api(bob).get(path))) == 2
    assert bodies(api(bob).get(f"{path}&c={room.pk}")) == ["the treasure is under the tree"]
    assert bodies(api(erin).get(path)) == []  # said before she came
    say(alice, group, "Treasure for all")
    assert bodies(api(erin).get(path)) == ["Treasure for all"]
    assert api(erin).get(f"{path}&c={room.pk}").status_code == 404
    services.remove_member(actor=alice, conversation_id=group.pk, user_id=erin.pk)
    assert bodies(api(erin).get(path)) == []
    services.delete_message(
        actor=alice, message_id=Message.objects.get(body="Treasure for all").pk, for_whom="all"
    )
    assert bodies(api(bob).get(f"{path}&c={group.pk}")) == ["treasure, you say?"]


def _friend(one: User, other: User) -> list[str]:
    from chat.tests.factories import befriend

    befriend(one, other)
    return [other.username]


def test_sync_tells_what_changed_and_what_ended(
    api: ApiOf, alice: User, bob: User, erin: User
) -> None:
    group = make_group(alice, bob, erin)
    first = api(erin).get(f"{API}/sync").json()
    assert [one["id"] for one in first["conversations"]] == [str(group.pk)]
    say(bob, group, "new")
    again = api(erin).get(f"{API}/sync", {"cursor": first["cursor"]}).json()
    assert again["conversations"][0]["last_message"]["body"] == "new"
    assert again["badge"] == 1
    services.remove_member(actor=alice, conversation_id=group.pk, user_id=erin.pk)
    ended = api(erin).get(f"{API}/sync", {"cursor": again["cursor"]}).json()
    assert ended["ended"] == [str(group.pk)]
    assert ended["conversations"] == []
    assert api(erin).get(f"{API}/sync?cursor=x").status_code == 400


def test_a_clip_is_sent_by_those_who_see_it(alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    shown, hidden = make_video(alice), make_video(alice, audience="only_me")
    message = say(bob, room, "", video_id=shown.pk)
    assert (message.kind, message.meta) == ("clip", {"video_id": str(shown.pk)})
    with pytest.raises(NotFound):
        say(bob, room, "", video_id=hidden.pk)


def test_forwards_come_from_where_one_may_read(alice: User, bob: User, erin: User) -> None:
    room, other = make_dm(alice, bob), make_dm(alice, erin)
    said = say(bob, room, "pass it on")
    copy = say(alice, other, "", forward_of=said.pk)
    assert (copy.body, copy.forwarded) == ("pass it on", True)
    with pytest.raises(NotFound):
        say(erin, other, "", forward_of=said.pk)


def test_replies_stay_inside_the_room(alice: User, bob: User, erin: User) -> None:
    room, other = make_dm(alice, bob), make_dm(alice, erin)
    said = say(bob, room)
    with pytest.raises(Invalid):
        say(alice, other, "about that", reply_to=said.pk)


def test_mentions_are_members_only(alice: User, bob: User, erin: User) -> None:
    group = make_group(alice, bob)
    message = say(alice, group, "@bob and @erin and mail@bob.example")
    assert message.mentions == [str(bob.pk)]


@pytest.mark.parametrize("text", ["", "  \n ", "\u202e", "a" * 4001, "e" + "\u0301" * 30])
def test_unspeakable_text_is_refused(alice: User, bob: User, text: str) -> None:
    room = make_dm(alice, bob)
    with pytest.raises(Invalid):
        say(alice, room, text)


def test_every_change_is_an_event_in_order_and_in_the_outbox(alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    message = say(alice, room)
    services.edit_message(actor=alice, message_id=message.pk, body="hello!")
    services.set_reaction(actor=bob, message_id=message.pk, emoji="👍", on=True)
    services.delete_message(actor=alice, message_id=message.pk, for_whom="all")
    events = list(ConversationEvent.objects.order_by("event_seq"))
    assert [one.event_seq for one in events] == [1, 2, 3, 4]
    assert [one.type for one in events] == [
        *("message.new", "message.edit", "reaction", "message.delete"),
    ]
    waiting = Outbox.objects.filter(event__c=str(room.pk))
    assert sorted(row.event["es"] for row in waiting) == [1, 2, 3, 4]
    assert {tuple(sorted(row.user_ids)) for row in waiting} == {
        tuple(sorted((str(alice.pk), str(bob.pk))))
    }
    member = selectors.membership(user=bob, conversation_id=room.pk)
    assert [one.event_seq for one in selectors.events_after(member, after=2)] == [3, 4]
    events[2].delete()
    with pytest.raises(Invalid, match="anew"):
        selectors.events_after(member, after=2)
    commit()  # nobody listens here: the rows stay for the sweeper
    assert waiting.count() >= 4


def test_conflicting_edits_say_so(alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    message = say(alice, room)
    services.edit_message(actor=alice, message_id=message.pk, body="one", revision=1)
    with pytest.raises(Conflict):
        services.edit_message(actor=alice, message_id=message.pk, body="two", revision=1)


def test_own_view_is_ones_own(api: ApiOf, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    say(bob, room)
    path = f"{API}/conversations/{room.pk}"
    shown = api(alice).patch(path, {"pinned": True, "draft": "I was about to"}).json()["me"]
    assert shown["pinned_at"]
    assert shown["draft"] == "I was about to"
    assert api(bob).get(path).json()["me"]["draft"] == ""
    api(alice).patch(path, {"archived": True})
    assert api(alice).get(f"{API}/conversations").json()["results"] == []
    archived = api(alice).get(f"{API}/conversations?folder=archived").json()["results"]
    assert len(archived) == 1
    assert api(alice).get(f"{API}/conversations?folder=x").status_code == 400
    say(alice, room, "sent")
    assert api(alice).get(path).json()["me"]["draft"] == ""
