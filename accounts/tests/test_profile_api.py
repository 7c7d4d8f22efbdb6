"""`users/me` and the owner's `users/{handle}`; Z03."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.conftest import App

ME = "/api/v1/users/me"


def test_parts_of_the_profile_change(alice: User, app: type[App]) -> None:
    body = {
        "name": "Alice Ệ",
        "bio": "Hello\nthere",
        "links": [{"label": "Shop", "url": "https://example.com"}],
        "birth_date": "1990-05-04",
        "found_by_email": True,
    }
    answer = app(alice).client.patch(ME, body)
    assert answer.status_code == 200
    assert body.items() <= answer.json().items()
    alice.refresh_from_db()
    assert (alice.name, alice.username) == ("Alice Ệ", "alice")
    assert alice.links == body["links"]


def test_the_change_shows_on_every_device_at_once(alice: User, app: type[App]) -> None:
    phone, tablet = app(alice), app(alice)
    assert tablet.client.get(ME).json()["name"] == "Alice"
    phone.client.patch(ME, {"name": "New"})
    assert tablet.client.get(ME).json()["name"] == "New"


@pytest.mark.parametrize(
    "body, field",
    [
        ({"username": "a"}, "username"),
        ({"username": "admin"}, "username"),
        ({"username": None}, "username"),
        ({"name": "x" * 51}, "name"),
        ({"name": {"a": 1}}, "name"),
        ({"bio": "x" * 161}, "bio"),
        ({"links": [{"url": "javascript:alert(1)"}]}, "links"),
        ({"links": [{"url": "https://e.com"}] * 6}, "links"),
        ({"links": "https://e.com"}, "links.non_field_errors"),
        ({"links": [1]}, "links.0.non_field_errors"),
        ({"birth_date": "1066-10-14"}, "birth_date"),
        ({"birth_date": 10**30}, "birth_date"),
        ({"is_private": "perhaps"}, "is_private"),
        ({"avatar": "text"}, "avatar"),
    ],
)
def test_each_rule_names_its_field(
    alice: User, app: type[App], body: dict[str, object], field: str
) -> None:
    before = User.objects.values().get()
    answer = app(alice).client.patch(ME, body)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert User.objects.values().get() == {**before, "last_login": User.objects.get().last_login}


def test_what_is_not_the_owners_to_set_is_ignored(alice: User, app: type[App]) -> None:
    phone = app(alice)
    before = User.objects.values().get()
    body = {
        "id": 1,
        "author": 1,
        "is_staff": True,
        "is_superuser": True,
        "is_verified": True,
        "is_active": False,
        "email": "other@example.com",
        "password": "x",
        "auth_version": 0,
        "media_epoch": 9,
        "suspended_at": None,
        "created_at": "2000-01-01",
        "avatar_key": "avatars/x",
        "last_login": None,
        "counts": {"followers": 9},
    }
    assert phone.client.patch(ME, body).status_code == 200
    assert User.objects.values().get() == before


def test_a_taken_name_is_409(alice: User, bob: User, app: type[App]) -> None:
    answer = app(alice).client.patch(ME, {"username": "BOB"})
    assert (answer.status_code, answer.json()["code"]) == (409, "username_taken")


def test_three_renames_a_day(alice: User, app: type[App], strict_limits: None) -> None:
    phone = app(alice)
    codes = [phone.client.patch(ME, {"username": f"alice{n}"}).status_code for n in range(4)]
    assert codes == [200, 200, 200, 429]
    assert phone.client.patch(ME, {"username": "alice2", "bio": "same name"}).status_code == 200


def test_going_private_ends_media_urls(alice: User, app: type[App]) -> None:
    answer = app(alice).client.patch(ME, {"is_private": True})
    assert answer.json()["is_private"] is True
    alice.refresh_from_db()
    assert alice.media_epoch == 1


@pytest.mark.parametrize("method", ["get", "patch"])
def test_nobody_is_401(db: None, method: str) -> None:
    answer = getattr(APIClient(), method)(ME)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize("method", ["put", "patch"])
@pytest.mark.parametrize("handle", ["alice", "ALICE", "alice@example.com", "{id}"])
def test_the_owner_may_use_any_handle_of_theirs(
    alice: User, app: type[App], method: str, handle: str
) -> None:
    url = f"/api/v1/users/{handle.format(id=alice.pk)}"
    answer = getattr(app(alice).client, method)(url, {"name": "Changed"})
    assert (answer.status_code, answer.json()["name"]) == (200, "Changed")


@pytest.mark.parametrize("handle", ["alice", "alice@example.com", "nobody", "%00", "x" * 300])
def test_anybody_else_is_answered_as_if_there_were_nobody(
    alice: User, bob: User, app: type[App], handle: str
) -> None:
    answer = app(bob).client.put(f"/api/v1/users/{handle}", {"name": "Taken over"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not User.objects.filter(name="Taken over").exists()
    anonymous = APIClient().put(f"/api/v1/users/{handle}", {"name": "X"})
    assert anonymous.status_code == 401
