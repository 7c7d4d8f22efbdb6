"""Themes: readable or refused, pictures written anew, whose they are, and seen live by the room."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts import services as accounts
from accounts.models import User
from chat import services
from chat.colors import MIN_CONTRAST, contrast
from chat.models import Conversation, Theme
from chat.tests.factories import COLORS, make_dm, make_group, make_theme, picture
from chat.tests.sockets import Server, native
from conftest import ApiOf, BrowserOf
from core.errors import DomainError, Forbidden, NotFound
from core.models import StoredFile
from social.graph import services as graph

API = "/api/v1/themes"


def png(width: int = 300, height: int = 200, **how: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile("x.png", picture(width, height, **how), "image/png")


def post(api: ApiOf, user: User, background: str = "color", **fields: Any) -> Any:
    body = {"name": "Sea", "background": background} | COLORS | fields
    return api(user).post(API, body, format="multipart")


@pytest.mark.parametrize(
    "one, other, ratio",
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#123456", "#123456", 1.0),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


def test_what_cannot_be_read_or_drawn_is_refused(api: ApiOf, alice: User) -> None:
    refused: list[tuple[dict[str, Any], str, str]] = [
        ({"own_text": "#0a7160"}, "contrast_too_low", "own_text"),
        ({"other_color": "#777777", "other_text": "#ffffff"}, "contrast_too_low", "other_text"),
        ({"bg_color": "red"}, "invalid", "bg_color"),
        ({"bg_color": "#12345"}, "invalid", "bg_color"),
        ({"own_color": "#12345g; x"}, "invalid", "own_color"),
        ({"name": " \u202e "}, "invalid", "name"),
        ({"name": "x" * 41}, "invalid", "name"),
        ({"background": "video"}, "invalid", "background"),
        ({"background": "image"}, "invalid", "layers"),
        ({"background": "parallax", "layer_0": png(), "speed_0": 1.5}, "invalid", "speed_0"),
        ({"background": "image", "keep_0": 0}, "invalid", "layers"),
        ({"background": "image", "layer_0": SimpleUploadedFile("x.png", b"\x89PNG no")}, "", ""),
    ]
    for fields, code, field in refused:
        answer = post(api, alice, **fields)
        assert answer.status_code == 400, fields
        if code:
            assert (answer.json()["code"], [*answer.json()["errors"]]) == (code, [field]), fields
    assert not Theme.objects.exists()
    assert contrast("#777777", "#ffffff") < MIN_CONTRAST  # the editor's rule is not the last word
    page = {"name": "x", "background": "color"} | COLORS | {"own_text": "#0a7160"}
    shown = BrowserOf()(alice).post("/messages/themes/new", page)
    assert shown.status_code == 400
    assert "contrast" in shown.content.decode()


def test_layers_are_written_anew_and_shared_until_the_last(
    api: ApiOf, browser: BrowserOf, alice: User, bob: User, carol: User
) -> None:
    files = {f"layer_{n}": png(3000, 1000, color=(0, n, 9, 90), mode="RGBA") for n in range(5)}
    speeds = {f"speed_{n}": n / 10 for n in range(5)}
    made = post(api, alice, "parallax", **files, **speeds, layer_5=png()).json()
    assert [one["speed"] for one in made["layers"]] == [0, 0.1, 0.2, 0.3, 0.4]
    assert (made["layers"][0]["width"], made["layers"][0]["height"]) == (1600, 533)
    url = made["layers"][2]["url"]
    answer = browser(alice).get(url)
    with Image.open(io.BytesIO(answer.getvalue())) as shown:
        assert (shown.format, shown.mode) == ("WEBP", "RGBA")
    for outsider in (bob, carol):
        assert browser(outsider).get(url).status_code == 404
        assert api(outsider).get(f"{API}/{made['id']}").status_code == 404
        assert post(api, outsider, "image", builds_on=made["id"], keep_0=0).status_code == 404
    api(alice).patch(f"{API}/{made['id']}", {"published": True})
    built = post(api, bob, "image", builds_on=made["id"], keep_0=2, speed_0=1).json()
    assert [one["speed"] for one in built["layers"]] == [0]  # a picture stands still
    assert api(alice).delete(f"{API}/{made['id']}").status_code == 204
    assert browser(bob).get(built["layers"][0]["url"]).status_code == 200
    states = StoredFile.objects.filter(purpose="theme").values_list("state", flat=True)
    assert sorted(states) == ["condemned"] * 4 + ["referenced"]
    api(bob).delete(f"{API}/{built['id']}")
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"condemned"}


def test_the_gallery_is_of_people_one_may_see(
    api: ApiOf, browser: BrowserOf, alice: User, bob: User, dave: User, mod: User
) -> None:
    mine, private = make_theme(alice, published=True, name="Open"), make_theme(alice)
    worn = make_theme(bob, published=True, name="Worn")
    room = make_dm(alice, bob)
    services.set_room_theme(actor=alice, conversation_id=room.pk, theme_id=worn.pk)

    def names(user: User, query: str = "") -> list[tuple[str, int]]:
        found = api(user).get(f"{API}{query}").json()["results"]
        return [(one["name"], one["uses"]) for one in found]

    assert names(dave) == [("Worn", 1), ("Open", 0)]
    assert names(dave, "?order=new") == [("Worn", 1), ("Open", 0)]
    assert names(alice, "?mine=true") == [("Sea", 0), ("Open", 0)]
    assert api(dave).get(f"{API}?order=x").status_code == 400
    page = browser(dave).get("/messages/themes").content.decode()
    assert f"from={mine.pk}" in page
    assert f"from={private.pk}" not in page
    graph.block(actor=alice, username="dave")
    assert names(dave) == [("Worn", 1)]
    assert api(dave).get(f"{API}/{mine.pk}").status_code == 404
    accounts.suspend_user(actor=mod, user_id=bob.pk, reason="spam")
    assert names(dave) == []
    # Only its maker touches a theme.
    for method, body in (("patch", {"published": False}), ("delete", None)):
        for theme in (mine, private):
            answer = getattr(api(dave), method)(f"{API}/{theme.pk}", body)
            assert answer.status_code == 404
    assert browser(dave).post(f"/messages/themes/{mine.pk}", {"act": "delete"}).status_code == 404
    assert browser(alice).post(f"/messages/themes/{mine.pk}", {"act": "x"}).status_code == 404
    browser(alice).post(f"/messages/themes/{mine.pk}", {"act": "withdraw"})
    assert not Theme.objects.get(pk=mine.pk).published_at


def test_who_may_dress_a_room(
    api: ApiOf, browser: BrowserOf, alice: User, bob: User, carol: User, erin: User
) -> None:
    pair, group = make_dm(alice, bob), make_group(alice, bob, erin)
    own, other, hidden = make_theme(bob), make_theme(carol, published=True), make_theme(carol)
    path = f"/api/v1/conversations/{pair.pk}/theme"
    assert api(bob).put(path, {"theme_id": own.pk}).json()["theme"]["name"] == "Sea"
    assert api(alice).get(f"{API}/{own.pk}").status_code == 200  # it is on a room of hers
    assert api(alice).put(path, {"theme_id": hidden.pk}).status_code == 404
    assert api(alice).put(path, {"theme_id": other.pk}).status_code == 200
    assert [Theme.objects.get(pk=one.pk).uses for one in (own, other)] == [0, 1]
    assert api(alice).get(f"{API}/{own.pk}").status_code == 404
    api(carol).delete(f"{API}/{other.pk}")
    shown = api(bob).get(f"/api/v1/conversations/{pair.pk}").json()["theme"]
    assert (shown["name"], shown["owner"]) == ("Sea", None)  # the room keeps what it wears
    assert api(bob).delete(path).json()["theme"] is None
    assert not Theme.objects.filter(pk=other.pk).exists()  # and with the last room it goes
    with pytest.raises(Forbidden):
        services.set_room_theme(actor=bob, conversation_id=group.pk, theme_id=own.pk)
    services.set_role(actor=alice, conversation_id=group.pk, user_id=bob.pk, role="admin")
    services.set_room_theme(actor=bob, conversation_id=group.pk, theme_id=own.pk)
    browser(bob).post(f"/messages/{group.pk}/theme")
    assert Conversation.objects.get(pk=group.pk).theme_id is None
    graph.block(actor=alice, username="bob")
    with pytest.raises(Forbidden):
        services.set_room_theme(actor=bob, conversation_id=pair.pk, theme_id=own.pk)
    with pytest.raises(NotFound):
        services.set_room_theme(actor=carol, conversation_id=pair.pk, theme_id=hidden.pk)
    asked = make_dm(carol, bob, friends=False)
    with pytest.raises(Forbidden):  # a request is words only
        services.set_room_theme(actor=carol, conversation_id=asked.pk, theme_id=hidden.pk)
    with pytest.raises(Forbidden):
        services.set_room_theme(actor=bob, conversation_id=asked.pk, theme_id=own.pk)
    invited = make_group(carol)
    services.add_members(actor=carol, conversation_id=invited.pk, handles=["bob"])
    services.set_room_theme(actor=carol, conversation_id=invited.pk, theme_id=hidden.pk)
    assert api(bob).get(f"{API}/{hidden.pk}").status_code == 404
    services.answer_request(actor=bob, conversation_id=invited.pk, answer="accept")
    assert api(bob).get(f"{API}/{hidden.pk}").status_code == 200
    for page in ("/messages/themes?mine=1", f"/messages/themes/new?from={own.pk}&room={pair.pk}"):
        assert browser(bob).get(page).status_code == 200
    assert browser(carol).get(f"/messages/themes?room={pair.pk}").status_code == 404


def test_the_editor_saves_and_dresses_at_once(browser: BrowserOf, alice: User, bob: User) -> None:
    room = make_dm(alice, bob)
    form = {"name": "Night", "background": "image", "room": str(room.pk), "publish": "on"}
    files = {"layer_0": png(), "layer_1": png(), "speed_0": "0.5", "keep_3": ""}
    answer = browser(alice).post("/messages/themes/new", form | COLORS | files)
    assert answer["Location"] == f"/messages/{room.pk}"
    theme = Theme.objects.get()
    assert (theme.uses, theme.layers.count(), bool(theme.published_at)) == (1, 1, True)
    page = browser(bob).get(f"/messages/{room.pk}").content.decode()
    assert '"name": "Night"' in page


def test_a_person_has_so_many_themes(api: ApiOf, alice: User, monkeypatch: Any) -> None:
    from chat.services import themes

    monkeypatch.setattr(themes, "MAX_OWN", 1)
    monkeypatch.setattr(themes, "MAX_BYTES", 100)
    assert post(api, alice, "image", layer_0=png()).status_code == 413
    assert post(api, alice).status_code == 201
    assert post(api, alice).json()["code"] == "too_many_themes"


@pytest.mark.django_db(transaction=True)
def test_the_room_sees_it_live(server: Server, alice: User, bob: User, carol: User) -> None:
    room, theme = make_dm(alice, bob), make_theme(alice, name="Live")
    with native(server, alice) as mine, native(server, bob) as theirs, native(server, carol) as no:
        services.set_room_theme(actor=alice, conversation_id=room.pk, theme_id=theme.pk)
        for peer in (mine, theirs):
            told = peer.until("conv.update")
            assert (told["c"], told["d"]["theme"]["name"]) == (str(room.pk), "Live")
        services.set_room_theme(actor=bob, conversation_id=room.pk, theme_id=None)
        assert theirs.until("conv.update")["d"] == {"theme": None}
        assert no.heard() == []
    with pytest.raises(DomainError):
        services.delete_theme(actor=bob, theme_id=theme.pk)
