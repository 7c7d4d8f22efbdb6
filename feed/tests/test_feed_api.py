from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf
from core.testing import same_queries
from feed.tests.factories import add_files, make_video, make_videos
from social.engagement.models import Like
from social.graph.models import Block, Follow

FEED = "/api/v1/videos/feed"


def ids_of(answer: Any) -> list[str]:
    return [video["id"] for video in answer.json()["results"]]


@pytest.mark.parametrize("mode", ["for-you", "all"])
def test_strangers_read_for_you_and_all(anon: APIClient, alice: User, mode: str) -> None:
    videos = make_videos(alice, 3)
    answer = anon.get(FEED, {"mode": mode})
    assert answer.status_code == 200
    assert set(answer.json()) == {"results", "next", "seed", "skip", "end"}
    assert sorted(ids_of(answer)) == sorted(str(video.pk) for video in videos)
    assert answer.json()["end"] is True
    assert answer.json()["next"] is None
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("query", ["?mode=following", "?mode=friends", "/following"])
def test_strangers_know_nobody(anon: APIClient, db: None, query: str) -> None:
    answer = anon.get(FEED + query)
    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"


def test_without_a_mode_it_is_for_you(api: ApiOf, alice: User, bob: User) -> None:
    own, other = make_video(bob), make_video(alice)
    answer = api(bob).get(FEED)
    assert str(own.pk) not in ids_of(answer)
    assert ids_of(answer) == [str(other.pk)]
    named = api(bob).get(FEED, {"mode": "for-you", "seed": answer.json()["seed"]})
    assert ids_of(named) == ids_of(answer)


def test_next_walks_to_the_end_without_repeat_or_hole(api: ApiOf, alice: User, bob: User) -> None:
    make_videos(alice, 11)
    client, seen = api(bob), []
    answer = client.get(FEED, {"mode": "all", "limit": "4"})
    seed = answer.json()["seed"]
    while True:
        seen += ids_of(answer)
        assert answer.json()["seed"] == seed
        if answer.json()["end"]:
            break
        answer = client.get(answer.json()["next"])
    assert len(seen) == len(set(seen)) == 11


@pytest.mark.parametrize("path", ["/all", "/following"])
def test_seed_names_also_serve(api: ApiOf, alice: User, bob: User, path: str) -> None:
    make_videos(alice, 5)
    Follow.objects.create(follower=bob, followed=alice)
    first = api(bob).get(FEED + path, {"limit": "3"})
    assert urlsplit(first.json()["next"]).path == FEED + path
    second = api(bob).get(first.json()["next"])
    assert len(set(ids_of(first) + ids_of(second))) == 5


def test_seed_and_skip_in_the_clear(api: ApiOf, alice: User, bob: User) -> None:
    make_videos(alice, 9)
    first = api(bob).get(FEED, {"mode": "all", "seed": "123", "limit": "4"}).json()
    assert first["seed"] == 123
    again = api(bob).get(FEED, {"mode": "all", "seed": "123", "limit": "4"}).json()
    assert again["results"] == first["results"]
    rest = (
        api(bob)
        .get(FEED, {"mode": "all", "seed": "123", "skip": str(first["skip"]), "limit": "20"})
        .json()
    )
    assert len({video["id"] for video in first["results"] + rest["results"]}) == 9
    assert api(bob).get(FEED, {"seed": "blue"}).json()["seed"] == "blue"


def test_without_a_seed_every_call_is_a_new_session(anon: APIClient, alice: User) -> None:
    make_videos(alice, 3)
    assert anon.get(FEED).json()["seed"] != anon.get(FEED).json()["seed"]


def test_a_cursor_serves_its_viewer_feed_and_seed_only(
    api: ApiOf, anon: APIClient, alice: User, bob: User, carol: User
) -> None:
    make_videos(alice, 9)
    url = api(bob).get(FEED, {"mode": "all", "limit": "3"}).json()["next"]
    cursor = parse_qs(urlsplit(url).query)["cursor"][0]
    assert api(bob).get(FEED, {"cursor": cursor}).status_code == 200
    for client, query in (
        (api(carol), {"cursor": cursor}),
        (anon, {"cursor": cursor}),
        (api(bob), {"cursor": cursor + "x"}),
        (api(bob), {"cursor": "x" + cursor}),
        (api(bob), {"cursor": cursor, "mode": "for-you"}),
        (api(bob), {"cursor": cursor, "seed": "1"}),
    ):
        answer = client.get(FEED, query)
        assert answer.status_code == 400
        assert answer.json()["code"] == "cursor_invalid"
    assert api(bob).get(f"{FEED}/following", {"cursor": cursor}).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=101", "limit=-1", "limit=x", "limit=1e3", "limit=%00",
        "limit=" + "9" * 30, "skip=-1", "skip=" + "1" * 30, "skip=NaN", "skip=%00", "skip=1.5",
        "seed=%00", "seed=a%00b", "seed=" + "9" * 65, "seed=a%0Ab", "mode=hot", "mode=%00",
        "cursor=%00", "cursor=abc", "cursor=" + "x" * 2000, "cursor=%ff%fe",
    ],
)  # fmt: skip
def test_odd_queries_are_400_with_a_code(anon: APIClient, db: None, query: str) -> None:
    answer = anon.get(f"{FEED}?{query}")
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"]


