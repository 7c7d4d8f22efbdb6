import pytest

from accounts.models import User
from conftest import BrowserOf
from core.testing import same_queries
from social.graph import services
from social.graph.models import Follow
from social.graph.tests.factories import befriend, make_people


@pytest.mark.parametrize("name", ["follow", "friendship", "block"])
def test_lists_are_read_only(
    browser: BrowserOf, mod: User, alice: User, bob: User, erin: User, name: str
) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    befriend(alice, erin)
    services.block(actor=bob, user_id=erin.pk)
    client = browser(mod)
    page = client.get(f"/admin/graph/{name}/?q=alice")
    assert page.status_code == 200
    assert client.get(f"/admin/graph/{name}/add/").status_code == 403
    follow = Follow.objects.get()
    assert (
        client.post(f"/admin/graph/follow/{follow.pk}/delete/", {"post": "yes"}).status_code == 403
    )
    assert Follow.objects.exists()


def test_a_list_costs_the_same(browser: BrowserOf, mod: User, alice: User) -> None:
    client = browser(mod)
    client.get("/admin/graph/follow/")
    with same_queries() as record:
        for number in (2, 18):
            for person in make_people(number, prefix=f"p{number}x"):
                services.follow(actor=person, user_id=alice.pk)
            record(lambda: client.get("/admin/graph/follow/"))
