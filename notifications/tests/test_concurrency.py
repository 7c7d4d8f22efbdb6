"""Many at once: no message falls between two jobs, no token has two owners."""

import datetime as dt
import threading
import time

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import User
from chat.models import Message
from chat.tests.factories import make_group, say
from chat.tests.test_concurrency import at_once
from notifications import services
from notifications.models import PushDelivery, PushDevice, PushJob
from notifications.services import delivering, enqueueing
from notifications.tests.kit import Browser, PushService

pytestmark = pytest.mark.django_db(transaction=True)
EACH = 6
PATIENCE = 60.0


def test_every_message_is_in_a_job_whoever_claims_meanwhile(
    alice: User, bob: User, carol: User, phone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enqueueing, "WAIT", dt.timedelta(milliseconds=40))
    room = make_group(alice, bob, carol)
    first = Message.objects.filter(conversation=room).count()
    written = threading.Event()

    def write(user: User) -> None:
        for number in range(EACH):
            say(user, room, f"{user.username} {number}")
            time.sleep(0.02)

    def claim() -> None:
        deadline = time.monotonic() + PATIENCE
        try:
            while time.monotonic() < deadline:
                waiting = PushJob.objects.filter(state="waiting")
                for job_id in waiting.values_list("pk", flat=True):
                    services.spread(job_id)
                if written.is_set() and not waiting.exists():
                    return
        finally:
            connections.close_all()

    claimers = [threading.Thread(target=claim) for _ in range(2)]
    for one in claimers:
        one.start()
    at_once(*[lambda user=user: write(user) for user in (alice, carol)])
    written.set()
    for one in claimers:
        one.join()
    jobs = list(PushJob.objects.order_by("after_seq"))
    assert {job.state for job in jobs} == {"done"}
    covered = {seq for job in jobs for seq in range(job.after_seq + 1, (job.upto_seq or 0) + 1)}
    assert covered >= set(range(first + 1, first + 2 * EACH + 1))
    assert len(jobs) < 2 * EACH
    while services.deliver():
        pass
    assert PushDelivery.objects.filter(state="sent").count() == len(jobs)
    assert phone.shown


def test_two_workers_send_nothing_twice(alice: User, bob: User, service: PushService) -> None:
    browsers = [Browser(service, str(number)) for number in range(12)]
    for one in browsers:
        one.register(bob)
    say(alice, make_group(alice, bob))
    PushJob.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))
    services.spread(PushJob.objects.get().pk)
    looked_at = at_once(*[lambda: services.deliver(limit=5) for _ in range(4)])
    while services.deliver(limit=5):
        pass
    assert sum(looked_at) <= len(browsers)
    assert [len(one.requests) for one in browsers] == [1] * len(browsers)
    assert set(PushDelivery.objects.values_list("state", flat=True)) == {"sent"}


def test_of_two_workers_one_gets_a_job(alice: User, bob: User, phone: Browser) -> None:
    say(alice, make_group(alice, bob))
    PushJob.objects.update(due_at=timezone.now() - dt.timedelta(seconds=1))
    job = PushJob.objects.get()
    assert sorted(at_once(*[lambda: services.spread(job.pk) for _ in range(4)])) == [0, 0, 0, 1]
    assert delivering.deliver() == 1


def test_a_token_that_two_register_at_once_has_one_owner(
    alice: User, bob: User, service: PushService
) -> None:
    shared = Browser(service, "shared")
    at_once(*[lambda user=user: shared.register(user) for user in (alice, bob) * 3])
    assert PushDevice.objects.count() == 1
