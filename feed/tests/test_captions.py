"""Captions: kept as times and plain words, shown by the player, as hidden as their clip."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
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
    refused = page.post(path, {"action": "caption", "lang": "en", "body": "nonsense"})
    assert refused.status_code == 400
    assert 'id="caption-body-error"' in refused.content.decode()
    assert ">nonsense</textarea>" in refused.content.decode()
    assert CaptionTrack.objects.get().body == KEPT
    assert 'value="uncaption"' in page.get(path).content.decode()
    watch = browser(bob).get(f"/@alice/video/{video.pk}").content.decode()
    assert '<track kind="captions"' in watch
    assert "data-cc" in watch
    page.post(path, {"action": "uncaption", "lang": "en"})
    assert not CaptionTrack.objects.exists()


def test_a_body_beyond_all_captions_is_not_read_and_no_other_page_can_send_one(
    alice: User, browser: BrowserOf
) -> None:
    path = f"/studio/{make_video(alice).pk}"
    huge = SimpleUploadedFile("huge.vtt", b"x" * (3 * webvtt.MAX_BYTES))
    sent = browser(alice).post(path, {"action": "caption", "lang": "en", "file": huge})
    assert sent.status_code == 413
    shown = sent.content.decode()
    assert "at most 256 kB" in shown.partition('id="caption-file-error"')[2].partition("</p>")[0]
    assert 'id="caption-lang-error"' not in shown
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    for action in ("save", "caption", "pin", "delete"):
        assert strict.post(path, {"action": action, "lang": "en", "body": FILE}).status_code == 403
    assert not CaptionTrack.objects.exists()


@pytest.mark.parametrize(
    "name,content,error",
    [
        ("words.vtt", FILE.encode(), ""),
        ("Words.SRT", b"1\r\n00:00:00,000 --> 00:00:01,500\r\nHi\r\n\r\n2\r\n", ""),
        ("words.vtt", b"1\n00:00:00,000 --> 00:00:01,500\nHi", "begins with WEBVTT"),
        ("words.vtt", b"\xff\xfe\x00", "is UTF-8 text"),
        ("words.vtt", b"WEBVTT\n\n" + b"x" * webvtt.MAX_BYTES, "has at most 256 kB"),
        ("words.vtt", b"", "Choose a caption file"),
    ],
    ids=["vtt", "srt", "no-head", "no-text", "large", "empty"],
)
def test_a_file_is_chosen_on_the_page(
    browser: BrowserOf, alice: User, name: str, content: bytes, error: str
) -> None:
    page, path = browser(alice), f"/studio/{make_video(alice).pk}"
    assert 'enctype="multipart/form-data"' in page.get(path).content.decode()
    form = {
        "action": "caption",
        "lang": "vi",
        "body": "",
        "file": SimpleUploadedFile(name, content),
    }
    sent = page.post(path, form)
    if not error:
        assert sent.status_code == 302
        assert CaptionTrack.objects.get(lang="vi").body.startswith("WEBVTT\n\n00:00:00.000 -->")
        return
    shown = sent.content.decode()
    assert sent.status_code == 400
    assert error in shown.partition('id="caption-file-error"')[2].partition("</p>")[0]
    assert 'value="vi"' in shown
    assert not CaptionTrack.objects.exists()
