"""Media through the real nginx of the scaled mode: rows M12 to M16 as a visitor gets them."""

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings

from accounts.models import User
from core import storage
from core.testing import eventually
from core.tests.edge import running_nginx
from videos import playback, services
from videos.models import Video
from videos.tests.factories import stored_video

pytestmark = pytest.mark.django_db(transaction=True)
BODY = bytes(range(256)) * 40


class LiveServer(Protocol):
    """pytest-django's server."""

    url: str


class Answer(NamedTuple):
    """What nginx answered; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture
def edge(live_server: LiveServer, tmp_path: Path, settings: LazySettings) -> Iterator[int]:
    """Run nginx in front of the product, with the storage of this run; yield its port."""
    settings.ALLOWED_HOSTS = ["*"]
    local = storage.is_local()
    settings.MEDIA_ACCEL_LOCATION = "/_media/" if local else "/_s3/"
    store = "127.0.0.1:9" if local else urlsplit(str(settings.AWS_S3_ENDPOINT_URL)).netloc
    web, media = urlsplit(live_server.url).netloc, str(settings.MEDIA_ROOT)
    with running_nginx(tmp_path, web=web, store=store, media=media) as port:
        yield port


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(
        method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = connection.getresponse()
    told = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, told, response.read())


def url_of(video: Video) -> str:
    return playback.sources(video)[0]["url"]


def test_m12_headers(edge: int, alice: User) -> None:
    for audience, cache, policy in (
        ("everyone", "public, max-age=3600, s-maxage=2", "cross-origin"),
        ("friends", "private, max-age=", "same-origin"),
    ):
        answer = ask(edge, url_of(stored_video(alice, BODY, audience=audience)))
        assert (answer.status, answer.body) == (200, BODY)
        assert answer.headers["content-type"] == "video/mp4"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["cross-origin-resource-policy"] == policy
        assert answer.headers["cache-control"].startswith(cache)
        assert "set-cookie" not in answer.headers
        assert not [name for name in answer.headers if name.startswith(("x-amz", "x-accel"))]


@pytest.mark.parametrize(
    "asked, start, end", [("bytes=0-", 0, 10240), ("bytes=-1", 10239, 10240), ("bytes=5-9", 5, 10)]
)
def test_m15_one_range(edge: int, alice: User, asked: str, start: int, end: int) -> None:
    answer = ask(edge, url_of(stored_video(alice, BODY)), Range=asked)
    assert (answer.status, answer.body) == (206, BODY[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/10240"


def test_m15_ranges_that_cannot_be(edge: int, alice: User) -> None:
    url = url_of(stored_video(alice, BODY))
    assert ask(edge, url, Range="bytes=10240-").status == 416
    many = ask(edge, url, Range="bytes=" + ",".join(f"{at}-{at}" for at in range(1000)))
    # One range is served at most: the whole file, a refusal, or the first of them.
    assert many.status in (200, 206, 416)
    assert not many.headers["content-type"].startswith("multipart/")


def test_m14_no_url_works_but_the_signed_one(edge: int, alice: User) -> None:
    url = url_of(stored_video(alice, BODY, audience="friends"))
    path, _, token = url.partition("?t=")
    folder, key = path.rsplit("/", 1)[0], path.removeprefix("/media/")
    attempts = [
        path,
        f"{path}?t={token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        f"{folder}/..%2f..%2f..%2fdb.sqlite3?t={token}",
        f"{folder}/%252e%252e/360.mp4?t={token}",
        f"{folder}/..%5c360.mp4?t={token}",
        f"{folder}/360.mp4%00.jpg?t={token}",
        f"/_media/{key}",
        f"/_media/{key}?t={token}",
        f"/media/../_media/{key}",
        f"/media/%2e%2e/_media/{key}",
        f"//_media/{key}",
        f"/_s3/{key}",
        "/_media/../../../etc/passwd",
        "/_media%2f..%2f..%2fetc/passwd",
    ]
    statuses = {attempt: ask(edge, attempt).status for attempt in attempts}
    assert set(statuses.values()) <= {400, 403, 404, 410}, statuses
    smuggled = ask(edge, path, X_Accel_Redirect=f"/_media/{key}", X_Original_URL=f"/_media/{key}")
    assert smuggled.status == 404
    assert ask(edge, url).status == 200


def test_m16_old_urls_die_within_five_seconds(edge: int, alice: User) -> None:
    for change in (
        lambda video: services.edit_video(actor=alice, video_id=video.pk, audience="only_me"),
        lambda video: services.delete_video(actor=alice, video_id=video.pk),
    ):
        video = stored_video(alice, BODY)
        url = url_of(video)
        assert ask(edge, url).status == 200
        change(video)
        assert eventually(lambda url=url: ask(edge, url).status == 404, seconds=5)  # type: ignore[misc]