@pytest.mark.parametrize(
    "query",
    [
        "seed=" + "9" * 40, "seed=-5", "seed=%F0%9F%90%9D", "skip=999999999", "unknown=1",
        "seed=", "mode=", "limit=", "cursor=", "skip=",
    ],
)  # fmt: skip
def test_odd_but_harmless_queries_are_answered(anon: APIClient, alice: User, query: str) -> None:
    make_video(alice)
    assert anon.get(f"{FEED}?{query}").status_code == 200


def test_a_page_of_twenty_costs_the_queries_of_a_page_of_two(
    api: ApiOf, alice: User, bob: User
) -> None:
    for video in make_videos(alice, 30):
        add_files(video, 360, 720)
    client = api(bob)
    for mode in ("for-you", "all"):
        client.get(FEED, {"mode": mode, "seed": "1"})
        with same_queries() as record:
            for limit in (2, 20):
                query = f"{FEED}?mode={mode}&seed=1&limit={limit}"
                record(partial(client.get, query))


def test_a_persons_videos_are_paged_newest_first(anon: APIClient, alice: User) -> None:
    videos = make_videos(alice, 5)
    make_video(alice, draft=True)
    make_video(alice, published_at=None)
    make_video(alice, audience="only_me")
    first = anon.get("/api/v1/users/alice/videos", {"limit": "3"})
    rest = anon.get(first.json()["next"])
    assert ids_of(first) + ids_of(rest) == [str(video.pk) for video in videos]
    assert rest.json()["next"] is None


def test_the_owner_sees_their_private_posts_in_their_list_but_no_drafts(
    api: ApiOf, alice: User
) -> None:
    private = make_video(alice, audience="only_me")
    make_video(alice, draft=True, published_at=None)
    assert ids_of(api(alice).get("/api/v1/users/alice/videos")) == [str(private.pk)]


def test_a_private_accounts_videos_are_for_followers(
    api: ApiOf, anon: APIClient, alice: User, bob: User, carol: User
) -> None:
    video = make_video(alice)
    alice.is_private = True
    alice.save()
    Follow.objects.create(follower=bob, followed=alice)
    path = f"/api/v1/users/{alice.pk}/videos"
    assert ids_of(api(bob).get(path)) == [str(video.pk)]
    assert ids_of(api(carol).get(path)) == []
    assert ids_of(anon.get(path)) == []


def test_a_hidden_person_is_the_same_404_as_a_missing_one(
    api: ApiOf, alice: User, dave: User
) -> None:
    Block.objects.create(blocker=alice, blocked=dave)
    hidden = api(dave).get("/api/v1/users/alice/videos")
    missing = api(dave).get("/api/v1/users/nobody/videos")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json() | {"request_id": ""} == missing.json() | {"request_id": ""}


def test_only_the_owner_reads_what_they_liked_latest_like_first(
    api: ApiOf, anon: APIClient, alice: User, bob: User, carol: User
) -> None:
    first, second, gone = make_videos(alice, 3)
    for video in (second, first, gone):
        Like.objects.create(user=bob, video=video)
    Like.objects.create(user=carol, video=second)
    gone.audience = "only_me"
    gone.save()
    path = "/api/v1/users/bob/liked"
    assert ids_of(api(bob).get(path)) == [str(first.pk), str(second.pk)]
    page = api(bob).get(path, {"limit": "1"})
    assert ids_of(api(bob).get(page.json()["next"])) == [str(second.pk)]
    assert api(carol).get(path).status_code == 403
    assert api(carol).get(path).json()["code"] == "likes_private"
    assert anon.get(path).status_code == 401


@pytest.mark.parametrize("query", ["limit=0", "limit=1000", "cursor=x", "cursor=%00", "limit=x"])
def test_odd_list_queries_are_400(anon: APIClient, alice: User, query: str) -> None:
    assert anon.get(f"/api/v1/users/alice/videos?{query}").status_code == 400
