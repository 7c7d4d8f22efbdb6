"""X02: every page says what it may load and who may frame it."""

from collections.abc import Mapping

import pytest
from django.test import Client

from accounts.models import User
from chat.tests.factories import make_group
from conftest import BrowserOf
from feed.tests.factories import make_video
from tiktok.tests.routes import NOTHING, Values, fill, walk

DIRECTIVES = ("form-action 'self'", "base-uri 'none'", "object-src 'none'")
# Framed by whoever embeds a clip; without scripts of ours.
FRAMED = "embed/<uuid:video_id>"


@pytest.fixture
def values(alice: User, bob: User) -> Mapping[str, str]:
    video, room = make_video(alice), make_group(alice, bob)

    return Values(
        video_id=str(video.pk),
        conversation_id=str(room.pk),
        username="alice",
        handle="alice",
        tab="liked",
        tag="rain",
    )


def pages(client: Client, values: Mapping[str, str], before: str = "") -> dict[str, str]:
    """Return the policy of every page that answers with HTML, by its route."""
    found = {}
    for route, _ in walk():
        if "^" in route or not route.startswith(before):
            continue
        answer = client.get(fill(route, values, {}))
        if answer.get("Content-Type", "").startswith("text/html") and answer.status_code != 302:
            found[route] = answer.get("Content-Security-Policy", "")
    return found


def test_every_page_has_a_policy(
    client: Client, browser: BrowserOf, values: Mapping[str, str], alice: User, mod: User
) -> None:
    found = pages(client, values) | pages(browser(alice), values)
    found |= pages(browser(mod), values, "admin/")
    assert len(found) > 40
    for route, policy in found.items():
        assert "unsafe-inline" not in policy, route
        assert "unsafe-eval" not in policy, route
        assert "frame-ancestors" in policy, route
        assert ("frame-ancestors 'none'" in policy) is (route != FRAMED), route
        for directive in DIRECTIVES:
            assert directive in policy, (route, directive)
        scripts = [part.strip() for part in policy.split(";") if "script-src" in part]
        allowed = scripts or [part for part in policy.split(";") if "default-src" in part]
        assert any("'self'" in part or "'none'" in part for part in allowed), (route, policy)


def test_answers_that_fail_have_one_too(client: Client, db: None) -> None:
    for path in ("/nowhere", "/@nobody", f"/@nobody/video/{NOTHING}"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
