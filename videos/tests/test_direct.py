"""Uploads straight to the object store: signed parts, pinned ETags, a verified end."""

import hashlib
from typing import Any

import pytest
import requests
from django.conf import settings as live
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from conftest import ApiOf
from core import multipart_store, storage
from core.models import StoredFile
from core.testing import run_jobs
from videos import quota, services
from videos.models import Upload, UploadChunk, Video
from videos.services import direct, sweeping
from videos.tests.factories import clip, fake_file, stored_bytes
from videos.tests.invariants import check_invariants

pytestmark = pytest.mark.django_db
needs_store = pytest.mark.skipif(
    not live.AWS_STORAGE_BUCKET_NAME, reason="parts go to an object store: `make test-scaled`"
)
PART = 5 * 1024**2  # the least that stores take
URL = "/api/v1/uploads"


@pytest.fixture(autouse=True)
def _configured(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.UPLOAD_DIRECT = bool(live.AWS_STORAGE_BUCKET_NAME)
    monkeypatch.setattr(direct, "PART_BYTES", PART)


def begin(api: ApiOf, user: User, length: int, key: str = "k") -> Any:
    answer = api(user).post(
        f"{URL}/direct",
        {"length": length, "filename": "../a.mp4"},
        format="json",
        headers={"Idempotency-Key": key},
    )
    assert answer.status_code == 201, answer.content
    return answer.json()


def put(part: Any, body: bytes) -> dict[str, Any]:
    answer = requests.put(
        part["url"], data=body[part["offset"] : part["offset"] + part["size"]], timeout=60
    )
    assert answer.status_code == 200, answer.text
    return {"number": part["number"], "etag": answer.headers["ETag"]}


def complete(api: ApiOf, user: User, upload_id: str, sent: list[dict[str, Any]]) -> Any:
    return api(user).post(f"{URL}/{upload_id}/complete", {"parts": sent}, format="json")


def test_without_a_store_it_is_off(api: ApiOf, alice: User, settings: Any) -> None:
    settings.UPLOAD_DIRECT = False
    answer = api(alice).post(f"{URL}/direct", {"length": 10}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "direct_off")
    assert Upload.objects.count() == 0
    tus = services.create_upload(actor=alice, length=10)
    answer = complete(api, alice, str(tus.pk), [{"number": 1, "etag": "x"}])
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_not_direct")


def test_completing_belongs_to_the_owner(api: ApiOf, alice: User, bob: User) -> None:
    theirs = services.create_upload(actor=alice, length=10)
    nothing = "01900000-0000-7000-8000-000000000000"
    sent = [{"number": 1, "etag": "x"}]
    bodies = []
    for upload_id in (str(theirs.pk), nothing):
        answer = complete(api, bob, upload_id, sent)
        assert answer.status_code == 404
        bodies.append({k: v for k, v in answer.json().items() if k != "request_id"})
    assert bodies[0] == bodies[1]


@needs_store
def test_a_clip_in_parts_resumed_and_published(api: ApiOf, alice: User) -> None:
    body = clip()
    rest = PART + 1000 - len(body)
    body += rest.to_bytes(4, "big") + b"free" + bytes(rest - 8)
    first = begin(api, alice, len(body))
    assert [part["size"] for part in first["parts"]] == [PART, 1000]
    assert quota.bytes_used(alice.pk) == len(body)
    sent = [put(first["parts"][0], body)]
    early = complete(api, alice, first["id"], sent)
    assert (early.status_code, early.json()["code"]) == (409, "upload_incomplete")
    # After a reload the same key tells what has arrived.
    again = begin(api, alice, len(body))
    assert again["id"] == first["id"]
    assert [part["etag"] for part in again["parts"]] == [sent[0]["etag"], ""]
    sent.append(put(again["parts"][1], body))
    for _ in range(2):
        done = complete(api, alice, first["id"], sent)
        assert (done.status_code, done.json()["state"]) == (200, "received"), done.content
    upload = Upload.objects.get()
    assert hashlib.sha256(stored_bytes(upload)).digest() == hashlib.sha256(body).digest()
    assert quota.bytes_used(alice.pk) == len(body)
    check_invariants()
    services.publish_video(actor=alice, upload_id=upload.pk)
    run_jobs()
    assert Video.objects.get().processing_state == "ready"
    for _ in range(2):
        sweeping.sweep()
    check_invariants()
    assert multipart_store.look(upload.direct_key) is None


@needs_store
def test_u06_a_late_put_swaps_nothing(api: ApiOf, alice: User) -> None:
    body = fake_file(1000)
    begun = begin(api, alice, 1000)
    sent = [put(begun["parts"][0], body)]
    # Between telling and completing somebody puts other bytes: they are not those of the client.
    put(begun["parts"][0], b"x" * 1000)
    answer = complete(api, alice, begun["id"], sent)
    assert (answer.status_code, answer.json()["code"]) == (409, "part_mismatch")
    sent = [put(begun["parts"][0], body)]
    assert complete(api, alice, begun["id"], sent).status_code == 200
    late = requests.put(begun["parts"][0]["url"], data=b"x" * 1000, timeout=60)
    assert late.status_code >= 400
    upload = Upload.objects.get()
    assert stored_bytes(upload) == body
    # Whoever gets at the object itself is noticed at the next read.
    (chunk,) = UploadChunk.objects.all()
    storage.save_content(chunk.key, ContentFile(b"y" * 1000))
    with pytest.raises(OSError, match=r"412|Precondition"):
        list(storage.read(chunk.key, etag=chunk.etag))


@needs_store
def test_sizes_and_kinds_are_verified(api: ApiOf, alice: User) -> None:
    begun = begin(api, alice, 1000, "short")
    answer = requests.put(begun["parts"][0]["url"], data=b"z" * 999, timeout=60)
    sent = [{"number": 1, "etag": answer.headers["ETag"]}]
    refused = complete(api, alice, begun["id"], sent)
    assert (refused.status_code, refused.json()["code"]) == (409, "upload_incomplete")
    zipped = begin(api, alice, 1000, "zip")
    refused = complete(
        api, alice, zipped["id"], [put(zipped["parts"][0], b"PK\x03\x04" + bytes(996))]
    )
    assert (refused.status_code, refused.json()["code"]) == (415, "unsupported_format")
    for _ in range(2):
        sweeping.sweep()
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"deleted"}


@needs_store
def test_parts_of_ended_uploads_are_dropped(api: ApiOf, alice: User) -> None:
    begun = begin(api, alice, 1000)
    put(begun["parts"][0], fake_file(1000))
    upload = Upload.objects.get()
    Upload.objects.update(expires_at=timezone.now())
    sweeping.sweep()
    assert multipart_store.parts(upload.direct_key, upload.multipart_id) is None
    upload.refresh_from_db()
    assert (upload.state, upload.multipart_id) == ("expired", "")
    assert quota.bytes_used(alice.pk) == 0


@needs_store
def test_the_two_ways_do_not_mix(api: ApiOf, alice: User) -> None:
    begun = begin(api, alice, 1000)
    answer = api(alice).patch(
        f"{URL}/{begun['id']}",
        fake_file(1000),
        content_type="application/offset+octet-stream",
        headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0"},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_direct")
