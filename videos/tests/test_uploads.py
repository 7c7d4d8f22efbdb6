"""tus 1.0.0, and rows U01 to U07 of the attacks."""

import base64
import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as live
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf
from core import files
from core.errors import Conflict, TooLarge
from core.models import StoredFile
from videos import quota, services
from videos.models import Upload, UploadChunk
from videos.services import sweeping
from videos.tests.factories import fake_file, received, stored_bytes

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = "application/offset+octet-stream"


def create(client: APIClient, length: int, **headers: str) -> str:
    answer = client.post(
        "/api/v1/uploads", headers={**TUS, "Upload-Length": str(length), **headers}
    )
    assert answer.status_code == 201, answer.content
    return answer["Location"]


def send(client: APIClient, url: str, data: bytes, offset: int, **headers: str) -> Any:
    return client.patch(
        url,
        data,
        content_type=headers.pop("content_type", BYTES),
        headers={**TUS, "Upload-Offset": str(offset), **headers},
    )


def offset_of(client: APIClient, url: str) -> int:
    answer = client.head(url, headers=TUS)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return int(answer["Upload-Offset"])


def upload_of(url: str) -> Upload:
    return Upload.objects.get(pk=url.rsplit("/", 1)[1])


def test_options_says_what_the_server_can_do(anon: APIClient) -> None:
    for url in ("/api/v1/uploads", "/api/v1/uploads/00000000-0000-0000-0000-000000000000"):
        answer = anon.options(url)
        assert answer.status_code == 204
        assert answer["Tus-Version"] == "1.0.0"
        assert set(answer["Tus-Extension"].split(",")) == {
            "creation", "creation-with-upload", "termination", "expiration", "checksum",
        }  # fmt: skip
        assert answer["Tus-Max-Size"] == str(live.UPLOAD_MAX_BYTES)
        assert answer["Tus-Checksum-Algorithm"] == "sha1,sha256"


def test_a_file_in_three_pieces(api: ApiOf, alice: User) -> None:
    client, data = api(alice), fake_file(100_000)
    name = base64.b64encode(b"My clip.mp4").decode()
    url = create(client, len(data), **{"Upload-Metadata": f"filename {name},filetype dmlkZW8="})
    for start, end in ((0, 30_000), (30_000, 30_001), (30_001, 100_000)):
        assert offset_of(client, url) == start
        answer = send(client, url, data[start:end], start)
        assert answer.status_code == 204
        assert answer["Upload-Offset"] == str(end)
        assert answer["Tus-Resumable"] == "1.0.0"
        assert "Upload-Expires" in answer
    upload = upload_of(url)
    assert (upload.state, upload.file_name) == ("received", "My clip.mp4")
    assert stored_bytes(upload) == data


def test_creation_with_upload(api: ApiOf, alice: User) -> None:
    data = fake_file(5_000)
    answer = api(alice).post(
        "/api/v1/uploads", data, content_type=BYTES, headers={**TUS, "Upload-Length": "5000"}
    )
    assert (answer.status_code, answer["Upload-Offset"]) == (201, "5000")
    assert answer.json()["state"] == "received"


