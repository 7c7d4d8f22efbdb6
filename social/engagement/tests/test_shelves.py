from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from conftest import ApiOf
from core.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from core.ids import uuid7
from social.engagement import services
from social.engagement.models import Collection, CollectionItem, Save, VideoStats
from social.engagement.services import shelves
from social.engagement.tests.factories import make_video, stats
from social.graph import services as graph
from social.graph.tests.factories import suspend, together
from videos.models import Video

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(bob: User) -> Collection:
    return services.create_collection(actor=bob, name="Sea")


def test_names_are_cleaned_and_unique_for_their_owner(bob: User, carol: User) -> None:
    made = services.create_collection(actor=bob, name="  By \u202e the\n sea ")
    assert made.name == "By the sea"
    for taken in ("By the sea", "BY THE SEA"):
        with pytest.raises(Conflict) as caught:
            services.create_collection(actor=bob, name=taken)
        assert caught.value.code == "collection_exists"
    services.create_collection(actor=carol, name="By the sea")
    services.create_collection(actor=bob, name="x" * 60)
    for bad in ("", " ", "\u200b", "x" * 61, "\x00"):
        with pytest.raises(Invalid):
            services.create_collection(actor=bob, name=bad)


def test_renaming(bob: User, carol: User, shelf: Collection) -> None:
    other = services.create_collection(actor=bob, name="Hills")
    with pytest.raises(Conflict):
        services.rename_collection(actor=bob, collection_id=other.pk, name="sea")
    services.rename_collection(actor=bob, collection_id=shelf.pk, name="SEA")
    shelf.refresh_from_db()
    assert shelf.name == "SEA"
    with pytest.raises(NotFound):
        services.rename_collection(actor=carol, collection_id=shelf.pk, name="Mine")


def test_putting_away_saves_once(video: Video, bob: User, shelf: Collection) -> None:
    place: dict[str, Any] = {"actor": bob, "collection_id": shelf.pk, "video_id": video.pk}
    for _ in range(2):
        assert services.put_in(**place) == {"contains": True, "saved": True}
    assert stats(video) == (0, 0, 1)
    for _ in range(2):
        assert services.take_out(**place) == {"contains": False, "saved": True}
    assert stats(video) == (0, 0, 1)
    services.put_in(**place)
    services.unsave_video(actor=bob, video_id=video.pk)
    assert not CollectionItem.objects.exists()
    assert services.take_out(**place) == {"contains": False, "saved": False}


def test_deleting_a_collection_keeps_what_was_saved(
    video: Video, bob: User, carol: User, shelf: Collection
) -> None:
    services.put_in(actor=bob, collection_id=shelf.pk, video_id=video.pk)
    with pytest.raises(NotFound):
        services.delete_collection(actor=carol, collection_id=shelf.pk)
    services.delete_collection(actor=bob, collection_id=shelf.pk)
    assert not Collection.objects.exists()
    assert Save.objects.filter(user=bob, video=video).exists()


def test_who_is_refused(video: Video, alice: User, bob: User, carol: User) -> None:
    theirs = services.create_collection(actor=carol, name="Theirs")
    mine = services.create_collection(actor=bob, name="Mine")
    hidden = make_video(author=alice, audience="only_me")
    for shelf_id, video_id in (
        (theirs.pk, video.pk),
        (uuid7(), video.pk),
        ("x", video.pk),
        (mine.pk, hidden.pk),
        (mine.pk, uuid7()),
    ):
        for verb in (services.put_in, services.take_out):
            with pytest.raises(NotFound):
                verb(actor=bob, collection_id=shelf_id, video_id=video_id)
    graph.block(actor=alice, username="bob")
    with pytest.raises(NotFound):
        services.put_in(actor=bob, collection_id=mine.pk, video_id=video.pk)
    with pytest.raises(Unauthenticated):
        services.create_collection(actor=None, name="Nobody's")
    suspend(bob)
    with pytest.raises(Forbidden):
        services.create_collection(actor=bob, name="More")
    assert not VideoStats.objects.exists()


