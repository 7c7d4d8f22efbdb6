"""`POST videos` as a multipart form: streamed, authorised first, resumable by key."""

import io
import tracemalloc
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client, RequestFactory
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf, BrowserOf
from core.errors import Conflict, Invalid
from core.http.bodies import WholeBody
from core.models import StoredFile
from core.testing import run_jobs
from videos import multipart, quota, services
from videos.models import Upload, UploadChunk, Video
from videos.reception import READ_BYTES
from videos.tests.factories import clip, fake_file, stored_bytes
from videos.tests.test_publishing import together

pytestmark = pytest.mark.django_db
BOUNDARY = "xYzBoundary"


def form(body: bytes, **fields: str) -> dict[str, object]:
    return {**fields, "file": SimpleUploadedFile("../a b.mp4", body, "video/mp4")}


def raw_form(body: bytes, **fields: str) -> bytes:
    """Return the bytes of a form whose file comes last."""
    parts = b"".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
        for k, v in fields.items()
    )
    head = 'Content-Disposition: form-data; name="file"; filename="a.mp4"\r\n'
    kind = "Content-Type: video/mp4\r\n\r\n"
    return (
        parts + f"--{BOUNDARY}\r\n{head}{kind}".encode() + body + f"\r\n--{BOUNDARY}--\r\n".encode()
    )


def test_a_real_clip_by_one_request(api: ApiOf, alice: User) -> None:
    answer = api(alice).post(
        "/api/v1/videos", form(clip(), caption="#hi", audience="followers"), format="multipart"
    )
    assert answer.status_code == 202, answer.content
    assert answer.json()["processing_state"] == "queued"
    run_jobs()
    video = Video.objects.get()
    assert (video.processing_state, video.audience) == ("ready", "followers")
    assert Upload.objects.get().file_name == "a b.mp4"


