"""The pages of it: what is known, picking, muting, why, not interested."""

import pytest
from django.test import Client

from accounts.models import User
from conftest import BrowserOf
from feed import controls
from feed.models import FeedMute, NotInterested, TagFollow
from feed.tests.factories import add_tags, make_video
from feed.tests.test_controls import watch
from social.engagement import services as engagement
from videos.models import Sound, Video


@pytest.fixture
def rain(alice: User) -> Video:
    video = make_video(alice, caption="#rain on the roof")
    add_tags(video, "rain")
    return video


def test_somebody_new_is_led_to_pick_and_is_asked_no_more(
    bob: User, rain: Video, browser: BrowserOf
) -> None:
    client = browser(bob)
    assert b'href="/interests"' in client.get("/").content
    page = client.get("/interests")
    assert b'value="rain"' in page.content
    answer = client.post("/interests", {"tags": ["rain"]})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert TagFollow.objects.filter(user=bob).count() == 1
    assert b'href="/interests"' not in client.get("/").content
    assert b"checked" in client.get("/interests").content


def test_what_is_known_is_shown_and_can_be_forgotten(
    bob: User, rain: Video, browser: BrowserOf
) -> None:
    client = browser(bob)
    assert "Nothing yet." in client.get("/settings/feed").content.decode()
    watch(bob, rain)
    engagement.like_video(actor=bob, video_id=rain.pk)
    shown = client.get("/settings/feed").content.decode()
    assert "#rain" in shown
    assert "@alice" in shown
    assert client.post("/settings/feed", {"action": "reset"}).status_code == 302
    assert "#rain" not in client.get("/settings/feed").content.decode()


def test_words_and_tags_are_muted_and_unmuted(bob: User, browser: BrowserOf) -> None:
    client = browser(bob)
    for value in ("Spoiler", "#Rain"):
        client.post("/settings/feed", {"action": "mute", "value": value})
    rows = FeedMute.objects.filter(user=bob).order_by("pk")
    assert list(rows.values_list("kind", "value")) == [("word", "spoiler"), ("tag", "rain")]
    refused = client.post("/settings/feed", {"action": "mute", "value": "x" * 70})
    assert 'role="alert"' in refused.content.decode()
    for row in rows:
        client.post("/settings/feed", {"action": "unmute", "mute_id": row.pk})
    assert not FeedMute.objects.exists()
    assert client.post("/settings/feed", {"action": "unmute", "mute_id": "7"}).status_code == 404
    assert client.post("/settings/feed", {"action": "dance"}).status_code == 404


def test_a_sound_is_muted_from_its_page_and_from_why(
    alice: User, bob: User, browser: BrowserOf
) -> None:
    video = make_video(alice, caption="Waves at night")
    video.sound = Sound.objects.create(video=video, key="waves.m4a", duration_ms=4000)
    video.save()
    client = browser(bob)
    for page in (f"/sound/{video.sound.pk}", f"/videos/{video.pk}/why"):
        text = client.get(page).content.decode()
        assert 'value="mute-sound"' in text
        assert f'value="{video.sound.pk}"' in text
    body = {"action": "mute-sound", "value": str(video.sound.pk)}
    assert client.post("/settings/feed", body).status_code == 302
    assert "Waves at night · @alice" in client.get("/settings/feed").content.decode()
    Video.objects.filter(pk=video.pk).update(audience="only_me")
    text = client.get("/settings/feed").content.decode()
    assert "Waves at night" not in text
    assert "A sound that is gone" in text


def test_why_a_video_is_shown(bob: User, rain: Video, browser: BrowserOf) -> None:
    controls.pick_interests(actor=bob, names=["rain"])
    page = browser(bob).get(f"/videos/{rain.pk}/why").content.decode()
    assert "Because you picked #rain" in page
    assert 'value="#rain"' in page
    assert browser(bob).get(f"/api/v1/videos/{rain.pk}/why").json() == {
        "reasons": ["Because you picked #rain", "New from @alice"],
        "tags": ["rain"],
    }


def test_ones_own_is_told_apart_and_there_is_no_why_of_what_one_may_not_see(
    alice: User, bob: User, rain: Video, browser: BrowserOf
) -> None:
    hidden = make_video(alice, audience="only_me")
    assert "It is your own" in browser(alice).get(f"/videos/{rain.pk}/why").content.decode()
    assert browser(bob).get(f"/videos/{hidden.pk}/why").status_code == 404


def test_not_interested_from_the_menu(bob: User, rain: Video, browser: BrowserOf) -> None:
    client = browser(bob)
    url = f"/videos/{rain.pk}/not-interested"
    assert url in client.get("/").content.decode()
    answer = client.post(url, {"on": "1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "less like this" in answer["HX-Trigger"]
    assert NotInterested.objects.filter(user=bob, video=rain).exists()
    assert client.post(url, {"on": "0"}).status_code == 303
    assert not NotInterested.objects.exists()


def test_strangers_are_led_to_sign_in(client: Client, rain: Video) -> None:
    for path in ("/settings/feed", "/interests", f"/videos/{rain.pk}/why"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/signin")
    assert client.post(f"/videos/{rain.pk}/not-interested", {"on": "1"}).status_code in {302, 401}
    assert not NotInterested.objects.exists()
