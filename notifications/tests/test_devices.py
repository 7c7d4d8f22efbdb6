"""Registering a device: what is taken, what is refused, whose it is, and when it ends."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts import services as accounts
from accounts.devices import Device
from accounts.models import Session, User
from accounts.services import standing
from accounts.tokens import issue_access
from chat.tests.factories import make_dm, say
from conftest import PASSWORD, ApiOf, BrowserOf
from notifications import services
from notifications.models import PushDevice
from notifications.tests.kit import Browser, PushService, expo_device, pushes

pytestmark = pytest.mark.django_db
URL = "/api/v1/push-devices"


def app_of(user: User) -> tuple[APIClient, Session]:
    """Return a native client with a sign-in of its own."""
    session = accounts.open_session(user=user, kind=Session.Kind.APP, device=Device())
    client = APIClient()
    token = issue_access(user_id=user.pk, session_id=session.pk)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client, session


def test_a_browser_registers_is_listed_and_goes(
    api: ApiOf, alice: User, service: PushService, settings: Any
) -> None:
    client, session = app_of(alice)
    made = Browser(service, "one")
    first = client.post(URL, made.subscription, format="json")
    again = client.post(URL, made.subscription, format="json")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert PushDevice.objects.get().session_id == session.pk
    told = client.get(URL).json()
    assert told["public_key"] == settings.PUSH.public_key
    assert [(one["transport"], one["is_current"]) for one in told["results"]] == [("webpush", True)]
    assert made.endpoint not in client.get(URL).content.decode()
    assert client.delete(URL, {"token": made.endpoint}, format="json").status_code == 204
    assert client.delete(URL, {"token": made.endpoint}, format="json").status_code == 404
    assert not PushDevice.objects.exists()


def test_an_app_registers_and_is_removed_by_its_id(api: ApiOf, alice: User, bob: User) -> None:
    body = {"transport": "expo", "token": "ExponentPushToken[abcdefghij]"}
    device_id = api(alice).post(URL, body, format="json").json()["id"]
    assert api(bob).delete(f"{URL}/{device_id}").status_code == 404
    assert api(bob).delete(URL, {"token": body["token"]}, format="json").status_code == 404
    assert api(alice).delete(f"{URL}/not-an-id").status_code == 404
    assert api(alice).delete(f"{URL}/{device_id}").status_code == 204


def web(service: PushService, **changes: Any) -> dict[str, Any]:
    body = Browser(service, "x").subscription
    keys = body["keys"] | changes.pop("keys", {})
    return body | {"keys": keys} | changes


BAD_ENDPOINTS = (
    "",
    "http://push.example.com/x",
    "ftp://push.example.com/x",
    "file:///etc/passwd",
    "https://",
    "https://localhost/x",
    "https://localhost./x",
    "https://127.0.0.1/x",
    "https://127.1/x",
    "https://2130706433/x",
    "https://0x7f000001/x",
    "https://0177.0.0.1/x",
    "https://0/x",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://169.254.169.254/latest/meta-data",
    "https://push.example.com:8443/x",
    "https://push.example.com:99999/x",
    "https://user:secret@push.example.com/x",
    "https://push..example.com/x",
    "https://push.example.com/\r\nX: y",
    "https://push.example.com/ x",
    "https://pÚsh.example.com/x",
    "https://push.example.com/" + "x" * 1000,
)


@pytest.mark.parametrize("endpoint", BAD_ENDPOINTS)
def test_endpoints_that_are_no_push_service(
    api: ApiOf, alice: User, service: PushService, endpoint: str
) -> None:
    answer = api(alice).post(URL, web(service, endpoint=endpoint), format="json")
    assert answer.status_code == 400, answer.content
    assert "endpoint" in answer.json()["errors"]
    assert not PushDevice.objects.exists()


@pytest.mark.parametrize(
    "keys",
    [
        {"auth": ""},
        {"auth": "short"},
        {"auth": "*" * 22},
        {"p256dh": "A" * 87},
        {"p256dh": "B" * 40},
        {"p256dh": "A" * 101},
    ],
)
def test_keys_that_nothing_can_be_encrypted_for(
    api: ApiOf, alice: User, service: PushService, keys: dict[str, str]
) -> None:
    answer = api(alice).post(URL, web(service, keys=keys), format="json")
    assert answer.status_code == 400, answer.content
    assert not PushDevice.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"transport": "pigeon", "token": "x"},
        {"transport": "expo"},
        {"transport": "expo", "token": "https://push.example.com/x"},
        {"transport": "expo", "token": "ExponentPushToken[]"},
        {"transport": "expo", "token": "ExponentPushToken[" + "x" * 101 + "]"},
        {"transport": "expo", "token": ["ExponentPushToken[abcdefghij]"]},
        {"transport": "webpush", "endpoint": "https://push.example.com/x"},
        {"transport": "webpush", "endpoint": "https://push.example.com/x", "keys": "x"},
        {"transport": "webpush", "endpoint": "https://push.example.com/x", "keys": {}},
    ],
)
def test_bodies_that_are_no_device(api: ApiOf, alice: User, body: Any) -> None:
    assert api(alice).post(URL, body, format="json").status_code == 400


def test_nobody_registers_for_nobody(anon: APIClient, service: PushService) -> None:
    assert anon.post(URL, web(service), format="json").status_code == 401
    assert anon.get(URL).status_code == 401


def test_a_transport_that_is_off_refuses(
    api: ApiOf, alice: User, service: PushService, settings: Any
) -> None:
    settings.PUSH = replace(settings.PUSH, private_key="", public_key="", expo=False)
    expo = {"transport": "expo", "token": "ExponentPushToken[abcdefghij]"}
    for body in (web(service), expo):
        answer = api(alice).post(URL, body, format="json")
        assert (answer.status_code, answer.json()["code"]) == (403, "push_off")
    told = api(alice).get(URL).json()
    assert (told["public_key"], told["expo"]) == (None, False)


def test_registrations_are_bounded(api: ApiOf, alice: User, settings: Any) -> None:
    settings.RATE_LIMIT_SCALE = 0.05
    body = {"transport": "expo", "token": "ExponentPushToken[abcdefghij]"}
    codes = [api(alice).post(URL, body, format="json").status_code for _ in range(5)]
    assert codes[0] == 201
    assert codes[-1] == 429


def test_a_token_goes_to_whoever_registers_it(
    alice: User, bob: User, carol: User, service: PushService
) -> None:
    shared = Browser(service, "shared")
    shared.register(bob)
    room = make_dm(alice, bob)
    say(alice, room, "for bob's eyes")
    shared.register(carol)
    assert PushDevice.objects.get().user_id == carol.pk
    pushes()
    assert shared.shown == []


def test_of_twenty_one_devices_the_longest_silent_one_goes(alice: User) -> None:
    made = [expo_device(alice, f"n{number}") for number in range(services.MAX_DEVICES)]
    expo_device(alice, "n0")  # heard of again
    expo_device(alice, "more")
    left = set(PushDevice.objects.values_list("token", flat=True))
    assert len(left) == services.MAX_DEVICES
    assert made[0].token in left
    assert made[1].token not in left


def test_a_sign_out_ends_the_pushes_of_its_device(alice: User, bob: User) -> None:
    client, session = app_of(bob)
    other, _kept = app_of(bob)
    for one, name in ((client, "gone123456"), (other, "kept123456")):
        body = {"transport": "expo", "token": f"ExponentPushToken[{name}]"}
        assert one.post(URL, body, format="json").status_code == 201
    room = make_dm(alice, bob)
    say(alice, room)
    accounts.sign_out(session_id=session.pk)
    pushes()
    assert [one.token for one in PushDevice.objects.all()] == ["ExponentPushToken[kept123456]"]


def test_a_sign_out_counts_before_anybody_was_told_of_it(
    alice: User, bob: User, service: PushService
) -> None:
    """The row of the sign-in decides; the event that forgets the device may get lost."""
    _client, session = app_of(bob)
    phone = Browser(service, "bobs")
    phone.register(bob, session.pk)
    say(alice, make_dm(alice, bob))
    Session.objects.filter(pk=session.pk).update(revoked_at=session.created_at)
    pushes()
    assert phone.shown == []
    assert PushDevice.objects.exists()


def test_a_new_password_and_leaving_end_all_pushes(
    alice: User, bob: User, service: PushService
) -> None:
    _client, session = app_of(bob)
    phone = Browser(service, "bobs")
    phone.register(bob, session.pk)
    bare = Browser(service, "bare")
    bare.register(bob)
    room = make_dm(alice, bob)
    say(alice, room)
    accounts.deactivate(actor=User.objects.get(pk=bob.pk), password=PASSWORD, device=Device())
    pushes()
    assert (phone.shown, bare.shown) == ([], [])


def test_a_sign_out_by_moderators_ends_them_too(alice: User, bob: User, mod: User) -> None:
    client, _session = app_of(bob)
    client.post(URL, {"transport": "expo", "token": "ExponentPushToken[abcdefghij]"}, format="json")
    standing.sign_out_user(actor=mod, user_id=bob.pk)
    pushes()
    assert not PushDevice.objects.exists()


def test_the_worker_is_public_and_always_asked_for(client: Client) -> None:
    answer = client.get("/push-worker.js")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert b'addEventListener("push"' in answer.content


def test_a_page_says_where_one_is_told_and_ends_it(
    browser: BrowserOf, bob: User, phone: Browser
) -> None:
    client = browser(bob)
    device = PushDevice.objects.get()
    page = client.get("/settings/notifications")
    assert str(device.pk) in page.content.decode()
    assert phone.endpoint not in page.content.decode()
    answer = client.post(
        "/settings/notifications", {"action": "forget", "device_id": str(device.pk)}
    )
    assert answer.status_code == 302
    assert not PushDevice.objects.exists()