@pytest.mark.parametrize(
    "body,status,code",
    [
        (b"PK\x03\x04" + b"0" * 9_000, 415, "unsupported_format"),
        (b"", 400, "empty_file"),
    ],
    ids=["zip", "empty"],
)
def test_what_is_no_video(api: ApiOf, alice: User, body: bytes, status: int, code: str) -> None:
    answer = api(alice).post("/api/v1/videos", form(body), format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert quota.bytes_used(alice.pk) == 0
    assert Video.objects.count() == 0


def test_a_form_without_a_file_names_the_field(api: ApiOf, alice: User) -> None:
    answer = api(alice).post("/api/v1/videos", {"audience": "friends"}, format="multipart")
    assert answer.status_code == 400
    assert Upload.objects.count() == 0


def test_too_much_is_refused_by_its_length(api: ApiOf, alice: User, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000
    answer = api(alice).post("/api/v1/videos", form(fake_file(2_000_000)), format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_large")
    small = api(alice).post("/api/v1/videos", form(fake_file(1_001)), format="multipart")
    assert small.status_code == 413
    assert StoredFile.objects.count() == 0


class Unread(io.BytesIO):
    """A body that nobody may read."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise AssertionError("the body was read")


def test_strangers_are_refused_before_the_body_is_read(anon: APIClient) -> None:
    body: dict[str, Any] = {"wsgi.input": Unread(), "CONTENT_LENGTH": "100000"}
    anon.defaults |= body
    answer = anon.generic(
        "POST", "/api/v1/videos", content_type=f"multipart/form-data; boundary={BOUNDARY}"
    )
    assert answer.status_code == 401


def request_of(data: bytes, length: int | None = None, *, raising: bool = False) -> WSGIRequest:
    """Return a request whose body ends early by silence or, `raising`, by an error."""
    size = len(data) if length is None else length
    environ = RequestFactory()._base_environ(  # type: ignore[attr-defined]
        REQUEST_METHOD="POST",
        CONTENT_TYPE=f"multipart/form-data; boundary={BOUNDARY}",
        CONTENT_LENGTH=str(size),
    )
    stream = io.BytesIO(data)
    environ["wsgi.input"] = WholeBody(stream, size) if raising else stream
    return WSGIRequest(environ)


def receive(user: User, data: bytes, *, key: str | None = None, **body: Any) -> str:
    request = request_of(data, **body)
    upload_id = multipart.receive(request, actor=user, idempotency_key=key).file
    assert upload_id is not None
    return upload_id


@pytest.mark.parametrize("raising", [False, True])
@pytest.mark.parametrize("missing", [1, 10, 20, 30, 1_000])
def test_a_body_cut_short_is_no_video(alice: User, missing: int, raising: bool) -> None:
    data = raw_form(fake_file(5_000), caption="x")
    with pytest.raises(Invalid) as caught:
        receive(alice, data[:-missing], length=len(data), raising=raising)
    assert caught.value.code == "body_incomplete"
    assert quota.bytes_used(alice.pk) == 0


@pytest.mark.parametrize("cut", [3_000, 150_000, 520_000, 599_990])
def test_with_a_key_a_repeat_goes_on_where_the_first_was_durable(
    alice: User, settings: Any, cut: int
) -> None:
    settings.UPLOAD_CHUNK_BYTES = 100_000
    body = fake_file(600_000)
    data = raw_form(body)
    with pytest.raises(Invalid):
        receive(alice, data[: -(len(data) - cut)], key="k", length=len(data))
    durable = Upload.objects.get().offset
    assert durable % 100_000 == 0
    upload_id = receive(alice, data, key="k")
    upload = Upload.objects.get()
    assert (str(upload.pk), upload.state, upload.length) == (upload_id, "received", 600_000)
    assert stored_bytes(upload) == body
    assert UploadChunk.objects.count() == 6
    assert receive(alice, data, key="k") == upload_id


@pytest.mark.django_db(transaction=True)
def test_u08_twenty_forms_of_one_key_at_once_are_one_video(alice: User) -> None:
    data = raw_form(fake_file(50_000))

    def post() -> object:
        upload_id = receive(alice, data, key="k")
        return services.publish_video(actor=alice, upload_id=upload_id, idempotency_key="k").pk

    results = together(20, post)
    videos = list(Video.objects.values_list("pk", flat=True))
    assert len(videos) == 1
    assert Upload.objects.count() == 1
    # Who came while the first was still sending is told so, and may ask again.
    told = {result.code for result in results if isinstance(result, Conflict)}
    assert told <= {"upload_busy"}
    assert {result for result in results if not isinstance(result, Conflict)} == set(videos)
    assert post() == videos[0]
    assert stored_bytes(Upload.objects.get()) == fake_file(50_000)


def test_memory_does_not_grow_with_the_file(alice: User) -> None:
    def peak(size: int) -> int:
        data = raw_form(fake_file(size))
        request = request_of(data)
        tracemalloc.start()
        multipart.receive(request, actor=alice, idempotency_key=None)
        _, top = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return top

    small, large = peak(1_000_000), peak(20_000_000)
    assert large - small < 4 * READ_BYTES


def test_the_page_works_without_javascript(browser: BrowserOf, alice: User) -> None:
    page = browser(alice)
    assert page.get("/upload").status_code == 200
    answer = page.post("/upload", form(clip(), caption="by form", audience="friends"))
    assert (answer.status_code, answer["Location"]) == (302, "/studio")
    video = Video.objects.get()
    assert (video.caption, video.audience) == ("by form", "friends")
    wrong = page.post("/upload", form(b"zip" * 999, caption="kept"))
    assert wrong.status_code == 415
    assert "kept" in wrong.content.decode()


def test_the_page_needs_its_token_and_keeps_nothing_without(alice: User) -> None:
    page = Client(enforce_csrf_checks=True)
    page.force_login(alice)
    answer = page.post("/upload", form(clip()))
    assert answer.status_code == 403
    assert Video.objects.count() == 0
    assert Upload.objects.get().state == "aborted"
    token = page.get("/upload").context["csrf_token"]
    good = page.post("/upload", form(clip(), csrfmiddlewaretoken=str(token)))
    assert good.status_code == 302
    assert Video.objects.count() == 1


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    answer = client.post("/upload", form(b"x"))
    assert answer.status_code == 302
    assert "/signin" in answer["Location"]
    assert Upload.objects.count() == 0
