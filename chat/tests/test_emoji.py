"""Custom emoji: small, square, few; who adds, uses and sees them, and what old words show."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts import services as accounts
from accounts.models import User
from chat import services
from chat.models import CustomEmoji, EmojiUse, Reaction
from chat.services import emoji as rules
from chat.tests.factories import make_dm, make_group, picture, say
from conftest import ApiOf, BrowserOf
from core.errors import Forbidden, Invalid, NotFound
from core.models import StoredFile

API = "/api/v1"
Path = str


def add(
    api: ApiOf, user: User, code: str, path: Path = "emoji-sets", size: tuple[int, int] = (64, 64)
) -> Any:
    file = SimpleUploadedFile("x.png", picture(*size, color=(9, 9, 9, 90), mode="RGBA"))
    return api(user).post(f"{API}/{path}", {"shortcode": code, "file": file}, format="multipart")


def test_pictures_are_small_and_square_and_names_are_words(
    api: ApiOf, browser: BrowserOf, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = add(api, alice, " :Party: ", size=(900, 300)).json()
    assert made["shortcode"] == "party"
    with Image.open(io.BytesIO(browser(alice).get(made["url"]).getvalue())) as shown:
        assert (shown.format, shown.size, shown.mode) == ("WEBP", (128, 128), "RGBA")
    assert add(api, alice, "tiny", size=(16, 16)).status_code == 201
    codes = {
        "too_small": add(api, alice, "x1", size=(15, 40)),
        "shortcode_taken": add(api, alice, "party"),
        "invalid": add(api, alice, "no way"),
    }
    for code, answer in codes.items():
        assert answer.json()["code"] == code
    assert api(alice).post(f"{API}/emoji-sets", {"shortcode": "xx"}).status_code in (400, 415)
    monkeypatch.setattr(rules, "MAX_OWN", 2)
    assert add(api, alice, "third").json()["code"] == "emoji_full"
    monkeypatch.setattr(rules, "MAX_BYTES", 20)
    assert add(api, alice, "fourth").status_code == 413
    assert [one["shortcode"] for one in api(alice).get(f"{API}/emoji-sets").json()["results"]] == [
        *("party", "tiny")
    ]
    # What was refused after its bytes were stored is let go.
    states = list(StoredFile.objects.values_list("state", flat=True))
    assert sorted(states) == ["condemned", "condemned", "referenced", "referenced"]


def test_words_become_pictures_for_those_who_read_them(
    api: ApiOf, browser: BrowserOf, alice: User, bob: User, carol: User
) -> None:
    room = make_dm(alice, bob)
    party = add(api, alice, "party").json()
    for stranger in (bob, carol):
        assert browser(stranger).get(party["url"]).status_code == 404
    message = say(alice, room, "it is a :party: and a :secret: at https://a.example/:party:")
    (shown,) = api(bob).get(f"{API}/conversations/{room.pk}/messages").json()["results"]
    assert shown["emoji"] == {"party": party["url"]}
    assert shown["meta"] == {}
    assert browser(bob).get(party["url"]).status_code == 200
    assert browser(carol).get(party["url"]).status_code == 404
    assert say(bob, room, "what :party:?").meta == {}  # it is hers, not his
    edited = services.edit_message(actor=alice, message_id=message.pk, body="no more")
    assert edited.meta == {}
    again = services.edit_message(actor=alice, message_id=message.pk, body=":party:")
    other = make_dm(bob, carol)
    assert say(bob, other, "", forward_of=again.pk).meta == {}  # his words now
    assert browser(carol).get(party["url"]).status_code == 404


def test_a_request_stays_text(api: ApiOf, browser: BrowserOf, alice: User, carol: User) -> None:
    room = make_dm(carol, alice, friends=False)
    url = add(api, carol, "party").json()["url"]
    assert say(carol, room, ":party:").meta == {}
    assert browser(alice).get(url).status_code == 404


def test_groups_have_their_own(
    api: ApiOf, browser: BrowserOf, alice: User, bob: User, carol: User, erin: User
) -> None:
    group = make_group(alice, bob, erin)
    sets = f"conversations/{group.pk}/emoji-sets"
    assert add(api, bob, "flag", sets).status_code == 403
    assert add(api, carol, "flag", sets).status_code == 404
    assert add(api, alice, "flag", f"conversations/{make_dm(alice, bob).pk}/emoji-sets").json()[
        "code"
    ] == ("not_a_group")
    flag = add(api, alice, "flag", sets).json()
    own = add(api, bob, "flag").json()
    shown = api(bob).get(f"{API}/{sets}").json()
    assert (shown["group"], shown["own"]) == ([flag], [own])
    assert say(bob, group, ":flag:").meta["emoji"] == {"flag": flag["id"]}  # the group's goes first
    assert browser(erin).get(flag["url"]).status_code == 200
    assert browser(carol).get(flag["url"]).status_code == 404
    page = f"/messages/{group.pk}/emoji"
    assert 'name="shortcode"' in browser(alice).get(page).content.decode()
    assert 'name="shortcode"' not in browser(erin).get(page).content.decode()
    assert browser(carol).get(page).status_code == 404
    assert browser(erin).post(page, {"shortcode": "xx"}).status_code == 400
    for one, error in ((bob, Forbidden), (carol, NotFound)):
        with pytest.raises(error):
            services.delete_emoji(actor=one, emoji_id=flag["id"])
    assert api(alice).delete(f"{API}/emoji/{own['id']}").status_code == 404
    services.remove_member(actor=alice, conversation_id=group.pk, user_id=erin.pk)
    assert browser(erin).get(flag["url"]).status_code == 404
    assert browser(alice).post(f"/messages/emoji/{flag['id']}")["Location"] == page
    assert CustomEmoji.objects.count() == 1


def test_reactions_join_the_picture_that_is_there(
    api: ApiOf, browser: BrowserOf, alice: User, bob: User, erin: User
) -> None:
    group = make_group(alice, bob, erin)
    message = say(alice, group)
    hers, his = add(api, alice, "yes").json(), add(api, bob, "yes").json()
    with pytest.raises(Invalid) as refused:
        services.set_reaction(actor=erin, message_id=message.pk, emoji=":yes:", on=True)
    assert refused.value.code == "emoji_unknown"
    for who in (alice, bob, erin):
        services.set_reaction(actor=who, message_id=message.pk, emoji=":yes:", on=True)
    page = api(erin).get(f"{API}/conversations/{group.pk}/messages").json()["results"]
    (reaction,) = page[-1]["reactions"]
    assert (reaction["count"], reaction["url"]) == (3, hers["url"])
    assert browser(erin).get(hers["url"]).status_code == 200
    assert browser(erin).get(his["url"]).status_code == 404
    services.delete_emoji(actor=alice, emoji_id=hers["id"])
    page = api(erin).get(f"{API}/conversations/{group.pk}/messages").json()["results"]
    assert page[-1]["reactions"][0]["url"] is None  # its name is left
    assert Reaction.objects.count() == 3


def test_old_messages_keep_the_pictures_of_who_left_but_not_of_who_is_shut_out(
    api: ApiOf, browser: BrowserOf, alice: User, bob: User, erin: User, mod: User
) -> None:
    group = make_group(alice, bob, erin)
    url = add(api, bob, "bye").json()["url"]
    say(bob, group, ":bye:")
    services.leave(actor=bob, conversation_id=group.pk)
    assert browser(alice).get(url).status_code == 200
    assert browser(bob).get(url).status_code == 200  # his own
    accounts.suspend_user(actor=mod, user_id=bob.pk, reason="spam")
    assert browser(alice).get(url).status_code == 404  # pages show the word instead
    assert EmojiUse.objects.count() == 1


def test_the_page_adds_and_says_what_is_wrong(browser: BrowserOf, alice: User) -> None:
    client = browser(alice)
    file = SimpleUploadedFile("x.png", picture(64, 64))
    answer = client.post("/messages/emoji", {"shortcode": "ok_ok", "file": file})
    assert answer["Location"] == "/messages/emoji"
    page = client.get("/messages/emoji").content.decode()
    assert ":ok_ok:" in page
    wrong = client.post("/messages/emoji", {"shortcode": '"><script>', "file": file})
    assert wrong.status_code == 400
    assert "<script>" not in wrong.content.decode().partition("<main")[2].partition("</main")[0]
