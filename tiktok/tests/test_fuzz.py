"""A fuzz of the whole OpenAPI document: whatever comes in, no 500 goes out."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, settings

from accounts.models import User
from conftest import PASSWORD
from feed.tests.factories import make_video
from social.engagement.models import Comment
from tiktok.wsgi import application

EXAMPLES = 3


@schemathesis.serializer("application/offset+octet-stream")
def octets(context: Any, value: object) -> bytes:
    """The body of an upload: bytes as they are, anything else as its text."""
    return value if isinstance(value, bytes) else str(value).encode(errors="surrogatepass")


schema = schemathesis.openapi.from_wsgi("/api/schema", application)


@pytest.fixture
def known(alice: User, client: Client) -> dict[str, str]:
    """Things that exist, and a token of somebody who may touch them."""
    video = make_video(alice)
    comment = Comment.objects.create(video=video, author=alice, text="hello")
    answer = client.post(
        "/api/v1/auth/signin",
        {"username": "alice", "password": PASSWORD},
        content_type="application/json",
    )
    assert answer.status_code == 200, answer.content
    return {
        "token": answer.json()["access"],
        "video_id": str(video.pk),
        "comment_id": str(comment.pk),
        "handle": "alice",
    }


@pytest.fixture
def one_connection(known: dict[str, str]) -> Iterator[None]:
    """Keep the test's transaction open over requests, as Django's own test client does.

    After `known`, whose client connects the signals again.
    """
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_nothing_makes_a_500(
    case: schemathesis.Case[Any], known: dict[str, str], one_connection: None
) -> None:
    signed_in = {"Authorization": f"Bearer {known['token']}"}
    for headers in ({}, signed_in):
        look(case.call(headers=headers))
    existing = {name: known[name] for name in case.path_parameters or {} if name in known}
    if existing:
        case.path_parameters = {**case.path_parameters, **existing}
        look(case.call(headers=signed_in))


def look(answer: Any) -> None:
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"][0].startswith("application/problem+json")
