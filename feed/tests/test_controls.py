"""What people tell the recommender: obeyed at once, theirs alone, no way to look around."""

from typing import Any
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf
from core.ids import uuid7
from feed import controls, pages
from feed.models import FeedMute, NotInterested
from feed.modes import Mode
from feed.tests.factories import add_tags, make_video
from social.engagement import services as engagement
from social.engagement.models import ViewEvent
from social.graph.models import Block
from videos.models import Sound, Video

API = "/api/v1"


def shown(viewer: User, mode: Mode = Mode.FOR_YOU, seed: str = "1") -> list[UUID]:
    place = pages.find_place(viewer=viewer, mode=mode, seed=seed)
    return [card.id for card in pages.feed_page(viewer=viewer, place=place, limit=50).cards]


def watch(viewer: User, video: Video, part: float = 1.0) -> None:
    duration = video.duration_ms or 4000
    event = engagement.Watched(
        client_event_id=str(ViewEvent.objects.count()),
        video_id=video.pk,
        watched_ms=int(duration * part),
        duration_ms=duration,
        completed=part >= 1,
    )
    engagement.record_views(actor=viewer, visitor="", address="", events=[event])


@pytest.mark.parametrize("mode", [Mode.FOR_YOU, Mode.ALL])
def test_what_is_not_wanted_is_gone_from_lists_made_before(
    alice: User, bob: User, api: ApiOf, mode: Mode
) -> None:
    kept, refused = make_video(alice), make_video(alice)
    assert set(shown(bob, mode)) == {kept.pk, refused.pk}
    url = f"{API}/videos/{refused.pk}/not-interested"
    for _ in range(2):
        answer = api(bob).post(url)
        assert (answer.status_code, answer.json()) == (200, {"not_interested": True})
    assert shown(bob, mode) == [kept.pk]
    assert set(shown(alice, Mode.ALL)) == {kept.pk, refused.pk}
    assert api(bob).delete(url).json() == {"not_interested": False}
    assert set(shown(bob, mode)) == {kept.pk, refused.pk}


def test_it_stays_in_the_feed_of_whom_they_follow(alice: User, bob: User, api: ApiOf) -> None:
    video = make_video(alice)
    api(bob).post(f"{API}/users/alice/follow")
    api(bob).post(f"{API}/videos/{video.pk}/not-interested")
    assert shown(bob, Mode.FOLLOWING) == [video.pk]


def test_words_are_muted_as_whole_words_in_any_case_and_form(
    alice: User, bob: User, api: ApiOf
) -> None:
    wanted = {
        make_video(alice, caption=caption).pk
        for caption in ("mưa rào", "Spoilers", "sunny", "caten")
    }
    for caption in ("a SPOILER!", "nothing but Cat  Food here", "MƯA to"):
        make_video(alice, caption=caption)
    for word in ("spoiler", " cat food ", "Mưa to"):
        answer = api(bob).post(f"{API}/feed/mutes", {"kind": "word", "value": word})
        assert answer.status_code == 201, answer.json()
    assert set(shown(bob)) == wanted


def test_a_muted_tag_is_gone_and_comes_back(alice: User, bob: User, api: ApiOf) -> None:
    plain, tagged = make_video(alice), make_video(alice)
    add_tags(tagged, "rain")
    made = api(bob).post(f"{API}/feed/mutes", {"kind": "tag", "value": "#Rain"}).json()
    assert made["value"] == "rain"
    assert shown(bob) == [plain.pk]
    assert api(bob).get(f"{API}/feed/mutes").json() == {"results": [made]}
    assert api(bob).delete(f"{API}/feed/mutes/{made['id']}").status_code == 204
    assert set(shown(bob, seed="2")) == {plain.pk, tagged.pk}


def test_a_muted_sound_is_gone_whoever_uses_it_and_comes_back(
    alice: User, bob: User, carol: User, api: ApiOf
) -> None:
    first, use, other, silent = (make_video(author) for author in (alice, carol, carol, alice))
    sound, theirs = (
        Sound.objects.create(video=video, key=f"{video.pk}.m4a", duration_ms=4000)
        for video in (first, other)
    )
    Video.objects.filter(pk__in=[first.pk, use.pk]).update(sound=sound)
    Video.objects.filter(pk=other.pk).update(sound=theirs)
    assert len(shown(bob)) == 4
    body = {"kind": "sound", "value": str(sound.pk)}
    made = [api(bob).post(f"{API}/feed/mutes", body).json() for _ in range(2)]
    assert made[0] == made[1]
    assert made[0]["name"] == "Original sound · @alice"
    for mode in (Mode.FOR_YOU, Mode.ALL):
        assert set(shown(bob, mode)) == {other.pk, silent.pk}
    assert len(shown(alice, Mode.ALL)) == 4
    api(bob).post(f"{API}/users/alice/follow")
    assert set(shown(bob, Mode.FOLLOWING)) == {first.pk, silent.pk}
    # Nobody may hear it any more: its name is told to nobody, and the mute can still be undone.
    Video.objects.filter(pk=first.pk).update(audience="only_me")
    known = api(bob).get(f"{API}/feed/interests").json()["mutes"]
    assert known == [made[0] | {"name": ""}]
    assert set(shown(bob)) == {other.pk, silent.pk}
    assert api(bob).delete(f"{API}/feed/mutes/{made[0]['id']}").status_code == 204
    assert set(shown(bob)) == {use.pk, other.pk, silent.pk}
    assert api(bob).post(f"{API}/feed/mutes", body).status_code == 404
    for odd in ("x", str(uuid7())):
        answer = api(bob).post(f"{API}/feed/mutes", {"kind": "sound", "value": odd})
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "word", "value": " "},
        {"kind": "word", "value": "x" * 61},
        {"kind": "tag", "value": "two words"},
        {"kind": "tag", "value": "#"},
        {"kind": "song", "value": "x"},
        {"kind": "word"},
        {"kind": "word", "value": "a\x00b"},
    ],
)
def test_an_unusable_mute_is_refused(bob: User, api: ApiOf, body: dict[str, Any]) -> None:
    assert api(bob).post(f"{API}/feed/mutes", body).status_code == 400


