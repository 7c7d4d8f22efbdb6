"""What push services answer, and what a worker that dies leaves behind."""

import datetime as dt
import os
import signal
import subprocess
import sys
from dataclasses import replace
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from chat.tests.factories import make_dm, make_group, say
from core.testing import run_jobs
from notifications import services
from notifications.models import PushDelivery, PushDevice, PushJob
from notifications.services import deciding, delivering, settling, spreading
from notifications.services.sweeping import forget, sweep
from notifications.tests.kit import Browser, PushService, Script, later, pushes
from notifications.transports import Outcome, Verdict

ROOT = Path(__file__).parents[2]


def delivery() -> PushDelivery:
    return PushDelivery.objects.get()


def in_seconds() -> float:
    return (delivery().due_at - timezone.now()).total_seconds()


@pytest.mark.django_db
@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(
    alice: User, bob: User, phone: Browser, service: PushService, status: int
) -> None:
    service.scripts[phone.path] = [Script(status)]
    say(alice, make_dm(alice, bob))
    pushes()
    assert not PushDevice.objects.exists()
    assert not PushDelivery.objects.exists()


@pytest.mark.django_db
def test_a_token_that_came_back_meanwhile_is_kept(
    alice: User, bob: User, phone: Browser, service: PushService
) -> None:
    """The answer is about the address that was asked, not about the device's next one."""
    service.scripts[phone.path] = [Script(410)]
    say(alice, make_dm(alice, bob))
    with later():
        services.spread(PushJob.objects.get().pk)
        (claimed,) = delivering._claim(10)
        PushDevice.objects.update(token=f"{phone.endpoint}-new")
        settling.settle(claimed, delivering._send_web([(claimed, _notice(claimed))])[claimed.pk])
    assert PushDevice.objects.exists()


def _notice(claimed: PushDelivery) -> Any:
    found = deciding.decide(claimed)
    assert not isinstance(found, str), found
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("as_date", [False, True])
def test_too_many_waits_as_long_as_it_is_told(
    alice: User, bob: User, phone: Browser, service: PushService, as_date: bool
) -> None:
    until = timezone.now() + dt.timedelta(seconds=605)
    asked = format_datetime(until, usegmt=True) if as_date else "600"
    service.scripts[phone.path] = [Script(429, {"Retry-After": asked})]
    say(alice, make_dm(alice, bob))
    pushes()
    assert (delivery().state, delivery().reason) == ("waiting", "http_429")
    assert 595 < in_seconds() < 615
    pushes(500)
    assert len(phone.requests) == 1
    pushes(620)
    assert len(phone.shown) == 2
    assert delivery().state == "sent"


@pytest.mark.django_db
@pytest.mark.parametrize("answer", ["", "soon", "-5", "9" * 40, "Wed, 99 Foo 2026", "٣"])
def test_an_odd_retry_after_is_no_trouble(
    alice: User, bob: User, phone: Browser, service: PushService, answer: str
) -> None:
    headers = {"Retry-After": answer} if answer.isascii() else {}
    service.scripts[phone.path] = [Script(429, headers)]
    say(alice, make_dm(alice, bob))
    pushes()
    assert delivery().state == "waiting"
    assert 0 < in_seconds() <= 4 * 3600 + 10


@pytest.mark.django_db
def test_a_service_in_trouble_is_asked_ever_less_often(
    alice: User, bob: User, phone: Browser, service: PushService
) -> None:
    service.scripts[phone.path] = [Script(503), Script(500)]
    say(alice, make_dm(alice, bob))
    pushes()
    assert 15 < in_seconds() <= 21
    pushes(25)
    assert len(phone.requests) == 2
    pushes(60)
    assert len(phone.requests) == 2
    pushes(120)
    assert (len(phone.requests), delivery().state) == (3, "sent")
    assert PushDevice.objects.get().fails == 0


@pytest.mark.django_db
def test_what_is_four_hours_old_is_told_no_more(
    alice: User, bob: User, phone: Browser, service: PushService
) -> None:
    service.scripts[phone.path] = [Script(503)]
    say(alice, make_dm(alice, bob))
    pushes()
    pushes(4 * 3600 + 1)
    assert (len(phone.requests), delivery().state, delivery().reason) == (1, "dropped", "stale")


@pytest.mark.django_db
def test_what_was_read_while_the_service_was_away_is_not_told(
    alice: User, bob: User, phone: Browser, service: PushService
) -> None:
    from chat import services as chat

    service.scripts[phone.path] = [Script(503)]
    room = make_dm(alice, bob)
    message = say(alice, room)
    pushes()
    chat.mark_read(actor=bob, conversation_id=room.pk, seq=message.seq)
    pushes(60)
    assert (len(phone.requests), delivery().reason) == (1, "seen")


@pytest.mark.django_db
@pytest.mark.parametrize("status", [302, 400, 401, 413])
def test_what_will_never_be_taken_is_dead_at_once(
    alice: User, bob: User, phone: Browser, service: PushService, status: int
) -> None:
    service.scripts[phone.path] = [Script(status, {"Location": f"{service.url}/elsewhere"})]
    say(alice, make_dm(alice, bob))
    pushes()
    assert (delivery().state, delivery().reason) == ("dead", f"http_{status}")
    assert not service.to("/elsewhere")


