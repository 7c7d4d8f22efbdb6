"""Media over HTTP: rows M12 to M17 of the attacks, on local files or S3 alike."""

import urllib.request
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services import bump_media_epoch
from core import media_urls, storage
from core.ids import uuid7
from core.models import StoredFile
from core.testing import commit, run_jobs
from videos import media_epochs, playback, services
from videos.models import Video
from videos.services import sweeping
from videos.tests.factories import stored_video

pytestmark = pytest.mark.django_db
BODY = bytes(range(256)) * 40


def url_of(video: Video) -> str:
    return playback.sources(video)[0]["url"]


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.fixture
def video(alice: User) -> Video:
    return stored_video(alice, BODY)


def test_m12_headers_of_public_media(client: Client, video: Video) -> None:
    answer = client.get(url_of(video))
    assert answer.status_code == 200
    assert body_of(answer) == BODY
    assert answer["Content-Type"] == "video/mp4"
    assert answer["Content-Length"] == str(len(BODY))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Cache-Control"] == "public, max-age=3600, s-maxage=2"
    assert "Set-Cookie" not in answer
    assert "Cookie" not in answer.get("Vary", "")
    cover = client.get(playback.cover_url(video) or "")
    assert cover["Content-Type"] == "image/jpeg"


def test_m12_private_media_stays_private(client: Client, alice: User) -> None:
    answer = client.get(url_of(stored_video(alice, audience="friends")))
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("private, max-age=")
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_head_and_validators(client: Client, video: Video) -> None:
    url = url_of(video)
    head = client.head(url)
    assert (head.status_code, head["Content-Length"]) == (200, str(len(BODY)))
    assert body_of(head) == b""
    same = client.get(url, headers={"If-None-Match": head["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    fresh = client.get(url, headers={"Range": "bytes=0-9", "If-Range": head["ETag"]})
    assert fresh.status_code == 206
    stale = client.get(url, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (stale.status_code, body_of(stale)) == (200, BODY)
    assert client.post(url).status_code == 405


@pytest.mark.parametrize(
    "asked,start,end",
    [
        ("bytes=0-", 0, 10240),
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=10000-99999", 10000, 10240),
        ("bytes=-1", 10239, 10240),
        ("bytes=-99999", 0, 10240),
        ("bytes= 5-9", 5, 10),
    ],
)
def test_m15_one_range(client: Client, video: Video, asked: str, start: int, end: int) -> None:
    answer = client.get(url_of(video), headers={"Range": asked})
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end - 1}/10240"
    assert answer["Content-Length"] == str(end - start)
    assert body_of(answer) == BODY[start:end]


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=10240-",
        "bytes=99999-",
        "bytes=-0",
        "bytes=5-2",
        "bytes=-",
        "bytes=a-b",
        "bytes=" + ",".join(f"{at}-{at}" for at in range(1000)),
        "bytes=" + "9" * 40 + "-",
    ],
    ids=lambda asked: asked[:20],
)
def test_m15_ranges_that_cannot_be(client: Client, video: Video, asked: str) -> None:
    answer = client.get(url_of(video), headers={"Range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"] == "bytes */10240"
    assert body_of(answer) == b""


def test_m14_no_url_works_but_the_signed_one(client: Client, alice: User) -> None:
    video, other = stored_video(alice, audience="friends"), stored_video(alice)
    url = url_of(video)
    path, _, token = url.partition("?t=")
    foreign = url_of(other).partition("?t=")[2]
    kind, expires, epochs, mac = token.split(".")
    folder = path.rsplit("/", 1)[0]
    attempts = [
        path,
        f"{path}?t=",
        f"{path}?t=x",
        f"{path}?t={foreign}",
        f"{path}?t={token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        f"{path}?t=p.{expires}.{epochs}.{mac}",
        f"{path}?t={kind}.{int(expires) + 9}.{epochs}.{mac}",
        f"{path}?t={kind}.{expires}.{epochs}.\ud800\u00e9",
        f"{folder}/..%2f..%2f..%2fdb.sqlite3?t={token}",
        f"{folder}/%252e%252e/360.mp4?t={token}",
        f"{folder}/..%5c360.mp4?t={token}",
        f"{folder}/360.mp4%00.jpg?t={token}",
        f"{folder}//360.mp4?t={token}",
        f"/media//{path.removeprefix('/media/')}?t={token}",
        f"{folder}/360.MP4?t={token}",
        f"{folder}/360.mp4%0a?t={token}",
        f"/media/uploads/{video.upload_id}/000000000000-abc?t={token}",
        f"/media/videos/{uuid7()}/p1/360.mp4?t={token}",
        "/media/" + path.removeprefix("/media/").replace("videos/", "videos/../videos/", 1),
    ]
    answers = [client.get(attempt.replace("\ud800", "%ED%A0%80")) for attempt in attempts]
    assert {answer.status_code for answer in answers} == {404}, list(
        zip(attempts, [answer.status_code for answer in answers], strict=True)
    )
    same = {
        (answer.content, *sorted((k, v) for k, v in answer.items() if k != "X-Request-Id"))
        for answer in answers
    }
    assert len(same) == 1
    assert client.get(url).status_code == 200


def test_m14_an_expired_url_is_dead(
    client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    video = stored_video(alice, audience="friends")
    url = url_of(video)
    later = timezone.now().timestamp() + media_urls.PRIVATE_SECONDS + 1
    monkeypatch.setattr("core.media_urls.time.time", lambda: later)
    assert client.get(url).status_code == 404


def narrow(video: Video) -> None:
    services.edit_video(actor=video.author, video_id=video.pk, audience="only_me")


def delete(video: Video) -> None:
    services.delete_video(actor=video.author, video_id=video.pk)


def bump_author(video: Video) -> None:
    bump_media_epoch(user_id=video.author_id)


@pytest.mark.parametrize("change", [narrow, delete, bump_author])
def test_m16_old_urls_die_within_five_seconds(
    client: Client, video: Video, change: Callable[[Video], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = url_of(video)
    kept = client.get(url)
    assert kept.status_code == 200
    change(video)
    commit()
    # Worst case: another process still holds the epochs, and a proxy cached its answer.
    monkeypatch.setattr("videos.media_epochs.cache.delete", lambda key: None)
    cache.clear()
    assert client.get(url).status_code == 404
    shared = int(kept["Cache-Control"].rpartition("s-maxage=")[2])
    assert shared + media_epochs.KEPT_SECONDS < 5


def test_a_change_is_seen_at_once_by_the_process_that_made_it(client: Client, video: Video) -> None:
    url = url_of(video)
    assert client.get(url).status_code == 200
    delete(video)
    commit()
    assert client.get(url).status_code == 404


def test_removed_for_others_still_there_for_the_owner(
    client: Client, video: Video, mod: User, alice: User
) -> None:
    url = url_of(video)
    services.remove_video(actor=mod, video_id=video.pk, reason="rules")
    commit()
    assert client.get(url).status_code == 404
    mine = Video.objects.select_related("author").get(pk=video.pk)
    answer = client.get(url_of(mine))
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("private")
    back = services.restore_video(actor=mod, video_id=video.pk)
    assert back.moderation_state == "visible"


def test_deleting_removes_every_byte(video: Video, alice: User) -> None:
    services.delete_video(actor=alice, video_id=video.pk)
    assert "videos.erase" in run_jobs()
    assert set(StoredFile.objects.values_list("state", flat=True)) == {"deleted"}


def test_a_lost_deletion_task_is_made_up_for(video: Video, alice: User) -> None:
    services.delete_video(actor=alice, video_id=video.pk)
    assert sweeping.sweep().objects == 2
    StoredFile.objects.update(state_changed_at=timezone.now() - timedelta(days=8))
    sweeping.sweep()
    assert StoredFile.objects.count() == 0


def test_missing_bytes_are_404_not_500(client: Client, video: Video) -> None:
    url = url_of(video)
    StoredFile.objects.update(state="condemned")
    sweeping.sweep()
    cache.clear()
    assert client.get(url).status_code == 404


def test_nginx_is_told_where_the_file_is(client: Client, video: Video, settings: Any) -> None:
    settings.MEDIA_ACCEL_LOCATION = "/_media"
    answer = client.get(url_of(video))
    assert answer.status_code == 200
    told = urlsplit(answer["X-Accel-Redirect"])
    if storage.is_local():
        assert told.path == f"/_media/videos/{video.pk}/p1/360.mp4"
    else:
        bucket = settings.AWS_STORAGE_BUCKET_NAME
        assert told.path == f"/_media/{bucket}/videos/{video.pk}/p1/360.mp4"
        direct = f"{settings.AWS_S3_ENDPOINT_URL}{told.path.removeprefix('/_media')}?{told.query}"
        with urllib.request.urlopen(direct) as got:
            assert (got.read(), got.headers["Content-Type"]) == (BODY, "video/mp4")
    assert answer["Content-Type"] == "video/mp4"
