"""The invariants of uploads: what must hold after every crash, restart and sweep.

`check_invariants()` looks at database and storage together. I6 is the matrix of test_policies;
I9 and I10 have tests of their own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Count, Sum
from django.utils import timezone

from core import storage
from core.models import StoredFile
from videos import quota
from videos.models import Photo, ProcessingJob, Rendition, Upload, UploadChunk, Video

PREFIXES = ("uploads/", "videos/")
LIVE = ("reserved", "present", "referenced")


def check_invariants(*, alone: bool = False) -> None:
    """Assert I1, I2, I3, I4, I5, I7 and I8; run after `sweep`.

    `alone`: the storage belongs to this test, so that every object in it must be accounted for;
    otherwise only folders that the ledger knows are looked at.
    """
    objects = dict(_all_objects() if alone else _known_objects())
    rows = {stored.key: stored for stored in StoredFile.objects.all()}
    _published_files_exist(objects, rows)
    orphans = set(objects) - set(rows)
    assert not orphans, f"I2: objects without a row: {orphans}"
    missing = {key for key, row in rows.items() if row.state == "referenced"} - set(objects)
    assert not missing, f"I3: referenced but gone: {missing}"
    _quota_adds_up()
    _one_lease_per_video()
    twice = (
        Video.objects.values("upload").annotate(n=Count("pk")).filter(upload__isnull=False, n__gt=1)
    )
    assert not twice, f"I7: one upload, two videos: {list(twice)}"
    _everybody_is_somewhere()


def _all_objects() -> Iterator[tuple[str, int]]:
    """Yield (key, size) of every stored object under our prefixes."""
    if storage.is_local():
        root = Path(settings.MEDIA_ROOT)
        for prefix in PREFIXES:
            for path in (root / prefix).rglob("*"):
                if path.is_file():
                    yield path.relative_to(root).as_posix(), path.stat().st_size
        return
    for prefix in PREFIXES:
        for found in cast(Any, default_storage).bucket.objects.filter(Prefix=prefix):
            yield found.key, found.size


def _known_objects() -> Iterator[tuple[str, int]]:
    folders = {_folder(key) for key in StoredFile.objects.values_list("key", flat=True)}
    return ((key, size) for key, size in _all_objects() if _folder(key) in folders)


def _folder(key: str) -> str:
    return "/".join(key.split("/")[:2])


def _published_files_exist(objects: dict[str, int], rows: dict[str, StoredFile]) -> None:
    out = Video.objects.filter(published_at__isnull=False, deleted_at__isnull=True)
    for video in out.filter(kind="clip"):
        renditions = list(Rendition.objects.filter(video=video))
        assert renditions, f"I1: {video.pk} is published without a rendition"
        assert video.cover_key, f"I1: {video.pk} is published without a cover"
        keys = [video.cover_key, *(row.key for row in renditions)]
        keys += [video.preview_key] if video.preview_key else []
        for key in keys:
            assert objects.get(key) == rows[key].size, f"I1: {key} is not what its row says"
            assert rows[key].state == "referenced", f"I1: {key} is {rows[key].state}"
    for photo in Photo.objects.filter(video__in=out):
        for key in (photo.key, photo.small_key, photo.video.cover_key):
            assert objects.get(key) == rows[key].size, f"I1: {key} is not what its row says"
            assert rows[key].state == "referenced", f"I1: {key} is {rows[key].state}"
    for chunk in UploadChunk.objects.all():
        assert objects.get(chunk.key) == chunk.size, f"I3: chunk {chunk.key} is not whole"
    for upload in Upload.objects.filter(state__in=["created", "receiving", "received"]):
        durable = upload.chunks.aggregate(total=Sum("size"))["total"] or 0
        assert durable == upload.offset, f"upload {upload.pk}: offset without bytes"


def _quota_adds_up() -> None:
    owners = set(StoredFile.objects.exclude(owner=None).values_list("owner_id", flat=True))
    for owner_id in owners:
        live = StoredFile.objects.filter(owner_id=owner_id, state__in=LIVE)
        used = live.aggregate(total=Sum("size"))["total"] or 0
        waiting = Upload.objects.filter(quota.open_uploads(), owner_id=owner_id)
        coming = sum(upload.reserved - upload.offset for upload in waiting)
        assert quota.bytes_used(owner_id) == used + coming, "I4: quota does not add up"


def _one_lease_per_video() -> None:
    running = ProcessingJob.objects.filter(state="running", lease_expires_at__gt=timezone.now())
    running = running.exclude(stage="captions")  # which writes no file and may run beside the rest
    many = running.values("video").annotate(n=Count("pk")).filter(n__gt=1)
    assert not many, f"I5: two live leases: {list(many)}"


def _everybody_is_somewhere() -> None:
    now = timezone.now()
    for video in Video.objects.filter(deleted_at__isnull=True):
        jobs = {job.stage: job for job in video.jobs.all()}
        if video.processing_state == "failed":
            assert video.error_code, f"I8: {video.pk} failed without a reason"
        elif video.processing_state == "ready":
            assert video.draft or video.published_at, f"I8: {video.pk} is ready but not out"
        else:
            job = jobs["playable"]
            alive = job.state == "queued" or (
                job.state == "running" and job.lease_expires_at and job.lease_expires_at > now
            )
            assert alive, f"I8: {video.pk} is {video.processing_state}, its job {job.state}"
