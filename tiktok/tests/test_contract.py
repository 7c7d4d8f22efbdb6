"""The published contract and the OpenAPI document say the same, and every route resolves."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

# The routes of `docs/api.md` that this product serves by now: path, then its methods.
CONTRACT = """
/auth/signup POST
/auth/signin POST
/auth/refresh POST
/auth/signout POST
/auth/sessions GET
/auth/sessions/{} DELETE
/auth/password/change POST
/auth/password/reset POST
/auth/password/reset/confirm POST
/auth/email/verify POST
/users/me GET PATCH
/users/me/settings GET PATCH
/users/me/deactivate POST
/users GET
/users/suggested GET
/users/suggested/{} DELETE
/users/{} GET PUT PATCH
/users/{}/videos GET
/users/{}/liked GET
/users/{}/saved GET
/users/{}/reposts GET
/users/{}/followers GET
/users/{}/following GET
/users/{}/follow POST DELETE
/users/{}/follower DELETE
/users/{}/block POST DELETE
/users/{}/mute POST DELETE
/users/{}/bell POST DELETE
/users/{}/friend-request POST
/follow-requests GET
/follow-requests/{}/accept POST
/follow-requests/{}/decline POST
/friends GET
/friends/{} DELETE
/friend-requests GET
/friend-requests/{}/accept POST
/friend-requests/{}/decline POST
/videos POST
/uploads POST
/uploads/{} HEAD PATCH DELETE
/uploads/direct POST
/uploads/{}/complete POST
/videos/{} GET PATCH DELETE
/videos/{}/status GET
/videos/{}/retry POST
/videos/{}/cover GET PUT
/videos/{}/captions GET
/videos/{}/captions/{} PUT DELETE
/videos/{}/pin POST DELETE
/videos/{}/download GET
/videos/{}/like POST DELETE
/videos/{}/save POST DELETE
/videos/{}/repost POST DELETE
/videos/{}/share POST
/videos/{}/likes GET
/videos/{}/comments GET POST
/comments/{}/replies GET
/comments/{} PATCH DELETE
/comments/{}/like POST DELETE
/comments/{}/pin POST DELETE
/collections GET POST
/collections/{} GET PATCH DELETE
/collections/{}/videos GET
/collections/{}/videos/{} POST DELETE
/events/views POST
/reports POST
/videos/feed GET
/videos/feed/all GET
/videos/feed/following GET
/videos/{}/not-interested POST DELETE
/videos/{}/why GET
/feed/interests GET PUT
/feed/reset POST
/feed/mutes GET POST
/feed/mutes/{} DELETE
/sounds/{} GET
/sounds/{}/videos GET
/tags/trending GET
/tags/{} GET
/tags/{}/videos GET
/tags/{}/follow POST DELETE
/search GET
/search/suggest GET
/conversations GET POST
/conversations/dm POST
/conversations/{} GET PATCH DELETE
/conversations/{}/messages GET POST
/conversations/{}/read POST
/conversations/{}/events GET
/conversations/{}/members POST
/conversations/{}/members/{} PATCH DELETE
/conversations/{}/link GET POST DELETE
/conversations/{}/picture PUT DELETE
/conversations/{}/join POST
/conversations/open GET
/conversations/{}/request/accept POST
/conversations/{}/request/decline POST
/conversations/{}/request/block POST
/messages/{} PATCH DELETE
/messages/{}/reactions/{} PUT DELETE
/sync GET
/attachments POST
/realtime/ticket POST
/calls/turn POST
/calls/{}/sfu-token POST
/calls/{}/people GET
/presence GET
/realtime/schema GET
/emoji-sets GET POST
/emoji/{} DELETE
/conversations/{}/emoji-sets GET POST
/themes GET POST
/themes/{} GET PATCH DELETE
/conversations/{}/theme PUT DELETE
/search/messages GET
/search/users GET
/push-devices GET POST DELETE
/push-devices/{} DELETE
/notification-preferences GET PATCH
/user/signup POST
/user/signin POST
/video POST
/videos/{}/comment POST
"""
SERVED = {line.split()[0]: set(line.split()[1:]) for line in CONTRACT.split("\n") if line}
UUID = "01999999-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    answer = Client().get("/api/schema/")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(scope="module")
def described(document: dict[str, Any]) -> dict[str, set[str]]:
    return {
        re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v1")): {
            method.upper() for method in item if method in METHODS
        }
        for path, item in document["paths"].items()
    }


METHODS = {"get", "head", "post", "put", "patch", "delete"}


@pytest.mark.parametrize("path", sorted(SERVED))
def test_every_route_of_the_contract_is_described(
    described: dict[str, set[str]], path: str
) -> None:
    # The generator leaves HEAD out.
    assert SERVED[path] - {"HEAD"} <= described.get(path, set())


@pytest.mark.parametrize("path", sorted(SERVED))
def test_every_route_of_the_contract_resolves_to_a_view_with_its_methods(path: str) -> None:
    view: Any = resolve("/api/v1" + path.replace("{}", UUID)).func
    for method in SERVED[path]:
        assert hasattr(view.view_class, method.lower()), method


def test_every_described_path_resolves(document: dict[str, Any]) -> None:
    for path in document["paths"]:
        try:
            resolve(re.sub(r"\{\w+\}", UUID, path))
        except Resolver404:
            pytest.fail(f"{path} is described but not served")


def test_every_operation_has_a_name_a_summary_and_the_problem_answer(
    document: dict[str, Any],
) -> None:
    names = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                names.append(operation["operationId"])
                assert operation.get("description"), f"{method} {path} says nothing"
                problem = operation["responses"]["default"]["content"]
                assert "application/problem+json" in problem
    assert len(names) == len(set(names))


def test_the_document_is_browsable(client: Client) -> None:
    answer = client.get("/api/docs/")
    assert answer.status_code == 200
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    assert b"://cdn" not in answer.content