def test_pieces_are_cut_and_made_durable_as_they_come(
    alice: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPLOAD_CHUNK_BYTES = 1000
    upload = received(alice, fake_file(3_500))
    sizes = list(upload.chunks.order_by("offset").values_list("offset", "size"))
    assert sizes == [(0, 1000), (1000, 1000), (2000, 1000), (3000, 500)]
    assert stored_bytes(upload) == fake_file(3_500)


class Dropped(io.BytesIO):
    """A connection that dies after its bytes."""

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if not data:
            raise OSError("connection reset")
        return data


def test_a_dropped_connection_keeps_what_arrived(alice: User) -> None:
    data = fake_file(10_000)
    upload = services.create_upload(actor=alice, length=10_000)
    after = services.append(
        actor=alice, upload_id=upload.pk, offset=0, stream=Dropped(data[:7_000]), size=10_000
    )
    assert after.offset == 7_000
    assert stored_bytes(upload) == data[:7_000]
    services.append(
        actor=alice, upload_id=upload.pk, offset=7_000, stream=io.BytesIO(data[7_000:]), size=3_000
    )
    assert stored_bytes(upload) == data


@pytest.mark.parametrize("offset", [0, 999, 1001, 5000])
def test_u01_wrong_offsets_are_409_and_change_nothing(api: ApiOf, alice: User, offset: int) -> None:
    client, data = api(alice), fake_file(5_000)
    url = create(client, 5_000)
    send(client, url, data[:1000], 0)
    answer = send(client, url, b"x" * 10, offset)
    # Past the declared end both are true; the offset is named first.
    assert (answer.status_code, answer.json()["code"]) == (409, "offset_mismatch")
    assert offset_of(client, url) == 1000
    assert stored_bytes(upload_of(url)) == data[:1000]


def test_u01_replay_and_write_after_the_end_are_409(api: ApiOf, alice: User) -> None:
    client, data = api(alice), fake_file(2_000)
    url = create(client, 2_000)
    assert send(client, url, data, 0).status_code == 204
    assert send(client, url, data, 0).status_code == 409
    assert send(client, url, b"x", 2_000).status_code == 409
    assert stored_bytes(upload_of(url)) == data


class Rival(io.BytesIO):
    """A body during which another client writes the same bytes' place."""

    def __init__(self, data: bytes, meanwhile: Callable[[], None]) -> None:
        super().__init__(data)
        self.meanwhile = meanwhile

    def read(self, size: int | None = -1, /) -> bytes:
        act, self.meanwhile = self.meanwhile, lambda: None
        act()
        return super().read(size)


def test_u02_of_two_writers_one_wins(alice: User) -> None:
    ours, theirs = fake_file(4_000), fake_file(4_000)[:100] + b"y" * 3_900
    upload = services.create_upload(actor=alice, length=4_000)

    def other() -> None:
        services.append(
            actor=alice, upload_id=upload.pk, offset=0, stream=io.BytesIO(theirs), size=4_000
        )

    with pytest.raises(Conflict):
        services.append(
            actor=alice, upload_id=upload.pk, offset=0, stream=Rival(ours, other), size=4_000
        )
    assert stored_bytes(upload) == theirs
    states = StoredFile.objects.values_list("state", flat=True)
    assert sorted(states) == ["condemned", "referenced"]


def test_u03_uploads_of_others_do_not_exist(api: ApiOf, alice: User, bob: User) -> None:
    url = create(api(alice), 5_000)
    missing = "/api/v1/uploads/01900000-0000-7000-8000-000000000000"
    other = api(bob)
    for call in (
        lambda at: other.head(at, headers=TUS),
        lambda at: send(other, at, b"x", 0),
        lambda at: send(other, at, b"x", 0, content_type="text/plain"),
        lambda at: other.delete(at, headers=TUS),
    ):
        theirs, nothing = call(url), call(missing)
        assert theirs.status_code == nothing.status_code == 404
        strip = ("request_id",)
        if theirs.content:
            bodies = [
                {k: v for k, v in answer.json().items() if k not in strip}
                for answer in (theirs, nothing)
            ]
            assert bodies[0] == bodies[1]
    assert upload_of(url).offset == 0


def test_u04_more_than_declared_is_413_before_it_is_read(api: ApiOf, alice: User) -> None:
    client = api(alice)
    url = create(client, 1_000)
    answer = send(client, url, b"x" * 1_001, 0)
    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_long")
    assert StoredFile.objects.count() == 0
    too_long = client.post(
        "/api/v1/uploads", headers={**TUS, "Upload-Length": str(live.UPLOAD_MAX_BYTES + 1)}
    )
    assert (too_long.status_code, too_long.json()["code"]) == (413, "upload_too_large")


def test_u04_a_lying_length_is_cut_off(alice: User) -> None:
    upload = services.create_upload(actor=alice, length=1_000)
    with pytest.raises(TooLarge):
        services.append(actor=alice, upload_id=upload.pk, offset=0, stream=io.BytesIO(b"x" * 10**7))
    assert StoredFile.objects.count() == 0


def test_u04_quota_to_the_byte(alice: User, settings: Any) -> None:
    settings.USER_QUOTA_BYTES = 10_000
    received(alice, fake_file(4_000))
    services.create_upload(actor=alice, length=1_000)
    assert quota.bytes_used(alice.pk) == 5_000
    with pytest.raises(TooLarge):
        services.create_upload(actor=alice, length=5_001)
    services.create_upload(actor=alice, length=5_000)
    assert quota.bytes_used(alice.pk) == 10_000


def test_u05_open_uploads_are_few_and_their_room_comes_back(
    api: ApiOf, alice: User, settings: Any
) -> None:
    settings.UPLOAD_MAX_OPEN = 3
    client = api(alice)
    for _ in range(3):
        create(client, 1_000)
    full = client.post("/api/v1/uploads", headers={**TUS, "Upload-Length": "1000"})
    assert full.status_code == 429
    assert int(full["Retry-After"]) > 0
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert sweeping.sweep().uploads == 3
    assert quota.bytes_used(alice.pk) == 0
    create(client, 1_000)


def test_expired_uploads_are_gone_with_their_bytes(api: ApiOf, alice: User) -> None:
    client = api(alice)
    url = create(client, 5_000)
    send(client, url, fake_file(1_000), 0)
    key = UploadChunk.objects.get().key
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.head(url, headers=TUS).status_code == 404
    sweeping.sweep()
    assert upload_of(url).state == "expired"
    assert StoredFile.objects.get(key=key).state == "deleted"
    assert UploadChunk.objects.count() == 0


@pytest.mark.parametrize(
    "body", [b"PK\x03\x04" + b"x" * 500, b"MZ" + b"\x00" * 500, b"<!doctype html>" * 50], ids=len
)
def test_u07_a_file_that_is_no_video_is_415(api: ApiOf, alice: User, body: bytes) -> None:
    client = api(alice)
    url = create(client, len(body), **{"Upload-Metadata": "filetype dmlkZW8vbXA0"})
    answer = send(client, url, body, 0)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_format")
    assert upload_of(url).state == "rejected"
    assert client.head(url, headers=TUS).status_code == 404
    files.sweep()
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"deleted"}


