"""The ledger: row before object, tombstone before delete, nothing live ever deleted."""

from datetime import timedelta

import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from core import files
from core.errors import Conflict
from core.ids import uuid7
from core.models import StoredFile

pytestmark = pytest.mark.django_db


def store(body: bytes = b"bytes", owner: AbstractBaseUser | None = None) -> StoredFile:
    """Return a present file."""
    stored = files.reserve(
        owner_id=owner.pk if owner else None, purpose="test", key=f"test/{uuid7()}", size=len(body)
    )
    return files.put(stored=stored, content=ContentFile(body))


def age(stored: StoredFile, by: timedelta) -> None:
    """Make the row look older."""
    StoredFile.objects.filter(pk=stored.pk).update(state_changed_at=timezone.now() - by)


def test_put_records_the_real_size() -> None:
    stored = files.reserve(owner_id=None, purpose="test", key=f"test/{uuid7()}", size=99)
    files.put(stored=stored, content=ContentFile(b"four"))
    stored.refresh_from_db()
    assert (stored.state, stored.size) == ("present", 4)
    assert default_storage.size(stored.key) == 4


def test_referenced_files_survive_every_sweep() -> None:
    stored = store()
    files.reference([stored.key])
    age(stored, timedelta(days=400))
    files.sweep()
    assert default_storage.exists(stored.key)


def test_only_present_files_can_be_referenced() -> None:
    stored = store()
    files.condemn([stored.key])
    with pytest.raises(Conflict):
        files.reference([stored.key])


def test_condemned_bytes_go_with_the_next_sweep() -> None:
    stored = store()
    files.condemn([stored.key])
    assert files.sweep() == 1
    assert not default_storage.exists(stored.key)
    stored.refresh_from_db()
    assert stored.state == "deleted"


def test_abandoned_reservations_and_orphans_are_swept() -> None:
    reserved = files.reserve(owner_id=None, purpose="test", key=f"test/{uuid7()}", size=1)
    age(reserved, files.RESERVATION_TTL + timedelta(minutes=1))
    orphan = store()
    age(orphan, files.UNREFERENCED_TTL + timedelta(minutes=1))
    files.sweep()
    assert not default_storage.exists(orphan.key)
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"deleted"}


def test_a_put_that_outlived_its_reservation_leaves_the_bytes_to_the_sweeper() -> None:
    stored = files.reserve(owner_id=None, purpose="test", key=f"test/{uuid7()}", size=1)
    StoredFile.objects.filter(pk=stored.pk).update(state="deleted")
    with pytest.raises(Conflict):
        files.put(stored=stored, content=ContentFile(b"late"))
    files.sweep()
    assert not default_storage.exists(stored.key)


def test_quota_counts_live_files_and_reservations(alice: AbstractBaseUser) -> None:
    kept, gone = store(b"12345", alice), store(b"123", alice)
    files.reserve(owner_id=alice.pk, purpose="test", key=f"test/{uuid7()}", size=100)
    files.condemn([gone.key])
    assert files.bytes_used(alice.pk) == kept.size + 100
