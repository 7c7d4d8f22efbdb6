from django.test import Client

from accounts.models import User
from conftest import BrowserOf
from social.graph import services
from social.graph.tests.factories import make_private, stats

HTMX = {"HX-Request": "true"}


def test_follow_button(browser: BrowserOf, alice: User, bob: User) -> None:
    client = browser(bob)
    answer = client.post("/@alice/follow", {"on": "1"}, headers=HTMX)
    assert answer.status_code == 200
    assert "Following" in answer.content.decode()
    assert stats(alice) == (1, 0, 0)
    answer = client.post("/@alice/follow", {"on": "0"}, headers=HTMX)
    assert 'value="1"' in answer.content.decode()
    assert stats(alice) == (0, 0, 0)


def test_request_button(browser: BrowserOf, alice: User, bob: User) -> None:
    make_private(alice)
    answer = browser(bob).post("/@alice/follow", {"on": "1"}, headers=HTMX)
    assert "Requested" in answer.content.decode()


def test_follow_back(browser: BrowserOf, alice: User, bob: User) -> None:
    services.follow(actor=alice, user_id=bob.pk)
    answer = browser(bob).post("/@alice/follow", {"on": "0"}, headers=HTMX)
    assert "Follow back" in answer.content.decode()


def test_plain_form_goes_back(browser: BrowserOf, alice: User, bob: User) -> None:
    client = browser(bob)
    answer = client.post("/@alice/follow", {"on": "1"})
    assert (answer.status_code, answer["Location"]) == (303, "/@alice")
    answer = client.post("/@alice/follow", {"on": "1", "next": "/explore"})
    assert answer["Location"] == "/explore"
    for evil in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        answer = client.post("/@alice/follow", {"on": "1", "next": evil})
        assert answer["Location"] == "/@alice"


def test_refusals(browser: BrowserOf, alice: User, dave: User, client: Client) -> None:
    services.block(actor=alice, user_id=dave.pk)
    assert browser(dave).post("/@alice/follow", {"on": "1"}, headers=HTMX).status_code == 404
    assert browser(alice).post("/@alice/follow", {"on": "1"}, headers=HTMX).status_code == 400
    assert client.post("/@alice/follow", {"on": "1"}, headers=HTMX).status_code == 401
    assert browser(dave).get("/@alice/follow").status_code == 405
