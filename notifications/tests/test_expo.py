"""Expo: a hundred in a request, tickets and receipts, and tokens that are no more."""

import json
from typing import Any

import pytest

from accounts.models import User
from chat.tests.factories import make_dm, make_group, say
from notifications import expo
from notifications.models import PushDelivery, PushDevice
from notifications.tests.kit import PushService, Script, expo_device, pushes

pytestmark = pytest.mark.django_db
SEND, RECEIPTS = "/expo/send", "/expo/getReceipts"
QUARTER = 16 * 60


def answer(*told: dict[str, Any]) -> Script:
    return Script(200, body=json.dumps({"data": told}).encode())


def refused(error: str) -> dict[str, Any]:
    return {"status": "error", "message": "no", "details": {"error": error}}


def states() -> list[tuple[str, str]]:
    return list(PushDelivery.objects.order_by("device__token").values_list("state", "reason"))


def test_an_app_is_told_and_its_receipt_is_asked_for(
    alice: User, bob: User, service: PushService
) -> None:
    device = expo_device(bob, "one")
    room = make_dm(alice, bob)
    say(alice, room, "hello")
    pushes()
    (asked,) = service.to(SEND)
    (message,) = asked.json
    assert (message["to"], message["title"], message["body"]) == (device.token, "Alice", "hello")
    assert message["data"]["url"] == f"/messages/{room.pk}"
    assert "authorization" not in asked.headers
    assert states() == [("ticketed", "")]
    assert not service.to(RECEIPTS)
    pushes(QUARTER)
    assert len(service.to(RECEIPTS)[0].json["ids"]) == 1
    assert states() == [("sent", "")]


def test_many_are_told_a_hundred_at_a_time(
    alice: User, bob: User, carol: User, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expo, "BATCH", 3)
    for user in (bob, carol):
        for number in range(4):
            expo_device(user, f"{user.username}{number}")
    say(alice, make_group(alice, bob, carol))
    pushes()
    assert [len(one.json) for one in service.to(SEND)] == [3, 3, 2]
    assert len({one["to"] for asked in service.to(SEND) for one in asked.json}) == 8


def test_a_token_that_is_no_more_is_forgotten_by_ticket_and_by_receipt(
    alice: User, bob: User, service: PushService
) -> None:
    for name in ("a", "b", "c"):
        expo_device(bob, name)
    service.scripts[SEND] = [
        answer(
            refused("DeviceNotRegistered"),
            {"status": "ok", "id": "t-b"},
            {"status": "ok", "id": "t-c"},
        )
    ]
    told = {"t-b": refused("DeviceNotRegistered"), "t-c": {"status": "ok"}}
    service.scripts[RECEIPTS] = [Script(200, body=json.dumps({"data": told}).encode())]
    say(alice, make_dm(alice, bob))
    pushes()
    assert PushDevice.objects.count() == 2
    pushes(QUARTER)
    assert PushDevice.objects.count() == 1
    assert states() == [("sent", "")]


def test_one_foreign_token_costs_its_own_push_only(
    alice: User, bob: User, service: PushService
) -> None:
    for name in ("a", "b", "foreign", "z"):
        expo_device(bob, name)
    plain = service.answer_expo

    def spoilt(path: str, body: bytes) -> Script:
        if path == SEND and b"foreign" in body:
            return Script(400, body=b'{"errors": [{"code": "PUSH_TOO_MANY_EXPERIENCE_IDS"}]}')
        return plain(path, body)

    service.answer_expo = spoilt
    say(alice, make_dm(alice, bob))
    pushes()
    assert states() == [("ticketed", ""), ("ticketed", ""), ("dead", "http_400"), ("ticketed", "")]


@pytest.mark.parametrize(
    "script",
    [
        Script(429, {"Retry-After": "60"}),
        Script(500),
        Script(200, body=b"not json"),
        Script(200, body=b"[]"),
        Script(200, body=b'{"data": []}'),
        Script(200, body=b'{"data": ["odd"]}'),
        answer(refused("MessageRateExceeded")),
    ],
)
def test_trouble_is_waited_out(
    alice: User, bob: User, service: PushService, script: Script
) -> None:
    expo_device(bob, "one")
    service.scripts[SEND] = [script]
    say(alice, make_dm(alice, bob))
    pushes()
    assert PushDelivery.objects.get().state == "waiting"
    pushes(120)
    assert PushDelivery.objects.get().state == "ticketed"


def test_what_expo_will_not_take_is_dead(alice: User, bob: User, service: PushService) -> None:
    expo_device(bob, "one")
    service.scripts[SEND] = [answer(refused("MessageTooBig"))]
    say(alice, make_dm(alice, bob))
    pushes()
    assert states() == [("dead", "expo_refused")]


def test_receipts_that_do_not_come_are_asked_for_again_and_given_up(
    alice: User, bob: User, service: PushService
) -> None:
    expo_device(bob, "one")
    service.scripts[RECEIPTS] = [Script(503), answer(), Script(200, body=b'{"data": {}}')]
    say(alice, make_dm(alice, bob))
    pushes()
    pushes(QUARTER)
    pushes(QUARTER + 60)
    assert len(service.to(RECEIPTS)) == 1
    assert states() == [("ticketed", "")]
    pushes(2 * QUARTER)
    pushes(21 * 3600)
    assert states() == [("dead", "no_receipt")]


def test_an_access_token_is_shown(
    alice: User, bob: User, service: PushService, settings: Any
) -> None:
    from dataclasses import replace

    settings.PUSH = replace(settings.PUSH, expo_token="the-token")
    expo_device(bob, "one")
    say(alice, make_dm(alice, bob))
    pushes()
    assert service.to(SEND)[0].headers["authorization"] == "Bearer the-token"
