"""A lease is renewed while a tool reports nothing, and no longer once it is lost."""

import datetime as dt
import time
from typing import Any

import pytest

from accounts.models import User
from videos import leases
from videos.leases import Lease, LeaseLost, Stage
from videos.models import ProcessingJob
from videos.services import sweeping
from videos.tests.factories import fake_file, posted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lease(alice: User, settings: Any) -> Lease:
    settings.PROCESSING_LEASE = dt.timedelta(seconds=3)
    video = posted(alice, fake_file(5_000))
    claimed = leases.claim(video_id=video.pk, stage=Stage.PLAYABLE)
    assert claimed is not None
    return claimed


def test_silent_work_keeps_its_lease(lease: Lease) -> None:
    with leases.kept_alive(lease):
        time.sleep(4)
        assert sweeping.release_expired_leases() == 0
    lease.hold()


def test_work_without_a_heartbeat_is_given_away(lease: Lease) -> None:
    time.sleep(3.1)
    assert sweeping.release_expired_leases() == 1
    with pytest.raises(LeaseLost):
        lease.hold()


def test_a_lost_lease_is_not_renewed_for_its_new_holder(lease: Lease) -> None:
    with leases.kept_alive(lease):
        ProcessingJob.objects.update(attempt=7)
        before = ProcessingJob.objects.get().lease_expires_at
        time.sleep(1.5)
        assert ProcessingJob.objects.get().lease_expires_at == before
