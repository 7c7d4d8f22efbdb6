"""`GET videos/{id}/download`: the largest file, for whom the author lets."""

from typing import Any

import pytest

from accounts.models import User
from accounts.services import set_private
from conftest import ApiOf
from core.ids import uuid7
from social.graph import services as graph
from videos import downloads, services
from videos.models import Rendition, Video
from videos.tests.factories import ready_video, stored_video

pytestmark = pytest.mark.django_db
BODY = bytes(range(256)) * 8


def take(client: Any, video: Video, **headers: str) -> Any:
    return client.get(f"/api/v1/videos/{video.pk}/download", headers=headers)


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_largest_file_comes_as_an_attachment(api: ApiOf, alice: User, bob: User) -> None:
    video = stored_video(alice, BODY, caption="Phở “bò”\r\n; filename=evil.html ../../x")
    small = Rendition.objects.get()
    Rendition.objects.create(
        video=video, short_edge=144, width=256, height=144, bitrate=1, size=1, key="videos/small"
    )
    answer = take(api(bob), video)
    assert answer.status_code == 200
    assert body_of(answer) == BODY
    assert small.short_edge > 144
    assert answer["Content-Type"] == "video/mp4"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    plain, whole = answer["Content-Disposition"].split("; filename*=UTF-8''")
    assert plain == f'attachment; filename="alice-{str(video.pk)[-12:]}.mp4"'
    assert whole == "alice-Ph%E1%BB%9F-b%C3%B2-filename-evil-html-x.mp4"
    part = take(api(bob), video, Range="bytes=0-9")
    assert (part.status_code, body_of(part)) == (206, BODY[:10])


def test_a_name_without_words_is_plain(alice: User) -> None:
    plain, whole = downloads.names(ready_video(alice, caption="!!! \u202e ✨"))
    assert plain == whole
    plain.encode("ascii")


@pytest.mark.parametrize("fields", [{"allow_download": False}, {"audience": "followers"}])
def test_others_may_not_where_it_is_off(
    api: ApiOf, alice: User, bob: User, fields: dict[str, Any]
) -> None:
    graph.follow(actor=bob, user_id=alice.pk)
    video = stored_video(alice, BODY, **fields)
    refused = take(api(bob), video)
    assert (refused.status_code, refused.json()["code"]) == (403, "download_off")
    assert body_of(take(api(alice), video)) == BODY


def test_a_private_account_lets_nobody(api: ApiOf, alice: User, bob: User) -> None:
    graph.follow(actor=bob, user_id=alice.pk)
    video = stored_video(alice, BODY)
    set_private(actor=alice, is_private=True)
    assert take(api(bob), video).status_code == 403
    assert take(api(alice), video).status_code == 200


def test_hidden_is_missing_and_strangers_sign_in(
    api: ApiOf, anon: Any, alice: User, bob: User
) -> None:
    hidden, seen = stored_video(alice, audience="only_me"), stored_video(alice)
    assert take(api(bob), hidden).status_code == 404
    assert api(bob).get(f"/api/v1/videos/{uuid7()}/download").status_code == 404
    assert take(anon, seen).status_code == 401
    services.edit_video(actor=alice, video_id=seen.pk, allow_download=False)
    assert take(api(bob), seen).status_code == 403


def test_before_there_is_a_file(api: ApiOf, alice: User) -> None:
    video = ready_video(alice, processing_state="queued", published_at=None)
    answer = take(api(alice), video)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")
