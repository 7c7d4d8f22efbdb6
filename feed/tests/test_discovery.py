"""Tags, trends and search: what is found, by whom, and what stays private."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf, BrowserOf
from core.ids import uuid7
from core.testing import same_queries
from feed import search, search_index, tags, tasks
from feed.models import SearchedFor, TagFollow, TagTrend
from feed.tests.factories import add_tags, make_video
from social.graph.models import Block, Follow
from videos.models import Sound, Video

TAGS, SEARCH = "/api/v1/tags", "/api/v1/search"


def tagged(author: User, *names: str, minutes_ago: float = 60, **fields: object) -> Video:
    caption = " ".join(f"#{name}" for name in names)
    video = make_video(author, caption=caption, minutes_ago=minutes_ago, **fields)
    add_tags(video, *names)
    return video


def with_sound(video: Video) -> Sound:
    return Sound.objects.create(video=video, key=f"videos/{video.pk}/s.m4a", duration_ms=61_000)


def test_a_tag_page_has_what_is_open_to_everyone(
    anon: APIClient, api: ApiOf, alice: User, bob: User
) -> None:
    shown = tagged(alice, "mưa", minutes_ago=5)
    older = tagged(alice, "mưa")
    Follow.objects.create(follower=bob, followed=alice)
    tagged(alice, "mưa", audience="followers")
    answer = api(bob).get(f"{TAGS}/MƯA").json()
    assert (answer["name"], answer["counts"]["videos"]) == ("mưa", 2)
    listed = anon.get(f"{TAGS}/mưa/videos").json()["results"]
    assert [video["id"] for video in listed] == [str(shown.pk), str(older.pk)]


@pytest.mark.parametrize("name", ["secret", "nothing", "%00", "x" * 200, "#", "a b"])
def test_a_tag_without_an_open_video_is_unknown(
    api: ApiOf, client: Client, alice: User, name: str
) -> None:
    tagged(alice, "secret", audience="friends")
    for path in (f"{TAGS}/{name}", f"{TAGS}/{name}/videos"):
        assert api(alice).get(path.replace("#", "%23")).status_code == 404
    assert client.get(f"/tag/{name}".replace("#", "%23")).status_code == 404
    assert api(alice).post(f"{TAGS}/{name}/follow".replace("#", "%23")).status_code == 404


def test_following_a_tag_is_a_toggle(api: ApiOf, anon: APIClient, alice: User, bob: User) -> None:
    tagged(alice, "sea")
    client = api(bob)
    for _ in range(2):
        assert client.post(f"{TAGS}/sea/follow").json() == {"follows": True}
    assert client.put(f"{TAGS}/sea/follow").json() == {"follows": True}
    assert client.get(f"{TAGS}/sea").json()["viewer"] == {"follows": True}
    assert list(tags.followed_by(bob)) == ["sea"]
    for _ in range(2):
        assert client.delete(f"{TAGS}/sea/follow").json() == {"follows": False}
    assert TagFollow.objects.count() == 0
    assert anon.post(f"{TAGS}/sea/follow").status_code == 401


def test_a_trend_is_more_than_usual_and_not_just_much(
    anon: APIClient, alice: User, bob: User, carol: User, dave: User
) -> None:
    for day in range(9):
        for author in (alice, bob, carol):
            tagged(author, "daily", minutes_ago=day * 1440 + 30)
    for author in (alice, bob, carol, dave):
        tagged(author, "storm", minutes_ago=90)
    for number in range(20):
        tagged(alice, "spam", minutes_ago=40 + number)
    tasks.trends()
    found = anon.get(f"{TAGS}/trending").json()["results"]
    assert [trend["name"] for trend in found] == ["storm", "daily", "spam"]
    assert len(found[0]["trend"]["series"]) == 24
    assert sum(found[0]["trend"]["series"]) == 4
    # Twenty uses by one author count as one.
    spam = TagTrend.objects.get(tag__name="spam")
    assert spam.observed < 1.1


def test_old_uses_trend_where_nothing_is_new_and_hidden_ones_never(
    anon: APIClient, api: ApiOf, alice: User, bob: User
) -> None:
    tagged(alice, "quiet", minutes_ago=20 * 1440)
    hidden = tagged(alice, "private", minutes_ago=20)
    Video.objects.filter(pk=hidden.pk).update(audience="only_me")
    tags.compute_trends()
    assert [one["name"] for one in anon.get(f"{TAGS}/trending").json()["results"]] == ["quiet"]
    Block.objects.create(blocker=alice, blocked=bob)
    assert api(bob).get(f"{TAGS}/trending").json()["results"] == []


def test_search_finds_words_and_their_beginnings(anon: APIClient, alice: User) -> None:
    rain = make_video(alice, caption="Rain over the Old Quarter, hồ Gươm")
    make_video(alice, caption="Sunny side")
    for text in ("rain", "RAIN quarter", "qua old", "gươm"):
        found = anon.get(SEARCH, {"q": text}).json()["results"]
        assert [video["id"] for video in found] == [str(rain.pk)], text
    for text in ("rain sunny", "", "   ", "\u200b", "'", '" OR 1', "*", "a:b & c |", "NOT"):
        assert anon.get(SEARCH, {"q": text}).json()["results"] == [], text


def test_search_follows_the_caption(anon: APIClient, alice: User) -> None:
    video = make_video(alice, caption="first words")
    Video.objects.filter(pk=video.pk).update(caption="other words")
    assert anon.get(SEARCH, {"q": "first"}).json()["results"] == []
    assert len(anon.get(SEARCH, {"q": "other"}).json()["results"]) == 1
    video.delete()
    assert anon.get(SEARCH, {"q": "other"}).json()["results"] == []


def test_every_kind_is_found_by_its_type(anon: APIClient, alice: User) -> None:
    tagged(alice, "rainbow")
    assert anon.get(SEARCH, {"q": "ali", "type": "users"}).json()["results"][0]["id"] == str(
        alice.pk
    )
    assert anon.get(SEARCH, {"q": "#ainbo", "type": "tags"}).json()["results"] == [
        {"name": "rainbow"}
    ]
    assert anon.get(SEARCH, {"q": "rain", "type": "nothing"}).status_code == 400


def test_the_history_is_ones_own_and_can_be_cleared(
    api: ApiOf, anon: APIClient, alice: User, bob: User
) -> None:
    client = api(bob)
    for text in ("one", "two", "one", "  "):
        client.get(SEARCH, {"q": text})
    client.get(SEARCH, {"q": "for another purpose", "type": "sounds", "remember": "false"})
    assert [row["text"] for row in client.get(f"{SEARCH}/history").json()["results"]] == [
        "one",
        "two",
    ]
    assert api(alice).get(f"{SEARCH}/history").json()["results"] == []
    assert anon.get(f"{SEARCH}/history").status_code == 401
    assert client.delete(f"{SEARCH}/history").status_code == 204
    assert SearchedFor.objects.count() == 0


def test_only_the_latest_searches_are_kept(bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "KEPT", 3)
    for number in range(6):
        search.remember(viewer=bob, text=f"text {number}")
    assert [row.text for row in search.history(bob)] == ["text 5", "text 4", "text 3"]


def test_suggestions_are_own_searches_open_tags_and_visible_people(
    api: ApiOf, alice: User, bob: User, carol: User
) -> None:
    tagged(alice, "carnival")
    tagged(alice, "carsecret", audience="only_me")
    search.remember(viewer=bob, text="cars")
    search.remember(viewer=alice, text="carpet")
    found = api(bob).get(f"{SEARCH}/suggest", {"q": "car"}).json()["results"]
    assert [(one["kind"], one["text"]) for one in found] == [
        ("history", "cars"),
        ("tag", "#carnival"),
        ("user", "@carol"),
    ]
    Block.objects.create(blocker=carol, blocked=bob)
    found = api(bob).get(f"{SEARCH}/suggest", {"q": "@carol"}).json()["results"]
    assert found == []


def test_sounds_are_found_by_caption_tag_and_handle(
    api: ApiOf, anon: APIClient, client: Client, alice: User, bob: User
) -> None:
    rain = with_sound(tagged(alice, "mưa", "rain"))
    nameless = with_sound(make_video(bob))
    hidden = with_sound(make_video(bob, caption="Rain for friends", audience="friends"))
    make_video(alice, caption="Rain without a sound")
    Video.objects.filter(pk=nameless.video_id).update(sound=rain)
    found = anon.get(SEARCH, {"q": "rain", "type": "sounds"}).json()["results"]
    assert [(one["id"], one["title"]) for one in found] == [(str(rain.pk), "#mưa #rain")]
    assert (found[0]["author"]["username"], found[0]["counts"]) == ("alice", {"videos": 1})
    assert anon.get(found[0]["url"]).status_code == 404  # the bytes of this row are not there
    for text, expected in {
        "@ALI original sound": [rain],
        "rai alice": [rain],
        "rain bob": [],
        "bob": [nameless],
        "original sound": [nameless, rain],
        "sound of rain": [],
        "so": [],
        "'\"*": [],
        "": [],
    }.items():
        answer = api(bob).get(SEARCH, {"q": text, "type": "sounds"}).json()["results"]
        assert [one["id"] for one in answer] == [str(one.pk) for one in expected], text
    assert (
        str(hidden.pk) not in api(bob).get(SEARCH, {"q": "bob", "type": "sounds"}).content.decode()
    )
    page = client.get("/search?q=rain&type=sounds").content.decode()
    assert f'href="/sound/{rain.pk}"' in page
    assert "1:01" in page
    assert 'type=sounds" aria-current="page"' in page
    suggested = anon.get(f"{SEARCH}/suggest", {"q": "bob"}).json()["results"]
    assert {"kind": "sound", "text": "Original sound · @bob", "id": str(nameless.pk)} in suggested
    assert (
        f'href="/sound/{nameless.pk}"' in client.get("/search/suggestions?q=bob").content.decode()
    )


@pytest.mark.parametrize("kind", ["videos", "users", "tags", "sounds", "trending"])
def test_lists_cost_the_same_whatever_their_length(anon: APIClient, alice: User, kind: str) -> None:
    for number in range(20):
        with_sound(tagged(alice, f"thing{number}", minutes_ago=30 + number))
        User.objects.create_user(f"thing{number}", f"thing{number}@example.com", str(uuid7()))
    tags.compute_trends()
    path = f"{TAGS}/trending?" if kind == "trending" else f"{SEARCH}?type={kind}&q=thing&"
    with same_queries() as record:
        for size in (2, 20):
            record(partial(anon.get, f"{path}limit={size}"))


def test_pages_are_there_and_link_to_each_other(
    browser: BrowserOf, client: Client, alice: User, bob: User
) -> None:
    for number in range(30):
        tagged(alice, "sea", minutes_ago=number + 1)
    tags.compute_trends()
    explore = client.get("/explore").content.decode()
    assert 'href="/tag/sea"' in explore
    assert "<polyline points=" in explore
    member = browser(bob)
    page = member.get("/tag/sea").content.decode()
    assert "30 videos" in page
    assert member.post("/tag/sea/follow", {"on": "1"}).status_code == 303
    assert TagFollow.objects.filter(user=bob).exists()
    assert "Nothing found" in member.get("/search?q=zzz").content.decode()
    assert "@alice" in member.get("/search?q=ali&type=users").content.decode()
    assert "zzz" in member.get("/search").content.decode()
    assert "#sea" in client.get("/search/suggestions?q=se").content.decode()
    assert member.post("/search/history/clear").status_code == 303
    assert "zzz" not in member.get("/search").content.decode()


def test_the_index_survives_a_table_made_anew(alice: User) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {search_index.TABLE}_added")
    video = make_video(alice, caption="unseen words")
    call_command("migrate", "feed", verbosity=0)
    assert [found.pk for found in search.videos(None, "unseen")] == [video.pk]
    later = make_video(alice, caption="unseen again")
    assert {found.pk for found in search.videos(None, "unseen")} == {video.pk, later.pk}
    assert timezone.now() - later.created_at < timedelta(minutes=5)