def test_there_is_an_end_to_them(
    monkeypatch: pytest.MonkeyPatch, alice: User, bob: User, shelf: Collection
) -> None:
    monkeypatch.setattr(shelves, "MAX_COLLECTIONS", 2)
    monkeypatch.setattr(shelves, "MAX_ITEMS", 2)
    services.create_collection(actor=bob, name="Hills")
    with pytest.raises(Conflict) as caught:
        services.create_collection(actor=bob, name="Woods")
    assert caught.value.code == "too_many_collections"
    first, second, third = (make_video(author=alice) for _ in range(3))
    for video in (first, second, first):
        services.put_in(actor=bob, collection_id=shelf.pk, video_id=video.pk)
    with pytest.raises(Conflict) as caught:
        services.put_in(actor=bob, collection_id=shelf.pk, video_id=third.pk)
    assert caught.value.code == "collection_full"
    assert not Save.objects.filter(video=third).exists()


def test_the_api(api: ApiOf, video: Video, bob: User) -> None:
    client = api(bob)
    made = client.post("/api/v1/collections", {"name": "Sea"})
    assert made.status_code == 201
    shelf = made.json()
    assert (shelf["name"], shelf["videos"], shelf["cover"]) == ("Sea", 0, None)
    taken = client.post("/api/v1/collections", {"name": "sea"})
    assert (taken.status_code, taken.json()["code"]) == (409, "collection_exists")
    assert "name" in taken.json()["errors"]
    place = f"/api/v1/collections/{shelf['id']}/videos/{video.pk}"
    for method in (client.post, client.put):
        assert method(place).json() == {"contains": True, "saved": True}
    Video.objects.filter(pk=video.pk).update(cover_key=f"videos/{video.pk}/p1/cover.jpg")
    (listed,) = client.get(f"/api/v1/collections?video_id={video.pk}").json()["results"]
    assert (listed["videos"], listed["contains"]) == (1, True)
    assert f"{video.pk}/p1/cover.jpg" in listed["cover"]
    videos = client.get(f"/api/v1/collections/{shelf['id']}/videos").json()["results"]
    assert [one["id"] for one in videos] == [str(video.pk)]
    assert videos[0]["viewer"]["saved"]
    assert client.delete(place).json() == {"contains": False, "saved": True}
    renamed = client.patch(f"/api/v1/collections/{shelf['id']}", {"name": "Sky"})
    assert renamed.json()["name"] == "Sky"
    assert client.delete(f"/api/v1/collections/{shelf['id']}").status_code == 204
    assert client.get(f"/api/v1/collections/{shelf['id']}").status_code == 404
    assert client.get("/api/v1/collections?video_id=x").status_code == 400


def test_the_same_key_makes_one_collection(api: ApiOf, bob: User) -> None:
    client = api(bob)
    answers = [
        client.post("/api/v1/collections", {"name": "Sea"}, headers={"Idempotency-Key": "k"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


@pytest.mark.django_db(transaction=True)
def test_places_and_saves_agree_whatever_happens_at_once(
    monkeypatch: pytest.MonkeyPatch, alice: User, bob: User
) -> None:
    monkeypatch.setattr(shelves, "MAX_ITEMS", 3)
    shelf = services.create_collection(actor=bob, name="Sea")
    videos = [make_video(author=alice) for _ in range(6)]
    calls: list[Callable[[], object]] = [
        partial(services.put_in, actor=bob, collection_id=shelf.pk, video_id=video.pk)
        for video in videos * 2
    ]
    calls += [partial(services.unsave_video, actor=bob, video_id=one.pk) for one in videos]
    results = together(calls)
    assert {type(one) for one in results if isinstance(one, Exception)} <= {Conflict}
    kept = set(Save.objects.values_list("video_id", flat=True))
    placed = set(CollectionItem.objects.values_list("video_id", flat=True))
    assert placed <= kept
    assert len(placed) <= 3
    for video in videos:
        assert stats(video) == (0, 0, int(video.pk in kept))


@pytest.mark.django_db(transaction=True)
def test_the_last_collection_is_made_once(monkeypatch: pytest.MonkeyPatch, bob: User) -> None:
    monkeypatch.setattr(shelves, "MAX_COLLECTIONS", 2)
    names = ["One", "Two", "Three", "Four", "One", "Two"]
    results = together(
        [partial(services.create_collection, actor=bob, name=name) for name in names]
    )
    assert Collection.objects.count() == 2
    assert {type(one) for one in results} == {Collection, Conflict}
