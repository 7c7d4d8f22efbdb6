import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts import services
from accounts.devices import Device
from accounts.models import Session, User
from accounts.tests.conftest import PASSWORD, App
from core.testing import commit

PROFILE, SESSIONS, ACCOUNT = (f"/settings/{name}" for name in ("profile", "sessions", "account"))


@pytest.mark.parametrize("path", [PROFILE, SESSIONS, ACCOUNT])
def test_settings_ask_strangers_to_sign_in(db: None, path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/signin?next={path}")


@pytest.mark.parametrize("path", [PROFILE, SESSIONS, ACCOUNT])
def test_settings_are_nobody_elses_to_cache(alice: User, browser: Any, path: str) -> None:
    answer = browser(alice).get(path)
    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]


def test_the_profile_is_saved(alice: User, browser: Any) -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 64)).save(out, "PNG")
    form = {
        "name": "Alice <b>",
        "username": "alice2",
        "bio": "Hi",
        "link_url": ["https://example.com", "", "https://example.org"],
        "link_label": ["Shop", "", ""],
        "avatar": SimpleUploadedFile("x.png", out.getvalue()),
    }
    page = browser(alice)
    assert page.post(PROFILE, form).status_code == 302
    alice.refresh_from_db()
    assert (alice.name, alice.username, alice.bio) == ("Alice <b>", "alice2", "Hi")
    assert [link["label"] for link in alice.links] == ["Shop", "example.org"]
    assert alice.avatar_key
    shown = page.get(PROFILE).content.decode()
    assert "Alice &lt;b&gt;" in shown
    assert "Alice <b>" not in shown
    page.post(PROFILE, {"username": "alice2", "remove_avatar": "on"})
    alice.refresh_from_db()
    assert alice.avatar_key == ""


@pytest.mark.parametrize(
    "change, text",
    [
        ({"username": "admin"}, "not available"),
        ({"username": "bob"}, "taken"),
        ({"name": "a\u202eb"}, "invisible"),
        ({"link_url": "javascript:alert(1)", "link_label": "x"}, "begins with https"),
        ({"avatar": SimpleUploadedFile("x.png", b"no picture")}, "not accepted"),
    ],
)
def test_what_is_wrong_is_shown_and_nothing_is_saved(
    alice: User, bob: User, browser: Any, change: dict[str, Any], text: str
) -> None:
    form = {"name": "New", "username": "alice", "bio": "", **change}
    answer = browser(alice).post(PROFILE, form)
    assert answer.status_code == 200
    assert text in answer.content.decode()
    alice.refresh_from_db()
    assert alice.name == "Alice"


def test_devices_are_listed_and_revoked(
    alice: User, bob: User, browser: Any, app: type[App]
) -> None:
    page, phone, other = browser(alice), app(alice), app(bob)
    shown = page.get(SESSIONS).content.decode()
    assert "iPhone" in shown
    assert str(other.session.pk) not in shown
    missing = page.post(SESSIONS, {"action": "revoke", "session_id": other.session.pk})
    assert missing.status_code == 404
    page.post(SESSIONS, {"action": "revoke", "session_id": str(phone.session.pk)})
    commit()
    assert (phone.me(), other.me()) == (401, 200)
    assert page.get(SESSIONS).status_code == 200


def test_all_others_are_revoked_at_once(alice: User, browser: Any, app: type[App]) -> None:
    page, phone = browser(alice), app(alice)
    browser(alice)
    page.post(SESSIONS, {"action": "revoke_others"})
    commit()
    assert phone.me() == 401
    assert Session.objects.filter(revoked_at=None).count() == 1
    assert page.get(SESSIONS).status_code == 200


def test_the_password_changes_and_this_browser_stays(
    alice: User, browser: Any, app: type[App]
) -> None:
    page, phone = browser(alice), app(alice)
    new = "another long phrase here"
    form = {"action": "password", "oldpassword": PASSWORD, "password1": new, "password2": new}
    wrong = page.post(ACCOUNT, {**form, "oldpassword": "wrong"})
    assert "not your password" in wrong.content.decode()
    assert page.post(ACCOUNT, form).status_code == 302
    commit()
    assert page.get(ACCOUNT).status_code == 200
    assert phone.me() == 401
    assert services.authenticate(login="alice", password=new, device=Device()) == alice


def test_the_birth_date_is_kept_or_refused(alice: User, browser: Any) -> None:
    page = browser(alice)
    page.post(ACCOUNT, {"action": "birth_date", "birth_date": "1990-01-02"})
    alice.refresh_from_db()
    assert str(alice.birth_date) == "1990-01-02"
    refused = page.post(ACCOUNT, {"action": "birth_date", "birth_date": "2999-01-02"})
    assert refused.status_code == 200
    assert refused.context["birth_date_form"].errors


def test_an_unknown_action_is_404(alice: User, browser: Any) -> None:
    assert browser(alice).post(ACCOUNT, {"action": "rob"}).status_code == 404


def test_a_new_address_counts_once_it_is_confirmed(
    alice: User, bob: User, browser: Any, sent: Any, settings: Any
) -> None:
    page = browser(alice)
    page.post("/signout")
    page.post("/signin", {"login": "alice", "password": PASSWORD})
    answer = page.post(ACCOUNT, {"action": "email", "email": "New@example.com"})
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    mail = next(mail for mail in sent() if mail.to == ["new@example.com"])
    path = mail.body.split(settings.PUBLIC_URL)[1].split()[0]
    page.post(path)
    alice.refresh_from_db()
    assert alice.email == "new@example.com"


def test_an_address_that_was_taken_meanwhile_is_no_500(
    alice: User, browser: Any, sent: Any, settings: Any
) -> None:
    page = browser(alice)
    page.post("/signout")
    page.post("/signin", {"login": "alice", "password": PASSWORD})
    page.post(ACCOUNT, {"action": "email", "email": "new@example.com"})
    mail = next(mail for mail in sent() if mail.to == ["new@example.com"])
    User.objects.create_user("quick", "new@example.com", None)
    page.post(mail.body.split(settings.PUBLIC_URL)[1].split()[0])
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_sign_up_by_page_makes_account_and_session(db: None) -> None:
    client = Client()
    form = {
        "email": "New@Example.com",
        "username": "New.Person",
        "password1": "a long enough phrase",
    }
    assert client.post("/signup", form).status_code == 302
    user = User.objects.get()
    assert (user.username, user.email) == ("new.person", "new@example.com")
    assert client.get("/api/v1/users/me").json()["id"] == str(user.pk)
    assert user.emailaddress_set.get().primary  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "change, field",
    [
        ({"email": "no"}, "email"),
        ({"email": "ALICE@example.com"}, "email"),
        ({"username": "admin"}, "username"),
        ({"username": "alice"}, "username"),
        ({"password1": "short"}, "password1"),
    ],
)
def test_sign_up_by_page_names_what_is_wrong(
    alice: User, change: dict[str, str], field: str
) -> None:
    form = {"email": "n@example.com", "username": "", "password1": "a long enough phrase"}
    answer = Client().post("/signup", {**form, **change})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "path", ["/signin", "/signup", "/password/reset", "/password/reset/sent", "/account/inactive"]
)
def test_the_entrance_pages_answer(db: None, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert (
        "nonce-" in answer["Content-Security-Policy"]
        or "'self'" in answer["Content-Security-Policy"]
    )
