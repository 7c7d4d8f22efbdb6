"""`manage.py fsck_media`: both ways, and repairs that touch nothing but old rubbish of ours."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from core import files, fsck, storage
from core.ids import uuid7
from core.models import StoredFile
from videos.models import Rendition
from videos.tests.factories import stored_video

pytestmark = pytest.mark.django_db
LONG_AGO = dt.timedelta(days=8)


@pytest.fixture(autouse=True)
def _own_objects_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hide what other tests left in the store that they share with this one."""
    before = {found.key for found in storage.listing()}
    every = storage.listing
    monkeypatch.setattr(
        storage, "listing", lambda: (found for found in every() if found.key not in before)
    )
    yield
    monkeypatch.undo()
    for found in storage.listing():
        if found.key not in before:
            storage.delete(found.key)


def run(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("fsck_media", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


def litter(folder: str = "videos") -> str:
    key = f"{folder}/{uuid7()}/p1/x.mp4"
    storage.save_content(key, ContentFile(b"litter"))
    return key


def a_week_later(monkeypatch: pytest.MonkeyPatch) -> None:
    later = timezone.now() + LONG_AGO
    monkeypatch.setattr("core.fsck.timezone.now", lambda: later)


def key_of(video: Any) -> str:
    return str(Rendition.objects.get(video=video).key)


def test_a_sound_store(alice: User) -> None:
    stored_video(alice)
    assert run() == (0, "Everything fits.\n")


def test_an_orphan_is_reported_and_goes_only_when_old(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = key_of(stored_video(alice))
    key = litter()
    for arguments in ((), ("--repair",)):
        code, said = run(*arguments)
        assert (code, f"orphan: {key}\n" in said) == (1, True)
        assert storage.exists(key)
    a_week_later(monkeypatch)
    assert run() == (1, f"orphan: {key}\n1 objects without a row, 0 repaired\n")
    assert run("--repair") == (
        0,
        f"orphan: {key} (repaired)\n1 objects without a row, 1 repaired\n",
    )
    assert not storage.exists(key)
    assert storage.exists(kept)
    assert run() == (0, "Everything fits.\n")


def test_what_is_not_ours_is_left_alone(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    stored_video(alice)
    key = litter("somebodys-backup")
    a_week_later(monkeypatch)
    assert run("--repair")[0] == 0
    assert storage.exists(key)


def test_an_empty_ledger_repairs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    key = litter()
    a_week_later(monkeypatch)
    with pytest.raises(CommandError, match="ledger is empty"):
        call_command("fsck_media", "--repair")
    assert storage.exists(key)


def test_files_that_are_gone_or_changed_need_a_person(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, changed = key_of(stored_video(alice)), key_of(stored_video(alice))
    storage.delete(gone)
    storage.delete(changed)
    storage.save_content(changed, ContentFile(b"other"))
    a_week_later(monkeypatch)
    code, said = run("--repair")
    assert code == 1
    assert f"missing: {gone}\n" in said
    assert f"size: {changed}\n" in said
    assert StoredFile.objects.get(key=gone).state == "referenced"


def test_nobodys_rows_without_an_object_and_stuck_deletions_are_settled(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [f"videos/{uuid7()}/p1/y.mp4" for _ in range(3)]
    for key in keys:
        stored = files.reserve(owner_id=alice.pk, purpose="test", key=key, size=1)
        files.put(stored=stored, content=ContentFile(b"1"))
    missing, stuck, undead = keys
    storage.delete(missing)
    files.condemn([stuck])
    StoredFile.objects.filter(key=undead).update(state="deleted")
    a_week_later(monkeypatch)
    code, said = run("--repair")
    assert code == 0, said
    for kind, key in zip(("missing", "stuck", "undead"), keys, strict=True):
        assert f"{kind}: {key} (repaired)\n" in said
        assert not storage.exists(key)


def test_a_file_in_use_that_the_ledger_does_not_hold(alice: User) -> None:
    video = stored_video(alice)
    StoredFile.objects.filter(key=video.cover_key).update(state="present")
    code, said = run()
    assert (code, f"unledgered: {video.cover_key}\n" in said) == (1, True)


def test_ctrl_c_says_what_was_found(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    stored_video(alice)
    key = litter()

    def interrupted(self: fsck.Check) -> Iterator[list[fsck.Finding]]:
        yield []
        raise KeyboardInterrupt

    monkeypatch.setattr(fsck.Check, "rows", interrupted)
    code, said = run()
    assert code == 130
    assert f"orphan: {key}\n1 objects without a row, 0 repaired\n" in said
