"""From an upload to a video: once per upload, once per key, also when asked twenty times."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from conftest import ApiOf
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.testing import commit
from videos import services
from videos.events import VideoPublished
from videos.models import ProcessingJob, Tag, Upload, Video
from videos.tests.factories import fake_file, posted, ready_video, received

BODY = fake_file(5_000)


def together(number: int, work: Callable[[], object]) -> list[object]:
    """Run `work` in that many threads at once; return results and errors."""
    start, results = threading.Barrier(number), []

    def run() -> None:
        start.wait()
        try:
            results.append(work())
        except Exception as error:  # noqa: BLE001 - the test looks at what came of each
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db
def test_a_video_is_queued_with_its_tags(alice: User) -> None:
    video = posted(alice, BODY, caption=" Chào #HàNội and #ha_noi2, #HàNội! a#no https://x/#no ")
    assert video.caption == "Chào #HàNội and #ha_noi2, #HàNội! a#no https://x/#no"
    names = video.video_tags.order_by("position").values_list("tag__name", flat=True)
    assert list(names) == ["hànội", "ha_noi2"]
    assert (video.processing_state, video.published_at) == ("queued", None)
    assert Upload.objects.get().state == "consumed"
    job = ProcessingJob.objects.get()
    assert (job.stage, job.state, job.attempt) == ("playable", "queued", 0)


@pytest.mark.django_db
def test_at_most_thirty_tags(alice: User) -> None:
    posted(alice, BODY, caption=" ".join(f"#t{number}" for number in range(50)))
    assert Tag.objects.count() == 30


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"caption": "x" * 2201}, {"audience": "all"}, {"allow_comments": "me"}], ids=str
)
def test_bad_fields_leave_the_upload_untouched(alice: User, fields: dict[str, Any]) -> None:
    upload = received(alice, BODY)
    with pytest.raises(Invalid) as caught:
        services.publish_video(actor=alice, upload_id=upload.pk, **fields)
    assert list(caught.value.errors) == list(fields)
    upload.refresh_from_db()
    assert upload.state == "received"


@pytest.mark.django_db
def test_only_ones_own_complete_upload(alice: User, bob: User) -> None:
    upload = received(alice, BODY)
    with pytest.raises(NotFound):
        services.publish_video(actor=bob, upload_id=upload.pk)
    with pytest.raises(NotFound):
        services.publish_video(actor=alice, upload_id="nonsense")
    half = services.create_upload(actor=alice, length=10)
    with pytest.raises(Conflict):
        services.publish_video(actor=alice, upload_id=half.pk)
    assert Video.objects.count() == 0


@pytest.mark.django_db
def test_the_same_upload_gives_the_same_video_until_that_is_deleted(alice: User) -> None:
    upload = received(alice, BODY)
    first = services.publish_video(actor=alice, upload_id=upload.pk)
    assert services.publish_video(actor=alice, upload_id=upload.pk).pk == first.pk
    services.delete_video(actor=alice, video_id=first.pk)
    with pytest.raises(Conflict):
        services.publish_video(actor=alice, upload_id=upload.pk)


@pytest.mark.django_db(transaction=True)
def test_u08_twenty_times_the_same_key_at_once(alice: User) -> None:
    upload = received(alice, BODY)
    results = together(
        20,
        lambda: (
            services.publish_video(
                actor=alice, upload_id=upload.pk, idempotency_key="k", caption="#once"
            ).pk
        ),
    )
    assert {type(result) for result in results} == {type(upload.pk)}, results
    assert len(set(results)) == 1
    assert Video.objects.count() == ProcessingJob.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_uploads_of_one_key_at_once_are_one(alice: User) -> None:
    results = together(
        20, lambda: services.create_upload(actor=alice, length=9, idempotency_key="k").pk
    )
    assert len(set(results)) == 1, results
    assert Upload.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_quota_holds_against_many_at_once(alice: User, settings: Any) -> None:
    settings.USER_QUOTA_BYTES = 100
    results = together(10, lambda: services.create_upload(actor=alice, length=40).pk)
    assert len([result for result in results if not isinstance(result, Exception)]) == 2


@pytest.mark.django_db
def test_publishing_by_json_answers_202_and_the_same_twice(api: ApiOf, alice: User) -> None:
    upload = received(alice, BODY)
    answers = [
        api(alice).post(
            "/api/v1/videos",
            {"upload_id": str(upload.pk), "caption": "hi", "audience": "friends"},
            headers={"Idempotency-Key": "abc"},
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert Video.objects.get().audience == "friends"


@pytest.mark.django_db
def test_editing_narrows_at_once(alice: User, bob: User) -> None:
    video = ready_video(alice, caption="#old")
    edited = services.edit_video(actor=alice, video_id=video.pk, caption="#new", audience="only_me")
    assert edited.media_epoch == 1
    assert [row.tag.name for row in edited.video_tags.all()] == ["new"]
    same = services.edit_video(actor=alice, video_id=video.pk, caption="again")
    assert same.media_epoch == 1
    with pytest.raises(NotFound):
        services.edit_video(actor=bob, video_id=video.pk, caption="mine")


@pytest.mark.django_db
def test_others_who_see_it_may_not_edit_it(alice: User, bob: User) -> None:
    video = ready_video(alice)
    with pytest.raises(Forbidden):
        services.edit_video(actor=bob, video_id=video.pk, caption="mine")
    with pytest.raises(Invalid):
        services.edit_video(actor=alice, video_id=video.pk, author=bob)


@pytest.mark.django_db
def test_a_draft_is_published_by_its_switch(alice: User) -> None:
    heard: list[object] = []
    from core import events

    events.subscribe(VideoPublished, heard.append)
    video = ready_video(alice, draft=True, published_at=None)
    out = services.edit_video(actor=alice, video_id=video.pk, draft=False)
    commit()
    assert out.published_at is not None
    assert heard == [VideoPublished(video.pk, alice.pk)]
    back = services.edit_video(actor=alice, video_id=video.pk, draft=True)
    assert back.published_at is None
