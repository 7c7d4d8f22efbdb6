"""The pages about groups: made, looked after by those who may, joined, and found."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from chat import policies, services
from chat.models import Conversation, InviteLink, Member, Message
from chat.tests.factories import befriend, make_dm, make_group, picture, say
from conftest import ApiOf, BrowserOf, make_user
from core.models import StoredFile
from social.graph import services as graph

MENU = "Make the owner"


def png(name: str = "a.png", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or picture(300, 200))


def act(client: Client, group: Any, name: str, **fields: Any) -> Any:
    return client.post(f"/messages/{group.pk}/about", {"act": name, **fields})


def of(group: Conversation, user: User) -> Member:
    return Member.objects.get(conversation=group, user=user)


def test_a_group_is_made_with_a_picture(browser: BrowserOf, alice: User, bob: User) -> None:
    befriend(alice, bob)
    client = browser(alice)
    assert 'value="bob"' in client.get("/messages/new").content.decode()
    form = {"title": "Boats", "member": ["bob"], "is_open": "on", "picture": png()}
    answer = client.post("/messages/new", form)
    group = Conversation.objects.get(title="Boats")
    assert answer["Location"] == f"/messages/{group.pk}"
    assert (group.is_open, group.member_count) == (True, 2)
    assert group.picture_key.endswith(".webp")
    assert group.picture_key.split("/")[-1] in client.get("/messages").content.decode()


def test_what_is_wrong_with_a_new_group_is_said(browser: BrowserOf, alice: User, bob: User) -> None:
    befriend(alice, bob)
    client = browser(alice)
    answer = client.post("/messages/new", {"title": " ", "member": ["bob"]})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Give it a name." in page
    assert re.search(r'value="bob"\s+checked', page), "what was chosen stays chosen"
    assert not Conversation.objects.filter(kind="group").exists()
    kept = client.post("/messages/new", {"title": "Boats", "picture": png(content=b"no picture")})
    assert kept.status_code == 302
    assert Conversation.objects.get(title="Boats").picture_key == ""


def test_who_has_no_friends_is_told_of_links(browser: BrowserOf, alice: User) -> None:
    assert "invite people later by a link" in browser(alice).get("/messages/new").content.decode()


def test_the_page_offers_what_a_role_may(
    browser: BrowserOf, alice: User, bob: User, erin: User
) -> None:
    group = make_group(alice, bob, erin)
    path = f"/messages/{group.pk}/about"
    owner = browser(alice).get(path).content.decode()
    assert owner.count(MENU) == 2
    assert "Make a link" in owner
    member = browser(bob).get(path).content.decode()
    assert 'value="remove"' not in member
    assert "Make a link" not in member
    assert "Leave the group" in member
    services.set_role(actor=alice, conversation_id=group.pk, user_id=bob.pk, role="admin")
    admin = browser(bob).get(path).content.decode()
    assert admin.count('value="remove"') == 1  # erin, not the owner
    assert MENU not in admin


def test_each_act_needs_its_role(
    browser: BrowserOf, alice: User, bob: User, erin: User, carol: User
) -> None:
    group = make_group(alice, bob, erin)
    for name, fields in (
        ("save", {"title": "Mine"}),
        ("drop_picture", {}),
        ("add", {"member": ["carol"]}),
        ("role", {"user": str(erin.pk), "role": "admin"}),
        ("remove", {"user": str(erin.pk)}),
        ("link", {}),
        ("unlink", {}),
    ):
        befriend(bob, carol) if name == "add" else None
        answer = act(browser(bob), group, name, **fields)
        assert answer.status_code == 403, name
        assert "Only those who run this group" in answer.content.decode(), name
        assert act(browser(carol), group, name, **fields).status_code == 404, name
    assert act(browser(alice), group, "nothing").status_code == 404
    assert browser(carol).get(f"/messages/{group.pk}/about").status_code == 404
    group.refresh_from_db()
    assert (group.title, group.member_count) == ("The group", 3)


def test_the_owner_runs_it_from_the_page(
    browser: BrowserOf, alice: User, bob: User, erin: User
) -> None:
    group, client = make_group(alice, bob), browser(alice)
    befriend(alice, erin)
    act(client, group, "save", title="Boats", is_open="on", picture=png())
    act(client, group, "add", member=["erin"])
    act(client, group, "role", user=str(bob.pk), role="admin")
    group.refresh_from_db()
    assert (group.title, group.is_open, group.member_count) == ("Boats", True, 3)
    assert of(group, bob).role == "admin"
    assert StoredFile.objects.get(key=group.picture_key).state == "referenced"
    first = group.picture_key
    act(client, group, "save", title="Boats", picture=png())
    group.refresh_from_db()
    assert not group.is_open
    assert StoredFile.objects.get(key=first).state == "condemned"
    act(client, group, "drop_picture")
    group.refresh_from_db()
    assert group.picture_key == ""
    act(client, group, "remove", user=str(erin.pk))
    act(client, group, "role", user=str(bob.pk), role="owner")
    assert (of(group, bob).role, of(group, alice).role) == ("owner", "admin")
    assert of(group, erin).state == "removed"
    what = [one.meta["what"] for one in Message.objects.filter(kind="system").order_by("seq")]
    assert what == [
        *("created", "added", "renamed", "opened", "picture", "added"),
        *("closed", "picture", "removed"),
    ]


def test_a_bad_picture_is_said_on_the_page(browser: BrowserOf, alice: User) -> None:
    group = make_group(alice)
    answer = act(browser(alice), group, "save", title="The group", picture=png(content=b"x" * 99))
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_links_are_made_shown_and_revoked(browser: BrowserOf, alice: User, carol: User) -> None:
    group, client = make_group(alice), browser(alice)
    act(client, group, "link")
    link = InviteLink.objects.get(revoked_at=None)
    path = f"/messages/join/{link.token}"
    assert f"http://testserver{path}" in client.get(f"/messages/{group.pk}/about").content.decode()
    assert "Join group" in browser(carol).get(path).content.decode()
    act(client, group, "link")
    assert browser(carol).get(path).status_code == 404
    act(client, group, "unlink")
    assert not InviteLink.objects.filter(revoked_at=None).exists()


def test_the_api_tells_the_link_to_those_who_run_it(api: ApiOf, alice: User, bob: User) -> None:
    group = make_group(alice, bob)
    path = f"/api/v1/conversations/{group.pk}/link"
    assert api(alice).get(path).status_code == 404
    made = api(alice).post(path).json()
    assert api(alice).get(path).json() == made
    assert api(bob).get(path).status_code == 403
    InviteLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert api(alice).get(path).status_code == 404


def test_the_door_says_who_is_inside_already_and_when_it_is_full(
    monkeypatch: pytest.MonkeyPatch, browser: BrowserOf, alice: User, bob: User, carol: User
) -> None:
    group = make_group(alice, bob)
    link = services.make_link(actor=alice, conversation_id=group.pk)
    path = f"/messages/join/{link.token}"
    assert "You are in this group." in browser(bob).get(path).content.decode()
    monkeypatch.setattr(policies, "MAX_MEMBERS", 2)
    assert "The group is full" in browser(carol).get(path).content.decode()
    assert browser(carol).post(path).status_code == 409
    services.remove_member(actor=alice, conversation_id=group.pk, user_id=bob.pk)
    refused = browser(bob).post(path)
    assert refused.status_code == 404
    assert "This link no longer works" in refused.content.decode()
    unknown = browser(bob).get("/messages/join/unknown")
    assert unknown.status_code == 404
    assert "This link no longer works" in unknown.content.decode()


def test_a_picture_is_seen_by_members_and_at_an_open_door(
    api: ApiOf, browser: BrowserOf, alice: User, bob: User, carol: User
) -> None:
    group = make_group(alice, bob)
    path = f"/api/v1/conversations/{group.pk}/picture"
    put = api(alice).put(path, {"file": png()}, format="multipart")
    url = put.json()["avatar"]
    assert browser(bob).get(url)["Content-Type"] == "image/webp"
    assert browser(carol).get(url).status_code == 404
    assert browser(bob).get(f"/messages/{group.pk}/picture/other.webp").status_code == 404
    link = services.make_link(actor=alice, conversation_id=group.pk)
    door = f"/messages/join/{link.token}/picture.webp"
    assert browser(carol).get(door)["Content-Type"] == "image/webp"
    services.update_group(actor=alice, conversation_id=group.pk, is_open=True)
    assert browser(carol).get(url).status_code == 200
    assert api(bob).delete(path).status_code == 403
    assert api(bob).put(path, {"file": png()}, format="multipart").status_code == 403
    assert api(alice).put(path, {}, format="multipart").status_code == 400
    assert api(alice).delete(path).json()["avatar"] is None
    assert browser(bob).get(url).status_code == 404
    assert browser(carol).get(door).status_code == 404


def test_a_pair_has_no_picture(api: ApiOf, alice: User, bob: User) -> None:
    path = f"/api/v1/conversations/{make_dm(alice, bob).pk}/picture"
    assert api(alice).put(path, {"file": png()}, format="multipart").status_code == 403
    assert not StoredFile.objects.exists()


def test_mute_pin_archive_and_back(browser: BrowserOf, alice: User, bob: User) -> None:
    room, client = make_dm(alice, bob), browser(alice)
    say(bob, room, "hello")
    act(client, room, "mute", lasts="day")
    until = of(room, alice).muted_until
    assert until is not None
    assert timedelta(hours=23) < until - timezone.now() < timedelta(hours=25)
    assert "Muted until" in client.get(f"/messages/{room.pk}/about").content.decode()
    act(client, room, "mute", lasts="always")
    assert "Muted until you say so" in client.get(f"/messages/{room.pk}/about").content.decode()
    act(client, room, "mute", lasts="")
    assert of(room, alice).muted_until is None
    act(client, room, "pin", on="1")
    assert of(room, alice).pinned_at is not None
    act(client, room, "pin", on="0")
    assert of(room, alice).pinned_at is None
    act(client, room, "archive", on="1")
    assert f'data-chat="{room.pk}"' not in client.get("/messages").content.decode()
    assert "folder=archived" in client.get("/messages").content.decode()
    assert f'data-chat="{room.pk}"' in client.get("/messages?folder=archived").content.decode()
    act(client, room, "archive", on="0")
    assert f'data-chat="{room.pk}"' in client.get("/messages").content.decode()


def test_leaving_hands_the_group_on(browser: BrowserOf, alice: User, bob: User) -> None:
    group = make_group(alice, bob)
    assert act(browser(alice), group, "leave")["Location"] == "/messages"
    assert of(group, bob).role == "owner"
    assert browser(alice).get(f"/messages/{group.pk}").status_code == 404


def test_the_same_name_again_says_nothing(alice: User) -> None:
    group = make_group(alice)
    before = Conversation.objects.get(pk=group.pk).last_event_seq
    services.update_group(actor=alice, conversation_id=group.pk, title=group.title, is_open=False)
    assert Conversation.objects.get(pk=group.pk).last_event_seq == before


def test_the_search_page_groups_what_it_finds(
    browser: BrowserOf, alice: User, bob: User, carol: User
) -> None:
    group = make_group(alice, bob, title="Carol singers")
    door = make_group(carol, title="Caro open")
    services.update_group(actor=carol, conversation_id=door.pk, is_open=True)
    message = say(bob, group, "<b>Carols</b> at nine")
    client = browser(alice)
    page = client.get("/messages/search?q=caro").content.decode()
    assert f'href="/messages/{group.pk}?at={message.seq}"' in page
    assert "&lt;b&gt;<mark>Caro</mark>ls&lt;/b&gt; at nine" in page
    assert 'action="/messages/to/carol"' in page
    assert f'action="/messages/{door.pk}/join"' in page
    assert "<mark>Caro</mark>l singers" in page
    assert "<mark>Caro</mark> open" in page
    within = client.get(f"/messages/search?q=caro&c={group.pk}").content.decode()
    assert "<mark>Caro</mark>" in within
    assert 'action="/messages/to/carol"' not in within
    assert "Nothing found" in client.get("/messages/search?q=zebra").content.decode()
    assert "two letters" in client.get("/messages/search?q=z").content.decode()
    assert "What are you looking for?" in client.get("/messages/search").content.decode()
    outside = browser(carol)
    assert outside.get(f"/messages/search?q=caro&c={group.pk}").status_code == 404
    theirs = outside.get("/messages/search?q=caro").content.decode()
    assert "singers" not in theirs
    assert "data-hit" not in theirs
    assert client.post(f"/messages/{door.pk}/join")["Location"] == f"/messages/{door.pk}"
    assert outside.post(f"/messages/{group.pk}/join").status_code == 404


def test_the_search_page_goes_further_back(browser: BrowserOf, alice: User, bob: User) -> None:
    room, client = make_dm(alice, bob), browser(alice)
    for number in range(23):
        say(bob, room, f"word {number:02}")
    first = client.get("/messages/search?q=word").content.decode()
    assert first.count('<span aria-hidden="true">B</span>') >= 20  # whose face it is
    seen = re.findall(r'data-hit="(\d+)"', first)
    (more,) = re.findall(r'href="(/messages/search\?q=word&amp;before=[^"]+)"', first)
    rest = client.get(more.replace("&amp;", "&")).content.decode()
    seen += re.findall(r'data-hit="(\d+)"', rest)
    assert [int(one) for one in seen] == list(range(23, 0, -1))
    assert "before=" not in rest


def test_a_room_opens_at_a_message(browser: BrowserOf, alice: User, bob: User) -> None:
    room, client = make_dm(alice, bob), browser(alice)
    for number in range(60):
        say(bob, room, f"line {number}")
    state = client.get(f"/messages/{room.pk}?at=10").context["state"]
    assert [one["seq"] for one in state["messages"]] == list(range(1, 20))
    assert (state["at"], state["more_before"], state["more_after"]) == (10, False, True)
    for odd in ("x", "-1", "9" * 40, "²", ""):
        assert client.get(f"/messages/{room.pk}?at={odd}").status_code == 200


def test_people_with_a_block_are_not_found(browser: BrowserOf, alice: User, dave: User) -> None:
    graph.block(actor=dave, username="alice")
    page = browser(alice).get("/messages/search?q=dave").content.decode()
    assert 'action="/messages/to/dave"' not in page
    make_user("davenport")
    again = browser(alice).get("/messages/search?q=dave").content.decode()
    assert 'action="/messages/to/davenport"' in again


def test_a_recording_keeps_its_length_and_its_wave(api: ApiOf, alice: User, bob: User) -> None:
    path = "/api/v1/attachments"

    def send(content: bytes, **fields: Any) -> Any:
        body = {"file": SimpleUploadedFile("voice.webm", content), **fields}
        return api(alice).post(path, body, format="multipart")

    webm = b"\x1aE\xdf\xa3" + bytes(40)
    made = send(webm, duration_ms="4200", wave="0,12,31").json()
    assert (made["kind"], made["duration_ms"], made["wave"]) == ("audio", 4200, [0, 12, 31])
    message = say(alice, make_dm(alice, bob), "", attachments=(UUID(made["id"]),))
    assert message.kind == "audio"
    shown = api(bob).get(f"/api/v1/conversations/{message.conversation_id}/messages").json()
    assert shown["results"][0]["attachments"][0]["wave"] == [0, 12, 31]
    again = say(bob, make_group(bob), "", forward_of=message.pk)
    assert again.attachments.get().wave == [0, 12, 31]
    phone = b"\x00\x00\x00\x1cftypiso5" + bytes(40)
    assert send(phone, duration_ms="900", wave="").json()["type"] == "audio/mp4"
    assert send(phone).json()["kind"] == "file"
    assert send(b"plain words", duration_ms="900", wave="1").json()["duration_ms"] is None
    assert send(webm).json()["wave"] == []
    for wrong in (
        {"duration_ms": "0"},
        {"duration_ms": "x"},
        {"duration_ms": "99999999999"},
        {"duration_ms": "900", "wave": "1,x"},
        {"duration_ms": "900", "wave": "32"},
        {"duration_ms": "900", "wave": ",".join(["1"] * 65)},
    ):
        answer = send(webm, **wrong)
        assert answer.status_code == 400, wrong
        assert set(answer.json()["errors"]) <= {"duration_ms", "wave"}
