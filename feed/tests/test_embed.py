"""Frames and oEmbed: what anybody may see, anywhere, and nothing else."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.models import User
from conftest import BrowserOf
from core.ids import uuid7
from feed.tests.factories import make_video
from videos.models import Video
from videos.services import publish_text
from videos.tests.factories import stored_video


@pytest.fixture
def video(alice: User) -> Video:
    return make_video(alice, caption="Rain & <b>wind</b>", width=720, height=1280)


def address(video: Video) -> str:
    return f"http://testserver/@{video.author.username}/video/{video.pk}"


def test_a_public_video_can_be_framed_anywhere(client: Client, alice: User) -> None:
    video = stored_video(alice, caption="Rain & <b>wind</b>")
    answer = client.get(f"/embed/{video.pk}")
    assert answer.status_code == 200
    assert "X-Frame-Options" not in answer
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert answer["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer
    page = answer.content.decode()
    assert "<video" in page
    assert "Rain &amp; &lt;b&gt;wind" in page
    assert "<script" not in page
    framed = client.get(f"/@alice/video/{video.pk}")
    assert framed["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in framed["Content-Security-Policy"]


def test_watch_pages_name_their_oembed_where_there_is_one(
    browser: BrowserOf, client: Client, alice: User, video: Video
) -> None:
    page = client.get(f"/@alice/video/{video.pk}").content.decode()
    (link,) = re.findall(r'application/json\+oembed" href="([^"]+)"', page)
    asked = parse_qs(urlsplit(unescape(link)).query)
    assert client.get("/oembed", asked).json()["title"] == video.caption
    only = make_video(alice, audience="friends")
    assert "json+oembed" not in browser(alice).get(f"/@alice/video/{only.pk}").content.decode()


def test_oembed_says_what_to_frame(client: Client, video: Video) -> None:
    answer = client.get("/oembed", {"url": address(video)})
    told = answer.json()
    assert (told["version"], told["type"], told["author_name"]) == ("1.0", "video", "Alice")
    assert f"/embed/{video.pk}" in told["html"]
    assert told["html"].count("<") == 2
    assert (told["width"], told["height"]) == (325, 578)
    small = client.get("/oembed", {"url": address(video), "maxwidth": "200"}).json()
    assert (small["width"], small["height"]) == (200, 356)
    wide = client.get("/oembed", {"url": address(video), "maxwidth": "9999", "maxheight": "640"})
    assert (wide.json()["width"], wide.json()["height"]) == (360, 640)


def test_oembed_refuses_what_it_cannot_frame(client: Client, alice: User, video: Video) -> None:
    hidden = make_video(alice, audience="friends")
    for url in (
        address(hidden),
        f"http://testserver/@alice/video/{uuid7()}",
        f"http://evil.example/@alice/video/{video.pk}",
        "http://testserver/",
        "http://[",
        "",
        "x" * 5000,
    ):
        assert client.get("/oembed", {"url": url}).status_code == 404, url
    assert client.get("/oembed", {"url": address(video), "format": "xml"}).status_code == 501
    for size in ("-1", "x", "9" * 9, "１"):
        assert client.get("/oembed", {"url": address(video), "maxwidth": size}).status_code == 400


@pytest.mark.parametrize(
    "change",
    [{"audience": "followers"}, {"mature": True}, {"draft": True}, {"moderation_state": "removed"}],
    ids=str,
)
def test_a_frame_closes_with_its_video(
    client: Client, browser: BrowserOf, alice: User, video: Video, change: dict[str, object]
) -> None:
    Video.objects.filter(pk=video.pk).update(**change)
    for viewer in (client, browser(alice)):
        assert viewer.get(f"/embed/{video.pk}").status_code == 404


def test_a_text_post_is_framed_as_its_words(client: Client, alice: User) -> None:
    said = publish_text(actor=alice, caption="Rain & <b>wind</b>", background="jade")
    page = client.get(f"/embed/{said.pk}").content.decode()
    assert "Rain &amp; &lt;b&gt;wind" in page
    assert "type--jade" in page
    assert "<video" not in page
