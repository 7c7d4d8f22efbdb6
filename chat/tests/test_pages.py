"""The pages of the messenger: who reaches them, what they say, and nothing that runs."""

from accounts.models import User
from chat import services
from chat.models import Conversation, Message
from chat.tests.factories import befriend, make_dm, make_group, say
from conftest import ApiOf, BrowserOf
from feed.tests.factories import make_video

NASTY = '"><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}'


def test_the_list_shows_the_last_words_and_what_is_unread(
    browser: BrowserOf, api: ApiOf, alice: User, bob: User
) -> None:
    say(bob, make_dm(alice, bob), "are you there?")
    page = browser(alice).get("/messages").content.decode()
    assert "are you there?" in page
    assert 'data-chat-unread="">' not in page
    assert api(alice).get("/api/v1/chat/unread").json() == {"conversations": 1}
    assert api(bob).get("/api/v1/chat/unread").json() == {"conversations": 0}


def test_what_people_write_is_text(browser: BrowserOf, alice: User, bob: User) -> None:
    group = make_group(alice, bob, title=NASTY[:60])
    say(bob, group, NASTY)
    for path in ("/messages", f"/messages/{group.pk}"):
        page = browser(alice).get(path).content.decode()
        assert "<img src=x" not in page
        assert "<script>alert" not in page


def test_outsiders_find_no_room(browser: BrowserOf, alice: User, bob: User, carol: User) -> None:
    room = make_dm(alice, bob)
    assert browser(carol).get(f"/messages/{room.pk}").status_code == 404
    assert browser(carol).post(f"/messages/{room.pk}/answer").status_code == 404
    assert browser(bob).get(f"/messages/{room.pk}").status_code == 200


def test_message_on_a_profile_opens_the_room(browser: BrowserOf, alice: User, bob: User) -> None:
    befriend(alice, bob)
    client = browser(alice)
    assert 'action="/messages/to/bob"' in client.get("/@bob").content.decode()
    answer = client.post("/messages/to/bob")
    room = Conversation.objects.get()
    assert answer["Location"] == f"/messages/{room.pk}"
    assert client.get("/messages/to/bob").status_code == 405


def test_a_request_is_answered_on_its_page(browser: BrowserOf, alice: User, carol: User) -> None:
    room = make_dm(carol, alice, friends=False)
    say(carol, room, "hi")
    client = browser(alice)
    assert "message request" in client.get("/messages").content.decode()
    page = client.get(f"/messages/{room.pk}").content.decode()
    assert 'value="accept"' in page
    assert "data-room-composer" not in page
    answer = client.post(f"/messages/{room.pk}/answer", {"answer": "accept"})
    assert answer["Location"] == f"/messages/{room.pk}"
    assert "data-room-composer" in client.get(f"/messages/{room.pk}").content.decode()


def test_a_link_shows_its_group_before_one_joins(
    browser: BrowserOf, alice: User, carol: User
) -> None:
    group = make_group(alice, title="Climbing")
    link = services.make_link(actor=alice, conversation_id=group.pk)
    path, client = f"/messages/join/{link.token}", browser(carol)
    assert "Climbing" in client.get(path).content.decode()
    assert client.post(path)["Location"] == f"/messages/{group.pk}"
    assert client.get("/messages/join/wrong").status_code == 404


def test_a_group_is_made_from_the_list(browser: BrowserOf, alice: User, bob: User) -> None:
    befriend(alice, bob)
    browser(alice).post("/messages/new", {"title": "Two of us", "member": ["bob"]})
    assert Conversation.objects.get().member_count == 2


def test_videos_are_sent_to_friends_and_rooms(
    browser: BrowserOf, alice: User, bob: User, erin: User
) -> None:
    room = make_dm(alice, bob)
    say(alice, room)
    befriend(alice, erin)
    video, hidden = make_video(bob), make_video(bob, audience="only_me")
    client, path = browser(alice), f"/messages/share/{video.pk}"
    page = client.get(path).content.decode()
    assert f'value="{room.pk}"' in page
    client.post(path, {"room": [str(room.pk)], "friend": ["erin"], "body": "look"})
    sent = Message.objects.filter(kind="clip")
    assert [(one.body, one.meta["video_id"]) for one in sent] == [("look", str(video.pk))] * 2
    assert client.get(f"/messages/share/{hidden.pk}").status_code == 404
    assert client.post(f"/messages/share/{hidden.pk}", {"room": [str(room.pk)]}).status_code == 404
