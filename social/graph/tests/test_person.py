import pytest
from pytest_django.fixtures import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf
from social.graph import services
from social.graph.tests.factories import make_private, suspend

USERS = "/api/v1/users"


def test_public_profile(anon: APIClient, api: ApiOf, alice: User, bob: User) -> None:
    services.follow(actor=bob, user_id=alice.pk)
    profile = anon.get(f"{USERS}/alice").json()
    assert profile["counts"]["followers"] == 1
    assert not any(profile["viewer"].values())
    assert "email" not in profile
    mine = api(bob).get(f"{USERS}/{alice.pk}").json()
    assert mine["viewer"]["follows"] is True
    assert api(alice).get(f"{USERS}/bob/").json()["viewer"]["followed_by"] is True


def test_by_email_only_when_allowed_and_never_echoed(anon: APIClient, alice: User) -> None:
    assert anon.get(f"{USERS}/alice@example.com").status_code == 404
    alice.found_by_email = True
    alice.save()
    answer = anon.get(f"{USERS}/alice@example.com")
    assert answer.json()["username"] == "alice"
    assert b"example.com" not in answer.content


def test_private_profile_is_visible_without_its_lists(anon: APIClient, alice: User) -> None:
    make_private(alice)
    assert anon.get(f"{USERS}/alice").json()["is_private"] is True


@pytest.mark.parametrize("why", ["blocked", "blocking", "suspended", "deactivated"])
@pytest.mark.parametrize("by", ["username", "pk"])
def test_hidden_is_missing(why: str, by: str, api: ApiOf, alice: User, dave: User) -> None:
    if why == "blocked":
        services.block(actor=alice, user_id=dave.pk)
    elif why == "blocking":
        services.block(actor=dave, user_id=alice.pk)
    elif why == "suspended":
        suspend(alice)
    else:
        User.objects.filter(pk=alice.pk).update(is_active=False)
    hidden = api(dave).get(f"{USERS}/{getattr(alice, by)}")
    missing = api(dave).get(f"{USERS}/nobody")
    bodies = [one.json() | {"request_id": ""} for one in (hidden, missing)]
    assert hidden.status_code == missing.status_code == 404
    assert bodies[0] == bodies[1]


def test_a_hidden_person_costs_what_a_missing_one_costs(
    api: ApiOf, alice: User, dave: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    services.block(actor=alice, user_id=dave.pk)
    for handle in ("alice", "nobody"):
        with django_assert_num_queries(2):  # the person, the blocks
            api(dave).get(f"{USERS}/{handle}")


def test_only_the_owner_changes(api: ApiOf, anon: APIClient, alice: User, bob: User) -> None:
    assert anon.patch(f"{USERS}/alice", {"bio": "x"}).status_code == 401
    assert api(bob).patch(f"{USERS}/alice", {"bio": "x"}).status_code == 404
    for method in ("put", "patch"):
        answer = getattr(api(alice), method)(f"{USERS}/alice", {"bio": method})
        assert answer.json()["bio"] == method