def test_mutes_are_bounded_and_ones_own(
    bob: User, carol: User, api: ApiOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controls, "MOST_MUTES", 2)
    codes = [
        api(bob).post(f"{API}/feed/mutes", {"kind": "word", "value": word}).status_code
        for word in ("one", "two", "one", "three")
    ]
    assert codes == [201, 201, 201, 409]
    row = FeedMute.objects.first()
    assert row
    assert api(carol).delete(f"{API}/feed/mutes/{row.pk}").status_code == 404
    for odd in ("x", "-1", "9" * 30, "٣"):
        assert api(bob).delete(f"{API}/feed/mutes/{odd}").status_code == 404
    assert FeedMute.objects.count() == 2


def test_a_special_word_is_a_word_and_no_pattern(alice: User, bob: User) -> None:
    video = make_video(alice, caption="plain")
    controls.mute(actor=bob, kind="word", value=".*")
    assert shown(bob) == [video.pk]


def test_what_is_known_can_be_read(alice: User, bob: User, carol: User, api: ApiOf) -> None:
    liked, bored = make_video(alice), make_video(carol)
    add_tags(liked, "rain", "night")
    add_tags(bored, "cars")
    for _ in range(2):
        watch(bob, liked, 1.0)
        watch(bob, bored, 0.02)
    engagement.like_video(actor=bob, video_id=liked.pk)
    known = api(bob).get(f"{API}/feed/interests").json()
    weights = {tag["name"]: tag["weight"] for tag in known["tags"]}
    assert weights["rain"] > 0.5 > 0 > weights["cars"]
    assert known["tags"][0]["name"] in {"rain", "night"}
    assert [one["user"]["username"] for one in known["authors"]] == ["alice", "carol"]
    assert (known["views"], known["since"], known["not_interested"]) == (4, None, 0)


def test_who_and_what_is_hidden_is_not_told(alice: User, bob: User, api: ApiOf) -> None:
    video = make_video(alice)
    add_tags(video, "secret")
    engagement.like_video(actor=bob, video_id=video.pk)
    Block.objects.create(blocker=alice, blocked=bob)
    known = api(bob).get(f"{API}/feed/interests").json()
    assert (known["tags"], known["authors"]) == ([], [])


def test_a_reset_forgets_what_was_learned_and_keeps_what_was_chosen(
    alice: User, bob: User, api: ApiOf
) -> None:
    liked, refused = make_video(alice), make_video(alice)
    add_tags(liked, "rain")
    watch(bob, liked)
    engagement.like_video(actor=bob, video_id=liked.pk)
    controls.not_interested(actor=bob, video_id=refused.pk, on=True)
    controls.mute(actor=bob, kind="word", value="war")
    controls.pick_interests(actor=bob, names=["#rain"])
    known = api(bob).post(f"{API}/feed/reset").json()
    assert known["tags"] == [{"name": "rain", "weight": 0.0, "followed": True}]
    assert (known["authors"], known["views"], known["not_interested"]) == ([], 0, 0)
    assert [mute["value"] for mute in known["mutes"]] == ["war"]
    assert known["since"]
    watch(bob, liked)
    assert api(bob).get(f"{API}/feed/interests").json()["views"] == 1


def test_interests_are_picked_among_open_tags(alice: User, bob: User, api: ApiOf) -> None:
    add_tags(make_video(alice), "rain")
    add_tags(make_video(alice), "sun")
    add_tags(make_video(alice, audience="only_me"), "mine")
    url = f"{API}/feed/interests"
    assert api(bob).put(url, {"tags": ["#Rain", "sun"]}).status_code == 200
    answer = api(bob).put(url, {"tags": ["sun"]})
    assert [tag["name"] for tag in answer.json()["tags"]] == ["sun"]
    assert api(bob).put(url, {"tags": ["sun", "mine"]}).status_code == 404
    assert api(bob).put(url, {"tags": ["x"] * 51}).status_code == 400
    assert api(bob).put(url, {}).status_code == 400


def test_strangers_have_nothing_to_say(anon: APIClient, alice: User) -> None:
    video = make_video(alice)
    calls = [
        anon.post(f"{API}/videos/{video.pk}/not-interested"),
        anon.get(f"{API}/feed/interests"),
        anon.put(f"{API}/feed/interests", {"tags": []}),
        anon.post(f"{API}/feed/reset"),
        anon.get(f"{API}/feed/mutes"),
        anon.post(f"{API}/feed/mutes", {"kind": "word", "value": "x"}),
        anon.delete(f"{API}/feed/mutes/1"),
    ]
    assert {answer.status_code for answer in calls} == {401}
    assert not NotInterested.objects.exists()


def test_what_one_may_not_see_cannot_be_refused(alice: User, bob: User, api: ApiOf) -> None:
    hidden = make_video(alice, audience="only_me")
    for video_id in (hidden.pk, "nothing"):
        url = f"{API}/videos/{video_id}/not-interested"
        assert api(bob).post(url).status_code == 404
        assert api(bob).delete(url).status_code == 404