@pytest.mark.django_db
def test_a_device_that_takes_nothing_for_long_is_forgotten(
    alice: User, bob: User, phone: Browser, service: PushService
) -> None:
    PushDevice.objects.update(fails=settling.MAX_FAILS - 1)
    service.scripts[phone.path] = [Script(400)]
    say(alice, make_dm(alice, bob))
    pushes()
    assert not PushDevice.objects.exists()


@pytest.mark.django_db
def test_an_address_that_became_private_is_forgotten_unasked(
    alice: User, bob: User, phone: Browser, service: PushService, settings: Any
) -> None:
    settings.PUSH = replace(settings.PUSH, allowed_hosts=frozenset())
    say(alice, make_dm(alice, bob))
    pushes()
    assert (service.asked, PushDevice.objects.count()) == ([], 0)


@pytest.mark.django_db
def test_poison_dies_and_keeps_nothing_back(
    alice: User, bob: User, carol: User, phone: Browser, service: PushService
) -> None:
    """A device whose keys were spoilt in the database cannot be encrypted for."""
    spoilt = Browser(service, "spoilt")
    device = spoilt.register(carol)
    PushDevice.objects.filter(pk=device.pk).update(p256dh="A" * 87)
    say(alice, make_group(alice, bob, carol))
    pushes()
    assert len(phone.shown) == 1
    poison = PushDelivery.objects.get(device=device)
    assert (poison.state, poison.reason) == ("waiting", "error")
    for seconds in (25, 120, 420, 1500, 6000):
        pushes(seconds)
    poison.refresh_from_db()
    assert (poison.state, poison.reason) == ("dead", "given_up")
    assert (len(phone.shown), spoilt.requests) == (1, [])


@pytest.mark.django_db
def test_a_poisoned_job_dies_too(
    alice: User, bob: User, phone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(alice, make_dm(alice, bob))
    job = PushJob.objects.get()
    PushJob.objects.update(attempts=spreading.MAX_ATTEMPTS, state="spreading")
    with later():
        assert services.spread(job.pk) == 0
    job.refresh_from_db()
    assert job.state == "dead"
    assert phone.shown == []


@pytest.mark.django_db
def test_a_lost_lease_writes_nothing(alice: User, bob: User, phone: Browser) -> None:
    say(alice, make_dm(alice, bob))
    with later():
        services.spread(PushJob.objects.get().pk)
        (slow,) = delivering._claim(10)
        assert delivering._claim(10) == []
    with later(delivering.LEASE.total_seconds() + 10):
        (quick,) = delivering._claim(10)
        settling.settle(quick, Outcome(Verdict.SENT))
        settling.settle(slow, Outcome(Verdict.LATER, "late"))
    assert delivery().state == "sent"


@pytest.mark.django_db
def test_a_lost_job_message_costs_seconds(alice: User, bob: User, phone: Browser) -> None:
    from core.testing import purge_jobs

    say(alice, make_dm(alice, bob))
    with later():
        purge_jobs()
        sweep()
        assert "notifications.spread" in run_jobs()
    assert len(phone.shown) == 1


@pytest.mark.django_db
def test_what_is_over_is_forgotten(alice: User, bob: User, phone: Browser) -> None:
    say(alice, make_dm(alice, bob))
    pushes()
    assert forget() == 0
    with later(3 * 86400):
        assert forget() == 1
    assert not PushDelivery.objects.exists()


CHILD = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from notifications import services
from notifications.models import PushJob
for job in PushJob.objects.filter(state__in=["waiting", "spreading"]):
    services.spread(job.pk)
services.deliver()
"""


def worker(settings: Any, *, crash_at: str = "") -> int:
    """Do what a worker does, in a process of its own; return how it ended."""
    push = settings.PUSH
    variables = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tiktok.settings",
        "VAPID_PUBLIC_KEY": push.public_key,
        "VAPID_PRIVATE_KEY": push.private_key,
        "VAPID_SUBJECT": push.subject,
        "PUSH_ALLOWED_HOSTS": ",".join(push.allowed_hosts),
        "CRASH_AT": crash_at,
    }
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-c", CHILD, name]
    return subprocess.run(command, cwd=ROOT, env=variables, check=False, timeout=60).returncode


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "point, shown", [("push.job_claimed", 0), ("push.claimed", 0), ("push.sent", 1)]
)
def test_a_worker_that_was_killed_is_made_good_by_the_next(
    alice: User, bob: User, phone: Browser, settings: Any, point: str, shown: int
) -> None:
    say(alice, make_dm(alice, bob), "still told")
    soon = timezone.now() - dt.timedelta(seconds=1)
    PushJob.objects.update(due_at=soon)
    assert worker(settings, crash_at=point) == -signal.SIGKILL
    assert len(phone.requests) == shown
    # Before its lease ends nobody else may think that it is dead.
    assert worker(settings) == 0
    assert len(phone.requests) == shown
    PushJob.objects.filter(state="spreading").update(due_at=soon)
    PushDelivery.objects.filter(state="sending").update(due_at=soon)
    assert worker(settings) == 0
    assert phone.texts[-1] == ("Alice", "still told")
    # What had gone out already may come twice; it takes its own place on the screen.
    assert (len(phone.shown), len({one["tag"] for one in phone.shown})) == (shown + 1, 1)
    assert delivery().state == "sent"