def test_what_is_no_video_is_refused_before_all_of_it_is_sent(api: ApiOf, alice: User) -> None:
    client = api(alice)
    url = create(client, 10**8)
    assert send(client, url, b"#EXTM3U\n" * 1000, 0).status_code == 415


@pytest.mark.parametrize("length", ["0", "", "-1", "1e3", "٣", "9" * 30])
def test_lengths_that_make_no_sense_are_400(api: ApiOf, alice: User, length: str) -> None:
    answer = api(alice).post("/api/v1/uploads", headers={**TUS, "Upload-Length": length})
    assert answer.status_code == 400
    assert answer.json()["code"] in ("header_invalid", "empty_file")


def test_protocol_errors_are_told_apart(api: ApiOf, alice: User) -> None:
    client = api(alice)
    url = create(client, 5_000)
    version = client.patch(url, b"x", content_type=BYTES, headers={"Upload-Offset": "0"})
    assert (version.status_code, version["Tus-Version"]) == (412, "1.0.0")
    assert version["Content-Type"] == "application/problem+json"
    assert send(client, url, b"x", 0, content_type="video/mp4").status_code == 415
    assert client.patch(url, b"x", content_type=BYTES, headers=TUS).status_code == 400
    defer = client.post("/api/v1/uploads", headers={**TUS, "Upload-Defer-Length": "1"})
    assert (defer.status_code, defer.json()["code"]) == (400, "defer_length")
    bad = client.post(
        "/api/v1/uploads",
        headers={**TUS, "Upload-Length": "10", "Upload-Metadata": "filename %%%"},
    )
    assert (bad.status_code, bad.json()["code"]) == (400, "header_invalid")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_checksums(api: ApiOf, alice: User, algorithm: str) -> None:
    client, data = api(alice), fake_file(2_000)
    url = create(client, 2_000)

    def header(body: bytes, name: str = algorithm) -> dict[str, str]:
        digest = base64.b64encode(hashlib.new(algorithm, body).digest()).decode()
        return {"Upload-Checksum": f"{name} {digest}"}

    wrong = send(client, url, data[:1_000], 0, **header(b"other"))
    assert (wrong.status_code, wrong.json()["code"]) == (460, "checksum_mismatch")
    assert offset_of(client, url) == 0
    assert send(client, url, data[:1_000], 0, **header(data[:1_000], "md5")).status_code == 400
    assert send(client, url, data[:1_000], 0, **header(data[:1_000])).status_code == 204
    assert send(client, url, data[1_000:], 1_000, **header(data[1_000:])).status_code == 204
    assert stored_bytes(upload_of(url)) == data


def test_termination_frees_the_room(api: ApiOf, alice: User) -> None:
    client = api(alice)
    url = create(client, 5_000)
    send(client, url, fake_file(1_000), 0)
    assert client.delete(url, headers=TUS).status_code == 204
    assert client.head(url, headers=TUS).status_code == 404
    assert client.delete(url, headers=TUS).status_code in (204, 404)
    assert quota.bytes_used(alice.pk) == 0


def test_one_key_one_upload(api: ApiOf, alice: User, bob: User) -> None:
    client = api(alice)
    urls = {create(client, 5_000, **{"Idempotency-Key": "k"}) for _ in range(3)}
    assert len(urls) == 1
    other = client.post(
        "/api/v1/uploads", headers={**TUS, "Upload-Length": "6", "Idempotency-Key": "k"}
    )
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert create(api(bob), 5_000, **{"Idempotency-Key": "k"}) not in urls


def test_strangers_are_401(anon: APIClient) -> None:
    answer = anon.post("/api/v1/uploads", headers={**TUS, "Upload-Length": "10"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "name,kept",
    [
        ("../../x.mp4", "x.mp4"),
        ("a\x00b\r\nc", "abc"),
        ("C:\\videos\\d.mov", "d.mov"),
        ("\u202egpj.exe", "gpj.exe"),
        ("x" * 5000, "x" * 255),
        ("-i", "-i"),
    ],
)
def test_m13_file_names_are_only_shown(alice: User, name: str, kept: str) -> None:
    upload = services.create_upload(actor=alice, length=10, file_name=name)
    assert upload.file_name == kept
