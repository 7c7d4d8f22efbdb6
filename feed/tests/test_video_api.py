from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf
from core.ids import uuid7
from feed.tests.factories import add_files, make_video
from social.graph.models import Block
from videos import services
from videos.models import Upload, Video

VIDEOS = "/api/v1/videos"
# The first bytes of an MP4: what it holds is the worker's question.
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(256)) * 40


def clip() -> SimpleUploadedFile:
    return SimpleUploadedFile("holiday.mp4", MP4, content_type="video/mp4")


def post(client: APIClient, path: str = VIDEOS, **fields: str) -> Any:
    return client.post(path, {"file": clip()} | fields, format="multipart")


@pytest.mark.parametrize("path", [VIDEOS, f"{VIDEOS}/", "/api/v1/video"])
def test_a_file_is_taken_and_answered_at_once(api: ApiOf, alice: User, path: str) -> None:
    answer = post(
        api(alice), path, caption="A #day at the sea", audience="followers", mature="true"
    )
    assert answer.status_code == 202, answer.content
    shown = answer.json()
    assert (shown["caption"], shown["tags"]) == ("A #day at the sea", ["day"])
    assert (shown["audience"], shown["mature"]) == ("followers", True)
    assert (shown["processing_state"], shown["sources"]) == ("queued", [])
    assert answer["Location"] == f"/api/v1/videos/{shown['id']}"
    video = Video.objects.get()
    assert str(video.pk) == shown["id"]
    assert Upload.objects.get(video=video).offset == len(MP4)


def test_a_finished_upload_is_published_by_its_id(api: ApiOf, alice: User) -> None:
    upload_id = str(Video.objects.get(pk=post(api(alice)).json()["id"]).upload_id)
    again = api(alice).post(VIDEOS, {"upload_id": upload_id, "caption": "x"})
    assert again.status_code == 202
    assert Video.objects.count() == 1


def test_the_same_key_gives_the_same_video(api: ApiOf, alice: User) -> None:
    client = api(alice)
    keyed: Any = {"HTTP_IDEMPOTENCY_KEY": "once"}
    first = client.post(VIDEOS, {"file": clip()}, format="multipart", **keyed)
    second = client.post(VIDEOS, {"file": clip()}, format="multipart", **keyed)
    assert first.json()["id"] == second.json()["id"]
    assert Video.objects.count() == 1


def test_strangers_may_not_post(anon: APIClient, db: None) -> None:
    assert post(anon).status_code == 401
    assert Upload.objects.count() == 0


def test_a_refused_field_frees_the_bytes(api: ApiOf, alice: User) -> None:
    answer = post(api(alice), audience="aliens")
    assert answer.status_code == 400
    assert "audience" in answer.json()["errors"]
    assert Video.objects.count() == 0
    assert Upload.objects.get().state == Upload.State.ABORTED


def test_a_form_without_a_file_an_upload_or_words_is_400(api: ApiOf, alice: User) -> None:
    answer = api(alice).post(VIDEOS, {"audience": "everyone"}, format="multipart")
    assert answer.status_code == 400
    assert "upload_id" in answer.json()["errors"]


@pytest.mark.parametrize("body", ["", "[]", "null", "1", '"x"', "{", '{"upload_id": "5"}', "{}"])
def test_odd_bodies_are_400(api: ApiOf, alice: User, body: str) -> None:
    answer = api(alice).post(VIDEOS, body, content_type="application/json")
    assert answer.status_code == 400, answer.content


def test_other_types_are_415(api: ApiOf, alice: User) -> None:
    assert api(alice).post(VIDEOS, "x", content_type="text/plain").status_code == 415


def test_somebody_elses_upload_is_not_found(api: ApiOf, alice: User, bob: User) -> None:
    upload = services.create_upload(actor=alice, length=10, file_name="a.mp4")
    for upload_id in (upload.pk, uuid7()):
        answer = api(bob).post(VIDEOS, {"upload_id": str(upload_id)})
        assert answer.status_code == 404


