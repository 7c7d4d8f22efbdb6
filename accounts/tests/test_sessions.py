from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import services
from accounts.devices import Device
from accounts.models import RefreshToken, Session, User
from accounts.tests.conftest import App
from core.testing import commit, same_queries

URL = "/api/v1/auth/sessions"


def test_the_list_shows_every_living_device(alice: User, bob: User, app: type[App]) -> None:
    phone, tablet, _ = app(alice), app(alice), app(bob)
    services.end_sessions([app(alice).session.pk], reason="revoked")
    expired = app(alice).session
    Session.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    results = phone.client.get(URL).json()["results"]
    assert [(one["id"], one["is_current"]) for one in results] == [
        (str(tablet.session.pk), False),
        (str(phone.session.pk), True),
    ]
    assert results[1]["user_agent"] == "Toptop/1 iPhone"
    assert results[1]["ip"] == "203.0.113.7"


def test_the_list_costs_the_same_for_2_and_20(alice: User, app: type[App]) -> None:
    phone = app(alice)
    app(alice)
    phone.client.get(URL)
    with same_queries() as record:
        record(lambda: phone.client.get(URL))
        for _ in range(18):
            services.open_session(user=alice, kind=Session.Kind.APP, device=Device())
        record(lambda: phone.client.get(URL))


def test_a_revoked_device_is_out_with_all_its_tokens(alice: User, app: type[App]) -> None:
    phone, tablet = app(alice), app(alice)
    assert phone.client.delete(f"{URL}/{tablet.session.pk}").status_code == 204
    commit()
    assert tablet.me() == 401
    answer = APIClient().post("/api/v1/auth/refresh", {"refresh": tablet.refresh})
    assert answer.status_code == 401
    alive = RefreshToken.objects.filter(session=tablet.session, revoked_at=None)
    assert not alive.exists()


@pytest.mark.parametrize("odd", ["0", "not-a-uuid", "01920000-0000-7000-8000-000000000000", "%00"])
def test_odd_ids_are_404(alice: User, app: type[App], odd: str) -> None:
    assert app(alice).client.delete(f"{URL}/{odd}").status_code == 404


def test_somebody_elses_device_is_404_and_stays(alice: User, bob: User, app: type[App]) -> None:
    phone, other = app(alice), app(bob)
    missing = phone.client.delete(f"{URL}/01920000-0000-7000-8000-000000000000")
    foreign = phone.client.delete(f"{URL}/{other.session.pk}")
    assert foreign.status_code == 404
    assert {**foreign.json(), "request_id": ""} == {**missing.json(), "request_id": ""}
    assert other.me() == 200


def test_a_device_is_revoked_once(alice: User, app: type[App]) -> None:
    phone, tablet = app(alice), app(alice)
    assert phone.client.delete(f"{URL}/{tablet.session.pk}").status_code == 204
    assert phone.client.delete(f"{URL}/{tablet.session.pk}").status_code == 404


def test_signing_out_ends_this_device_only(alice: User, app: type[App]) -> None:
    phone, tablet = app(alice), app(alice)
    assert phone.client.post("/api/v1/auth/signout").status_code == 204
    commit()
    assert phone.me() == 401
    assert tablet.me() == 200


@pytest.mark.parametrize("method, path", [("get", ""), ("delete", "/x")])
def test_nobody_has_no_devices(db: None, method: str, path: str) -> None:
    assert getattr(APIClient(), method)(URL + path).status_code == 401


def test_no_session_is_left_when_the_user_goes(alice: User, app: type[App]) -> None:
    app(alice)
    alice.delete()
    assert not Session.objects.exists()
    assert not RefreshToken.objects.exists()


def test_the_sweep_forgets_what_is_long_over(alice: User, app: type[App]) -> None:
    living, over = app(alice), app(alice)
    services.end_sessions([over.session.pk], reason="revoked")
    before: Any = timezone.now() - services.sweeping.KEPT_AFTER_END
    Session.objects.filter(pk=over.session.pk).update(revoked_at=before)
    fresh = services.refresh(token=living.refresh, device=Device()).refresh
    RefreshToken.objects.exclude(used_at=None).update(expires_at=timezone.now())
    assert services.sweep()["sessions"] >= 1
    assert [session.pk for session in Session.objects.all()] == [living.session.pk]
    services.refresh(token=fresh, device=Device())
