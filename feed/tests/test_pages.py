import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from conftest import BrowserOf
from core.ids import uuid7
from feed.tests.factories import add_files, make_video, make_videos
from social.engagement.models import Comment, Like
from social.graph.models import Block, Follow

CARD = re.compile(r'data-video-id="([0-9a-f-]{36})"[^>]*data-url=')
MORE = re.compile(r'hx-get="(/feed/page[^"]+)"')


def cards_in(answer: Any) -> list[str]:
    return CARD.findall(answer.content.decode())


def next_url(answer: Any) -> str | None:
    found = MORE.search(answer.content.decode())
    return unescape(found[1]) if found else None


@pytest.mark.parametrize("path", ["/"])
def test_strangers_see_the_first_three_cards_at_once(
    client: Client, alice: User, path: str
) -> None:
    for video in make_videos(alice, 5):
        add_files(video, 360, 720)
    answer = client.get(path)
    assert answer.status_code == 200
    assert len(set(cards_in(answer))) == 3
    body = answer.content.decode()
    assert 'rel="preload" as="image" href="/media/videos/cover.jpg' in body
    assert body.index("/360-") < body.index("</article>")
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/", "/following"])
def test_fragments_continue_the_page_to_its_end(
    browser: BrowserOf, alice: User, bob: User, path: str
) -> None:
    make_videos(alice, 20)
    Follow.objects.create(follower=bob, followed=alice)
    client = browser(bob)
    answer = client.get(path)
    seen = cards_in(answer)
    while url := next_url(answer):
        answer = client.get(url, HTTP_HX_REQUEST="true")
        assert answer.status_code == 200
        assert b"<html" not in answer.content
        seen += cards_in(answer)
    assert len(seen) == len(set(seen)) == 20
    assert b"data-end" in answer.content


def test_a_fragment_is_also_found_by_mode_seed_and_skip(client: Client, alice: User) -> None:
    make_videos(alice, 9)
    first = client.get("/feed/page?mode=all&seed=5&skip=0")
    again = client.get("/feed/page?mode=all&seed=5&skip=0")
    rest = client.get("/feed/page?mode=all&seed=5&skip=6")
    assert cards_in(first) == cards_in(again)
    assert len(set(cards_in(first) + cards_in(rest))) == 9


@pytest.mark.parametrize(
    "query", ["cursor=x", "mode=hot", "skip=-1", "skip=" + "9" * 30, "seed=%00", "cursor=%00"]
)
def test_a_broken_place_is_400_and_a_toast_for_htmx(client: Client, db: None, query: str) -> None:
    assert client.get(f"/feed/page?{query}").status_code == 400
    answer = client.get(f"/feed/page?{query}", HTTP_HX_REQUEST="true")
    assert answer.status_code == 400
    assert "toast" in answer["HX-Trigger"]


def test_a_broken_seed_still_opens_the_feed(client: Client, alice: User) -> None:
    make_video(alice)
    assert len(cards_in(client.get("/?seed=%00"))) >= 1


@pytest.mark.parametrize("path", ["/following", "/friends"])
def test_strangers_are_asked_to_sign_in(client: Client, db: None, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/signin?next=%2F")


def test_an_empty_instance_has_a_page(client: Client, browser: BrowserOf, alice: User) -> None:
    assert client.get("/").status_code == 200
    assert browser(alice).get("/following").status_code == 200


def test_the_watch_page_plays_and_tells_what_it_is(client: Client, alice: User, bob: User) -> None:
    video = make_video(alice, caption='Look </script><script>alert(1)</script> "up" #sky')
    add_files(video, 360)
    Comment.objects.create(video=video, author=bob, text="first <b>!")
    answer = client.get(f"/@alice/video/{video.pk}")
    body = answer.content.decode()
    assert answer.status_code == 200
    assert f'property="og:url" content="http://localhost:8000/@alice/video/{video.pk}"' in body
    assert 'property="og:image" content="http://localhost:8000/media/videos/cover.jpg' in body
    assert 'property="og:video" content="http://localhost:8000/media/videos/' in body
    assert "application/ld+json" in body
    assert "<script>alert(1)" not in body
    assert "first &lt;b&gt;!" in body
    assert re.search(r"<video[^>]* controls", body)


def test_a_hidden_videos_page_is_the_same_404_as_a_missing_one(
    browser: BrowserOf, client: Client, alice: User, dave: User
) -> None:
    private = make_video(alice, audience="only_me")
    public = make_video(alice)
    Block.objects.create(blocker=dave, blocked=alice)
    answers = [
        browser(dave).get(f"/@alice/video/{key}") for key in (private.pk, public.pk, uuid7())
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    plain = {
        re.sub(rb'(nonce|data-csrf|value)="[^"]*"|"X-CSRFToken": "[^"]*"', b"", a.content)
        for a in answers
    }
    assert len(plain) == 1
    assert client.get(f"/@bob/video/{public.pk}").status_code == 404
    assert client.get("/@alice/video/123").status_code == 404


def test_addresses_lead_to_the_names_own_case(client: Client, alice: User) -> None:
    video = make_video(alice)
    answer = client.get(f"/@Alice/video/{video.pk}")
    assert (answer.status_code, answer["Location"]) == (302, f"/@alice/video/{video.pk}")
    assert client.get("/@ALICE")["Location"] == "/@alice"


def test_a_profile_shows_the_grid_page_by_page(client: Client, alice: User) -> None:
    videos = make_videos(alice, 30)
    answer = client.get("/@alice")
    assert answer.status_code == 200
    body = answer.content.decode()
    shown = re.findall(r'href="/@alice/video/([0-9a-f-]{36})"', body)
    assert shown == [str(video.pk) for video in videos[:24]]
    url = unescape(re.findall(r'hx-get="([^"]+cursor=[^"]+)"', body)[0])
    rest = client.get(url, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in rest
    assert re.findall(r'href="/@alice/video/([0-9a-f-]{36})"', rest) == [
        str(video.pk) for video in videos[24:]
    ]
    assert client.get(url).status_code == 200


def test_the_liked_tab_is_ones_own(
    browser: BrowserOf, client: Client, alice: User, bob: User
) -> None:
    video = make_video(alice)
    Like.objects.create(user=bob, video=video)
    own = browser(bob).get("/@bob/liked")
    assert str(video.pk) in own.content.decode()
    assert "/@bob/liked" in browser(bob).get("/@bob").content.decode()
    assert "/@bob/liked" not in browser(alice).get("/@bob").content.decode()
    assert browser(alice).get("/@bob/liked").status_code == 404
    assert client.get("/@bob/liked").status_code == 404
    assert client.get("/@bob/secrets").status_code == 404


def test_a_private_profile_is_a_stub_for_others(
    browser: BrowserOf, client: Client, alice: User, bob: User
) -> None:
    video = make_video(alice)
    alice.is_private = True
    alice.save()
    for visitor in (client, browser(bob)):
        answer = visitor.get("/@alice")
        assert answer.status_code == 200
        assert str(video.pk) not in answer.content.decode()
    Follow.objects.create(follower=bob, followed=alice)
    assert str(video.pk) in browser(bob).get("/@alice").content.decode()


@pytest.mark.parametrize(
    "path", ["/@nobody", "/@", "/@%00", "/@x%0Ay", "/@" + "x" * 400, "/@alice/video/", "/@@alice"]
)
def test_odd_names_are_404(client: Client, alice: User, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/@alice", "/explore", "/feed/page"])
def test_pages_are_only_read(client: Client, alice: User, path: str) -> None:
    assert client.post(path).status_code == 405
