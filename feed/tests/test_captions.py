"""Captions: kept as times and plain words, shown by the player, as hidden as their clip."""

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf, BrowserOf
from core.errors import Invalid
from core.testing import commit
from feed.tests.factories import add_files, make_video
from videos import services, webvtt
from videos.models import CaptionTrack

pytestmark = pytest.mark.django_db
VIDEOS = "/api/v1/videos"
FILE = """WEBVTT - made by hand

STYLE
::cue { background: url(https://evil.example/x) }

NOTE secret

intro
00:01.000 --> 00:02.500 position:10% line:0
<v Alice><b>Hello</b> &amp; <script>alert(1)</script>good

00:00:00.000 --> 00:00:01.000
First
of two
"""
KEPT = """WEBVTT

00:00:00.000 --> 00:00:01.000
First
of two

00:00:01.000 --> 00:00:02.500
Hello &amp; alert(1)good

"""


def test_times_and_plain_words_are_kept_and_nothing_else() -> None:
    assert webvtt.clean(FILE) == KEPT
    assert webvtt.clean(KEPT) == KEPT
    assert webvtt.clean("\ufeff" + FILE.replace("\n", "\r\n")) == KEPT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "WEBVTT",
        "WEBVTTX\n\n00:00.000 --> 00:01.000\nx",
        "1\n00:00:00,000 --> 00:00:01,000\nx",
        "WEBVTT\n\n00:02.000 --> 00:01.000\nx",
        "WEBVTT\n\n00:99.000 --> 01:00.000\nx",
        "WEBVTT\n\nx --> y\nx",
        "WEBVTT\n\n00:00.000 --> 00:01.000\n" + "x" * 401,
        "WEBVTT\n\n" + "00:00.000 --> 00:01.000\nx\n\n" * 3001,
        "WEBVTT\n\n00:00.000 --> 00:01.000\nx\n\nNOTE " + "x" * webvtt.MAX_BYTES,
    ],
    ids=range(10),
)
def test_what_is_no_caption_file_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        webvtt.clean(text)


def test_written_read_replaced_and_taken_away(
    api: ApiOf, alice: User, bob: User, anon: APIClient
) -> None:
    video = make_video(alice)
    path = f"{VIDEOS}/{video.pk}/captions"
    made = api(alice).put(f"{path}/pt-BR", FILE, content_type="text/vtt")
    assert made.status_code == 200, made.content
    assert made.json()["lang"] == "pt-br"
    media = anon.get(made.json()["url"])
    assert (media.status_code, media["Content-Type"]) == (200, "text/vtt; charset=utf-8")
    assert media["X-Content-Type-Options"] == "nosniff"
    assert media.content.decode() == KEPT
    again = api(alice).put(f"{path}/pt-br", {"body": KEPT, "label": "Português"})
    assert again.json()["label"] == "Português"
    assert anon.get(made.json()["url"]).status_code == 404
    assert anon.get(path).json()["results"] == [again.json()]
    assert anon.get(f"{VIDEOS}/{video.pk}").json()["captions"] == [again.json()]
    assert api(bob).put(f"{path}/en", {"body": KEPT}).status_code == 403
    assert api(bob).delete(f"{path}/pt-br").status_code == 403
    assert anon.put(f"{path}/en", {"body": KEPT}, format="json").status_code == 401
    assert api(alice).put(f"{path}/en..", {"body": KEPT}).status_code == 400
    assert api(alice).put(f"{path}/en", {"body": "x"}).status_code == 400
    assert api(alice).put(f"{path}/en", b"\xff\xfe", content_type="text/vtt").status_code == 400
    services.edit_video(actor=alice, video_id=video.pk, audience="friends")
    commit()
    assert anon.get(again.json()["url"]).status_code == 404
    assert anon.get(path).status_code == 404
    assert api(alice).delete(f"{path}/pt-br").status_code == 204
    assert api(alice).delete(f"{path}/pt-br").status_code == 404


def test_pages_write_and_show_them(browser: BrowserOf, alice: User, bob: User) -> None:
    video = make_video(alice)
    add_files(video, 360)
    page, path = browser(alice), f"/studio/{video.pk}"
    saved = page.post(path, {"action": "caption", "lang": "en", "body": FILE})
    assert saved.status_code == 302
    assert CaptionTrack.objects.get().body == KEPT
    page.post(path, {"action": "caption", "lang": "en", "body": "nonsense"})
    assert CaptionTrack.objects.get().body == KEPT
    assert 'value="uncaption"' in page.get(path).content.decode()
    watch = browser(bob).get(f"/@alice/video/{video.pk}").content.decode()
    assert '<track kind="captions"' in watch
    assert "data-cc" in watch
    page.post(path, {"action": "uncaption", "lang": "en"})
    assert not CaptionTrack.objects.exists()
