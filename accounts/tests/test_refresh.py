"""A01-A03: rotation, reuse, grace, ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import services
from accounts.events import SessionRevoked
from accounts.models import RefreshToken, Session, User
from core import events
from core.testing import commit

URL = "/api/v1/auth/refresh"


def rotate(token: str) -> Any:
    answer = APIClient().post(URL, {"refresh": token})
    commit()
    return answer


def age(seconds: int) -> None:
    """Make every use of a token that long ago."""
    RefreshToken.objects.exclude(used_at=None).update(
        used_at=timezone.now() - timedelta(seconds=seconds)
    )


def test_each_token_is_followed_by_another(alice: User, app: Any) -> None:
    phone = app(alice)
    first = rotate(phone.refresh).json()
    second = rotate(first["refresh"]).json()
    assert len({phone.refresh, first["refresh"], second["refresh"]}) == 3
    phone.use(second["access"])
    assert phone.me() == 200
    assert RefreshToken.objects.filter(used_at=None).count() == 1


def test_a_replay_ends_the_family_and_both_parties_are_out(
    alice: User, app: Any, sent: Any
) -> None:
    heard: list[SessionRevoked] = []
    events.subscribe(SessionRevoked, heard.append)
    phone = app(alice)
    stolen = phone.refresh
    fresh = rotate(phone.refresh).json()
    age(11)
    assert rotate(stolen).status_code == 401
    assert rotate(fresh["refresh"]).status_code == 401
    phone.use(fresh["access"])
    assert phone.me() == 401
    session = Session.objects.get()
    assert session.revoked_reason == "refresh_reused"
    assert [event.session_id for event in heard if event.user_id == alice.pk] == [session.pk]
    mails = sent()
    assert [mail.to for mail in mails] == [[alice.email]]
    assert "signed out" in mails[0].subject


def test_a_replay_after_the_successor_was_used_ends_the_family_within_the_grace(
    alice: User, app: Any
) -> None:
    phone = app(alice)
    second = rotate(phone.refresh).json()["refresh"]
    third = rotate(second).json()["refresh"]
    assert rotate(phone.refresh).status_code == 401
    assert rotate(third).status_code == 401


def test_a_lost_answer_is_given_again(alice: User, app: Any) -> None:
    phone = app(alice)
    lost = rotate(phone.refresh).json()["refresh"]
    age(9)
    again = rotate(phone.refresh).json()["refresh"]
    assert again == lost
    assert RefreshToken.objects.count() == 2
    assert rotate(again).status_code == 200


def test_the_other_devices_live_on(alice: User, app: Any) -> None:
    phone, tablet = app(alice), app(alice)
    rotate(phone.refresh)
    age(11)
    rotate(phone.refresh)
    assert phone.me() == 401
    assert tablet.me() == 200
    assert rotate(tablet.refresh).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "é" * 40, "a" * 128, "a" * 129, "\u0001", None, 5, []])
def test_odd_tokens_are_refused(db: None, token: object) -> None:
    answer = APIClient().post(URL, {"refresh": token})
    assert answer.status_code in (400, 401)


def test_an_access_token_is_no_refresh_token(alice: User, app: Any) -> None:
    phone = app(alice)
    access = rotate(phone.refresh).json()["access"]
    assert APIClient().post(URL, {"refresh": access[:128]}).status_code == 401


def test_a_deleted_owner_is_401(alice: User, app: Any) -> None:
    phone = app(alice)
    alice.delete()
    assert rotate(phone.refresh).status_code == 401


def test_a_suspended_owner_is_401(alice: User, mod: User, app: Any) -> None:
    phone = app(alice)
    services.suspend_user(actor=mod, user_id=alice.pk, reason="spam")
    assert rotate(phone.refresh).status_code == 401
    services.unsuspend_user(actor=mod, user_id=alice.pk, reason="appeal")
    assert rotate(phone.refresh).status_code == 200


def test_a_deactivated_owner_is_401(alice: User, app: Any) -> None:
    phone = app(alice)
    User.objects.update(is_active=False)
    assert rotate(phone.refresh).status_code == 401


def test_a_session_of_an_older_auth_version_is_401(alice: User, app: Any) -> None:
    phone = app(alice)
    User.objects.update(auth_version=5)
    assert rotate(phone.refresh).status_code == 401


def test_thirty_days_of_silence_end_it(alice: User, app: Any) -> None:
    phone = app(alice)
    days = (RefreshToken.objects.get().expires_at - timezone.now()).days
    assert days in (29, 30)
    RefreshToken.objects.update(expires_at=timezone.now())
    assert rotate(phone.refresh).status_code == 401


def test_use_prolongs_it_but_not_beyond_180_days(alice: User, app: Any) -> None:
    phone = app(alice)
    start = timezone.now() - timedelta(days=170)
    Session.objects.update(created_at=start)
    token = rotate(phone.refresh).json()["refresh"]
    last = RefreshToken.objects.get(used_at=None)
    assert last.expires_at == start + timedelta(days=180)
    assert Session.objects.get().expires_at == last.expires_at
    Session.objects.update(created_at=start - timedelta(days=11), expires_at=timezone.now())
    assert rotate(token).status_code == 401


def test_refreshing_shows_in_the_device_list(alice: User, app: Any) -> None:
    phone = app(alice)
    Session.objects.update(last_seen_at=timezone.now() - timedelta(days=3))
    APIClient().post(URL, {"refresh": phone.refresh}, HTTP_USER_AGENT="New/2", REMOTE_ADDR="::1")
    session = Session.objects.get()
    assert timezone.now() - session.last_seen_at < timedelta(minutes=1)
    assert (session.user_agent, session.ip) == ("New/2", "::1")
