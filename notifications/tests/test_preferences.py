"""What somebody wants to be told of, and the hours in which they want nothing."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.models import User
from chat.tests.factories import make_dm, say
from conftest import ApiOf, BrowserOf
from core.testing import run_jobs
from notifications import policies, services
from notifications.models import PushDelivery, PushPreference
from notifications.tests.kit import Browser, pushes

URL = "/api/v1/notification-preferences"
PAGE = "/settings/notifications"


def hours(zone: str, start: str, end: str) -> PushPreference:
    start_at, end_at = dt.time.fromisoformat(start), dt.time.fromisoformat(end)
    return PushPreference(time_zone=zone, quiet_from=start_at, quiet_until=end_at)


def quiet(preference: PushPreference, instant: str) -> bool:
    return policies.is_quiet(preference, dt.datetime.fromisoformat(f"{instant}+00:00"))


@pytest.mark.parametrize(
    "instant, expected",
    [
        # Berlin, spring 2026: at 01:00 UTC on 29 March clocks go from 02:00 to 03:00.
        ("2026-03-28T20:59:59", False),  # 21:59:59 in winter
        ("2026-03-28T21:00:00", True),  # 22:00
        ("2026-03-29T00:59:59", True),  # 01:59:59, the last second of winter
        ("2026-03-29T01:00:00", True),  # 03:00, the first of summer
        ("2026-03-29T04:59:59", True),  # 06:59:59
        ("2026-03-29T05:00:00", False),  # 07:00 in summer; 06:00 by the clock of the day before
        ("2026-03-29T20:00:00", True),  # 22:00 in summer
        # Autumn: at 01:00 UTC on 25 October clocks go from 03:00 back to 02:00.
        ("2026-10-24T19:59:59", False),
        ("2026-10-24T20:00:00", True),  # 22:00 in summer
        ("2026-10-25T00:30:00", True),  # 02:30 for the first time
        ("2026-10-25T01:30:00", True),  # 02:30 for the second time
        ("2026-10-25T05:30:00", True),  # 06:30 in winter; 07:30 by the clock of the day before
        ("2026-10-25T06:00:00", False),  # 07:00
        ("2026-10-25T20:30:00", False),  # 21:30 in winter; 22:30 by the clock of the day before
        ("2026-10-25T21:00:00", True),
    ],
)
def test_the_hands_of_the_clock_count_over_both_changes(instant: str, expected: bool) -> None:
    assert quiet(hours("Europe/Berlin", "22:00", "07:00"), instant) is expected


def test_an_hour_that_the_clock_skips_is_nobodys_and_one_shown_twice_counts_twice() -> None:
    early = hours("Europe/Berlin", "02:00", "03:00")
    assert not any(quiet(early, f"2026-03-29T0{hour}:30:00") for hour in range(4))
    found = [hour for hour in range(4) if quiet(early, f"2026-10-25T0{hour}:30:00")]
    assert found == [0, 1]


@pytest.mark.parametrize(
    "zone, instant, expected",
    [
        ("America/New_York", "2026-03-08T10:30:00", True),  # 06:30, after the change
        ("America/New_York", "2026-03-08T11:00:00", False),
        ("Asia/Ho_Chi_Minh", "2026-03-29T15:00:00", True),
        ("Australia/Lord_Howe", "2026-04-04T15:45:00", True),  # half an hour back
        ("UTC", "2026-03-29T07:00:00", False),
    ],
)
def test_every_zone_by_its_own_clock(zone: str, instant: str, expected: bool) -> None:
    assert quiet(hours(zone, "22:00", "07:00"), instant) is expected


def test_hours_of_one_day_and_none() -> None:
    siesta = hours("UTC", "13:00", "15:00")
    found = [hour for hour in range(24) if quiet(siesta, f"2026-01-01T{hour:02}:00:00")]
    assert found == [13, 14]
    assert not quiet(PushPreference(), "2026-01-01T03:00:00")


@pytest.mark.django_db
def test_nothing_is_sent_in_them_nor_made_up_for(alice: User, bob: User, phone: Browser) -> None:
    room = make_dm(alice, bob)
    services.update_preferences(
        actor=bob,
        quiet_from=dt.time(22),
        quiet_until=dt.time(7),
        time_zone="Europe/Berlin",
    )
    with time_machine.travel("2026-10-25T05:30:00Z", tick=True):
        say(alice, room, "early bird")
        pushes()
    assert phone.shown == []
    assert PushDelivery.objects.get().reason == "quiet_hours"
    with time_machine.travel("2026-10-25T06:00:01Z", tick=True):
        run_jobs()
        pushes()
        assert phone.shown == []
        say(alice, room, "good morning")
        pushes()
    assert phone.texts == [("Alice", "good morning")]


@pytest.mark.django_db
def test_the_api_reads_and_changes_some(api: ApiOf, alice: User) -> None:
    assert api(alice).get(URL).json() == {
        "messages": True,
        "calls": True,
        "show_text": True,
        "quiet_from": None,
        "quiet_until": None,
        "time_zone": "UTC",
    }
    body = {"quiet_from": "22:30", "quiet_until": "07:00", "time_zone": "Asia/Ho_Chi_Minh"}
    changed = api(alice).patch(URL, body, format="json").json()
    assert changed | body == changed
    assert api(alice).patch(URL, {"calls": False}, format="json").json()["calls"] is False
    assert api(alice).get(URL).json() == changed | {"calls": False}
    off = {"quiet_from": None, "quiet_until": None}
    assert api(alice).patch(URL, off, format="json").json()["quiet_from"] is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": ""},
        {"quiet_from": "22:00"},
        {"quiet_from": "22:00", "quiet_until": "22:00"},
        {"quiet_from": "22:00:10", "quiet_until": "22:00:50"},
        {"quiet_from": "25:00", "quiet_until": "07:00"},
        {"messages": "perhaps"},
        {"show_text": None},
    ],
)
def test_what_makes_no_sense_is_refused(api: ApiOf, alice: User, body: Any) -> None:
    answer = api(alice).patch(URL, body, format="json")
    assert answer.status_code == 400, answer.content
    assert not PushPreference.objects.exists()


@pytest.mark.django_db
def test_half_of_quiet_hours_does_not_fit_into_the_database(alice: User) -> None:
    for values in ({"quiet_from": dt.time(1)}, {"quiet_until": dt.time(1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PushPreference.objects.create(user=alice, **values)


@pytest.mark.django_db
def test_the_page_needs_no_javascript(browser: BrowserOf, alice: User) -> None:
    client = browser(alice)
    page = client.get(PAGE).content.decode()
    assert "Asia/Ho_Chi_Minh" in page
    form = {"action": "save", "messages": "on", "quiet": "on", "time_zone": "Asia/Ho_Chi_Minh"}
    form |= {"quiet_from": "23:00", "quiet_until": "06:30"}
    assert client.post(PAGE, form).status_code == 302
    row = PushPreference.objects.get()
    assert (row.messages, row.calls, row.show_text) == (True, False, False)
    assert (row.quiet_from, row.quiet_until) == (dt.time(23), dt.time(6, 30))
    assert 'value="23:00"' in client.get(PAGE).content.decode()
    refused = client.post(PAGE, form | {"quiet_until": "later"})
    assert refused.status_code == 400
    assert client.post(PAGE, {"action": "dance"}).status_code == 404
    del form["quiet"]
    assert client.post(PAGE, form).status_code == 302
    assert PushPreference.objects.get().quiet_from is None
