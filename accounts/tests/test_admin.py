from typing import Any

import pytest
from django.test import Client

from accounts.models import Session, User
from accounts.tests.conftest import App

LIST = "/admin/accounts/user/"


def test_people_are_found_and_looked_at(
    alice: User, bob: User, mod: User, browser: Any, app: type[App]
) -> None:
    app(alice)
    admin = browser(mod)
    found = admin.get(LIST, {"q": "alice@example"}).content.decode()
    assert "alice" in found
    assert "bob@example.com" not in found
    for standing in ("good", "suspended", "inactive"):
        assert admin.get(LIST, {"standing": standing}).status_code == 200
    detail = admin.get(f"{LIST}{alice.pk}/change/").content.decode()
    assert "Toptop/1 iPhone" in detail
    assert "argon2" not in detail


def test_actions_go_through_the_services(
    alice: User, bob: User, mod: User, browser: Any, app: type[App]
) -> None:
    admin, phone = browser(mod), app(bob)
    chosen = {"_selected_action": [str(alice.pk), str(mod.pk)]}
    admin.post(LIST, {"action": "suspend", **chosen})
    alice.refresh_from_db()
    mod.refresh_from_db()
    assert (alice.is_suspended, mod.is_suspended) == (True, False)
    admin.post(LIST, {"action": "unsuspend", **chosen})
    alice.refresh_from_db()
    assert not alice.is_suspended
    admin.post(LIST, {"action": "sign_out_everywhere", "_selected_action": [str(bob.pk)]})
    assert Session.objects.get(pk=phone.session.pk).revoked_at is not None


def test_a_superuser_gives_marks_and_nothing_else(alice: User, mod: User, browser: Any) -> None:
    form = {
        "is_verified": "on",
        "username": "stolen",
        "is_active": "",
        "device_sessions-TOTAL_FORMS": "0",
        "device_sessions-INITIAL_FORMS": "0",
    }
    answer = browser(mod).post(f"{LIST}{alice.pk}/change/", form)
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert (alice.is_verified, alice.username, alice.is_active) == (True, "alice", True)


@pytest.mark.parametrize("path", ["add/", "{id}/delete/"])
def test_accounts_are_neither_made_nor_deleted_here(
    alice: User, mod: User, browser: Any, path: str
) -> None:
    assert browser(mod).get(LIST + path.format(id=alice.pk)).status_code == 403


def test_others_do_not_get_in(alice: User, browser: Any) -> None:
    assert Client().get(LIST).status_code == 302
    assert browser(alice).get(LIST).status_code in (302, 403)
