"""One form of every error, both forms of every path, and nobody's forged address."""

from typing import Any

import orjson
import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import include, path
from pytest_django import Settings
from rest_framework import serializers
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import errors
from core.http.clients import client_ip, limit_subject
from core.http.problems import flatten
from core.idempotency import idempotent
from core.models import RateBucket

NESTED: Any = {"items": {"1": {"name": ["Required."]}}}
RAISED: dict[str, Exception] = {
    "invalid": errors.Invalid.field("text", "Too short."),
    "forbidden": errors.Forbidden("comments_off", "Comments are off."),
    "not_found": errors.NotFound(),
    "limited": errors.RateLimited(7),
    "away": errors.Unavailable(9),
    "bug": ZeroDivisionError(),
    "drf": serializers.ValidationError(NESTED),
}


class Raise(APIView):
    """Raises what it is told to."""

    permission_classes = (AllowAny,)

    def get(self, request: Request, what: str) -> Response:
        """Raise."""
        raise RAISED[what]


class Add(APIView):
    """Adds a row each time it really runs."""

    permission_classes = (AllowAny,)

    @idempotent
    def post(self, request: Request) -> Response:
        """Add and answer the number of rows."""
        body: Any = request.data
        name = body["name"]
        RateBucket.objects.create(key=name, theoretical_arrival=0)
        if name == "refused":
            raise errors.Invalid.field("name", "No.")
        return Response({"rows": RateBucket.objects.count()}, status=201)


class Form(Add):
    """Accepts forms only."""

    parser_classes = (FormParser,)


urlpatterns = [
    path(
        "api/",
        include(
            [
                path("raise/<str:what>", Raise.as_view()),
                path("add", Add.as_view()),
                path("form", Form.as_view()),
            ]
        ),
    ),
]
handler404 = "core.http.problems.page_not_found"
handler500 = "core.http.problems.server_error"
pytestmark = [pytest.mark.django_db, pytest.mark.urls("core.tests.test_http")]


def body_of(response: Any) -> Any:
    """Return the problem of an answer."""
    assert response["Content-Type"] == "application/problem+json"
    return orjson.loads(response.content)


def test_domain_errors_become_problems(client: Client) -> None:
    response = client.get("/api/raise/invalid")
    problem = body_of(response)
    assert response.status_code == problem["status"] == 400
    assert problem["errors"] == {"text": ["Too short."]}
    assert problem["request_id"] == response["X-Request-Id"]
    assert body_of(client.get("/api/raise/forbidden"))["code"] == "comments_off"


@pytest.mark.parametrize("what, status, seconds", [("limited", 429, "7"), ("away", 503, "9")])
def test_waiting_is_told_in_the_header(
    client: Client, what: str, status: int, seconds: str
) -> None:
    response = client.get(f"/api/raise/{what}")
    assert (response.status_code, response["Retry-After"]) == (status, seconds)


def test_a_hidden_object_and_an_unknown_route_answer_alike(client: Client) -> None:
    hidden, missing = client.get("/api/raise/not_found"), client.get("/api/nowhere")
    assert body_of(hidden) | {"request_id": ""} == body_of(missing) | {"request_id": ""}
    assert hidden["Cache-Control"] == missing["Cache-Control"] == "no-store"


def test_a_bug_tells_nothing_but_the_request(client: Client) -> None:
    client.raise_request_exception = False
    problem = body_of(client.get("/api/raise/bug"))
    assert problem["code"] == "internal"
    assert "Zero" not in str(problem)


def test_nested_messages_keep_their_place(client: Client) -> None:
    assert body_of(client.get("/api/raise/drf"))["errors"] == {"items.1.name": ["Required."]}
    assert flatten({"a": ["x"], "b": [{}, {"c": ["y"]}]}) == {"a": ["x"], "b.1.c": ["y"]}


@pytest.mark.parametrize("form", ["/api/nowhere/", "/api/nowhere"])
def test_both_forms_of_a_path_answer(client: Client, form: str) -> None:
    assert (
        client.post(
            "/api/add" + "/" * form.endswith("/"), {"name": form}, "application/json"
        ).status_code
        == 201
    )


def test_other_bodies_than_json_are_415_and_broken_ones_400(client: Client) -> None:
    assert client.post("/api/add", "name=x", "application/x-www-form-urlencoded").status_code == 415
    assert client.post("/api/form", "{}", "application/json").status_code == 415
    for broken in (b"{", b'{"a": NaN}', b"[" * 10_000, b'"\xed\xa0\x80"'):
        response = client.post("/api/add", broken, "application/json")
        assert response.status_code == 400, broken[:20]


def test_a_body_above_the_limit_is_413(client: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = client.post("/api/add", {"name": "x" * 200}, "application/json")
    assert (response.status_code, body_of(response)["code"]) == (413, "body_too_large")


def post(client: Client, name: str, key: str) -> Any:
    """POST with an idempotency key."""
    return client.post(
        "/api/add", {"name": name}, "application/json", headers={"Idempotency-Key": key}
    )


def test_a_repeat_gets_the_first_answer(client: Client) -> None:
    first, again = post(client, "one", "k1"), post(client, "one", "k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() == {"rows": 1}
    assert again["Idempotency-Replayed"] == "true"


def test_a_key_does_not_cover_another_body(client: Client) -> None:
    post(client, "one", "k1")
    assert body_of(post(client, "two", "k1"))["code"] == "idempotency_key_reused"


def test_a_refused_call_leaves_nothing_and_may_be_repeated(client: Client) -> None:
    assert post(client, "refused", "k2").status_code == 400
    assert not RateBucket.objects.exists()
    assert post(client, "allowed", "k2").status_code == 201


def test_an_unusable_key_is_refused(client: Client) -> None:
    assert body_of(post(client, "one", "k" * 256))["code"] == "idempotency_key_invalid"


def request_from(remote: str, forwarded: str = "") -> HttpRequest:
    """Return a request with these addresses."""
    request = RequestFactory().get("/", REMOTE_ADDR=remote)
    if forwarded:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return request


def test_forwarded_addresses_count_only_behind_trusted_proxies(settings: Settings) -> None:
    settings.TRUSTED_PROXY_COUNT = 0
    assert client_ip(request_from("10.0.0.9", "1.2.3.4")) == "10.0.0.9"
    settings.TRUSTED_PROXY_COUNT = 1
    assert client_ip(request_from("10.0.0.9", "6.6.6.6, 1.2.3.4")) == "1.2.3.4"
    assert client_ip(request_from("10.0.0.9", "junk")) == "10.0.0.9"


def test_one_ipv6_network_is_one_subject() -> None:
    first, second = request_from("2001:db8::1"), request_from("2001:db8::ffff:2")
    assert limit_subject(first) == limit_subject(second)
    assert limit_subject(request_from("::ffff:1.2.3.4")) == "1.2.3.4"
