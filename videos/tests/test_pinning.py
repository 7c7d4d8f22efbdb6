"""Pins: three at most, first on the profile, gone with what cannot be seen."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from conftest import ApiOf, BrowserOf
from core.errors import Conflict
from social.graph.tests.factories import together
from videos import services
from videos.models import Video
from videos.tests.factories import ready_video


def names(answer: Any) -> list[str]:
    return [video["caption"] for video in answer.json()["results"]]


@pytest.mark.django_db
def test_pinned_ones_lead_the_profile_page_by_page(api: ApiOf, alice: User, bob: User) -> None:
    made = [ready_video(alice, caption=str(number)) for number in range(6)]
    for number in (1, 3):
        answer = api(alice).post(f"/api/v1/videos/{made[number].pk}/pin")
        assert (answer.status_code, answer.json()) == (200, {"pinned": True})
    client, shown = api(bob), []
    following = "/api/v1/users/alice/videos?limit=2"
    while following:
        answer = client.get(following)
        shown += names(answer)
        following = answer.json()["next"]
    assert shown == ["3", "1", "5", "4", "2", "0"]
    assert api(alice).delete(f"/api/v1/videos/{made[3].pk}/pin").json() == {"pinned": False}
    assert names(client.get("/api/v1/users/alice/videos")) == ["1", "5", "4", "3", "2", "0"]


@pytest.mark.django_db
def test_the_profile_page_marks_them(browser: BrowserOf, alice: User, bob: User) -> None:
    services.pin_video(actor=alice, video_id=ready_video(alice).pk)
    assert browser(bob).get("/@alice").content.decode().count("Pinned") == 1


@pytest.mark.django_db
def test_twice_is_once_and_four_are_too_many(api: ApiOf, alice: User) -> None:
    client = api(alice)
    paths = [f"/api/v1/videos/{ready_video(alice).pk}/pin" for _ in range(4)]
    for path in [*paths[:3], paths[0]]:
        assert client.put(path).status_code == 200
    refused = client.post(paths[3])
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_pins")
    client.delete(paths[0])
    client.delete(paths[0])
    assert client.post(paths[3]).status_code == 200
    assert Video.objects.filter(pinned_at__isnull=False).count() == 3


@pytest.mark.django_db(transaction=True)
def test_eight_pins_at_once_are_three(alice: User) -> None:
    made = [ready_video(alice) for _ in range(8)]
    results = together([partial(services.pin_video, actor=alice, video_id=v.pk) for v in made])
    refused = [result for result in results if not isinstance(result, Video)]
    assert {type(result) for result in refused} == {Conflict}
    assert len(refused) == 5
    assert Video.objects.filter(pinned_at__isnull=False).count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"draft": True, "published_at": None},
        {"processing_state": "queued", "published_at": None},
        {"published_at": timezone.now() + timedelta(hours=1)},
        {"moderation_state": "removed"},
    ],
)
def test_only_what_is_out_can_be_pinned(api: ApiOf, alice: User, fields: dict[str, Any]) -> None:
    answer = api(alice).post(f"/api/v1/videos/{ready_video(alice, **fields).pk}/pin")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_published")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "end",
    [
        lambda video: services.edit_video(actor=video.author, video_id=video.pk, draft=True),
        lambda video: services.delete_video(actor=video.author, video_id=video.pk),
    ],
)
def test_a_draft_or_a_deleted_one_is_pinned_no_more(
    alice: User, end: Callable[[Video], object]
) -> None:
    video = services.pin_video(actor=alice, video_id=ready_video(alice).pk)
    end(video)
    assert not Video.objects.filter(pinned_at__isnull=False).exists()


@pytest.mark.django_db
def test_others_may_not(api: ApiOf, anon: Any, alice: User, bob: User) -> None:
    seen, hidden = ready_video(alice), ready_video(alice, audience="only_me")
    for method in ("post", "put", "delete"):
        path = f"/api/v1/videos/{seen.pk}/pin"
        assert getattr(api(bob), method)(path).status_code == 403
        assert getattr(anon, method)(path).status_code == 401
        assert getattr(api(bob), method)(f"/api/v1/videos/{hidden.pk}/pin").status_code == 404
    assert not Video.objects.filter(pinned_at__isnull=False).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"deleted_at": timezone.now()}, {"draft": True}])
def test_the_database_knows_too(alice: User, fields: dict[str, Any]) -> None:
    video = services.pin_video(actor=alice, video_id=ready_video(alice).pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Video.objects.filter(pk=video.pk).update(**fields)