def test_one_video_is_shown_to_whoever_may_see_it(
    api: ApiOf, anon: APIClient, alice: User, bob: User
) -> None:
    video = make_video(alice, caption="hello")
    add_files(video, 360)
    for client in (anon, api(bob), api(alice)):
        answer = client.get(f"{VIDEOS}/{video.pk}")
        assert answer.status_code == 200
        assert answer.json()["caption"] == "hello"
        assert len(answer.json()["sources"]) == 1
        assert answer.json()["viewer"]["reason"] is None


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_hidden_video_is_the_same_404_as_a_missing_one(
    api: ApiOf, alice: User, bob: User, dave: User, method: str
) -> None:
    private = make_video(alice, audience="only_me")
    public = make_video(alice)
    Block.objects.create(blocker=alice, blocked=dave)
    for client, key in (
        (api(bob), private.pk), (api(dave), public.pk), (api(bob), uuid7()), (api(bob), "1"),
        (api(bob), "feedx"), (api(bob), "%00"), (api(bob), "9" * 30),
    ):  # fmt: skip
        answer = getattr(client, method)(f"{VIDEOS}/{key}", {} if method == "patch" else None)
        assert answer.status_code == 404
        body = answer.json()
        assert body.pop("request_id")
        assert body == {
            "type": "urn:toptop:error:not_found", "title": "Not Found", "status": 404,
            "detail": "Not found.", "code": "not_found",
        }  # fmt: skip
    assert Video.objects.filter(deleted_at=None).count() == 2


def test_the_author_edits_and_nobody_else(
    api: ApiOf, anon: APIClient, alice: User, bob: User
) -> None:
    video = make_video(alice)
    path = f"{VIDEOS}/{video.pk}"
    answer = api(alice).patch(path, {"caption": "new #words", "audience": "friends"})
    assert answer.status_code == 200
    assert (answer.json()["tags"], answer.json()["audience"]) == (["words"], "friends")
    api(alice).patch(path, {"audience": "everyone"})
    assert api(bob).patch(path, {"caption": "mine"}).status_code == 403
    assert anon.patch(path, {"caption": "mine"}).status_code == 401
    video.refresh_from_db()
    assert video.caption == "new #words"


def test_what_is_not_the_authors_to_change_is_ignored(api: ApiOf, alice: User, bob: User) -> None:
    video = make_video(alice)
    before = Video.objects.values().get()
    fields = {
        "author": str(bob.pk), "author_id": str(bob.pk), "id": str(uuid7()),
        "processing_state": "failed", "moderation_state": "removed",
        "created_at": "2000-01-01T00:00:00Z", "is_verified": True,
        "cover_key": "x", "views": 10**6, "shuffle_key": 1, "media_epoch": 5,
    }  # fmt: skip
    answer = api(alice).patch(f"{VIDEOS}/{video.pk}", fields)
    assert answer.status_code in (200, 400)
    assert Video.objects.values().get() == before


def test_a_repeated_edit_with_its_key_is_answered_as_the_first(api: ApiOf, alice: User) -> None:
    video = make_video(alice)
    path = f"{VIDEOS}/{video.pk}"
    keyed: Any = {"HTTP_IDEMPOTENCY_KEY": "k1"}
    first = api(alice).patch(path, {"caption": "one"}, **keyed)
    again = api(alice).patch(path, {"caption": "one"}, **keyed)
    assert (first.json()["caption"], again.json()["caption"]) == ("one", "one")
    assert again["Idempotency-Replayed"] == "true"
    assert api(alice).patch(path, {"caption": "two"}, **keyed).status_code == 409


def test_the_author_deletes_and_nobody_else(
    api: ApiOf, anon: APIClient, alice: User, bob: User
) -> None:
    video = make_video(alice)
    path = f"{VIDEOS}/{video.pk}"
    assert anon.delete(path).status_code == 401
    assert api(bob).delete(path).status_code == 403
    assert api(alice).delete(path).status_code == 204
    assert api(alice).get(path).status_code == 404
    assert api(alice).delete(path).status_code == 404


@pytest.mark.parametrize("suffix", ["/", "?format=api", ".json", "?_method=GET"])
def test_variants_of_the_address_decide_alike(
    api: ApiOf, alice: User, bob: User, suffix: str
) -> None:
    video = make_video(alice, audience="only_me")
    path = f"{VIDEOS}/{video.pk}{suffix}"
    assert api(bob).get(path).status_code == 404
    assert api(bob).head(path).status_code == 404
    assert api(bob).post(path, HTTP_X_HTTP_METHOD_OVERRIDE="GET").status_code == 405
    assert b"caption" not in api(bob).options(path).content
