"""Text posts: written, out at once, edited; by every door."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from conftest import ApiOf, BrowserOf
from core.errors import Conflict, Invalid
from core.testing import run_jobs
from videos import backgrounds, services
from videos.models import ProcessingJob, Video

pytestmark = pytest.mark.django_db
VIDEOS = "/api/v1/videos"


def write(author: User, caption: str = "Good morning.", **fields: object) -> Video:
    return services.publish_text(actor=author, caption=caption, **fields)  # type: ignore[arg-type]


def test_a_text_is_out_at_once_with_its_tags(alice: User) -> None:
    video = write(alice, "Hello, it is #morning", background="dusk")
    run_jobs()
    assert (video.kind, video.processing_state, video.background) == ("text", "ready", "dusk")
    assert video.published_at is not None
    assert video.announced_at is not None
    assert [row.tag.name for row in video.video_tags.all()] == ["morning"]
    assert not ProcessingJob.objects.exists()


@pytest.mark.parametrize(
    "caption, background, field",
    [
        ("", "dusk", "caption"),
        (" \n\t ", "dusk", "caption"),
        ("x" * 501, "dusk", "caption"),
        ("x\n" * 25 + "x", "dusk", "caption"),
        ("x", "url(https://evil.example)", "background"),
        ("x", '"><script>', "background"),
    ],
)
def test_what_does_not_fit_is_refused(
    alice: User, caption: str, background: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        write(alice, caption, background=background)
    assert field in refused.value.errors
    assert not Video.objects.exists()


def test_five_hundred_characters_fit_and_gaps_close(alice: User) -> None:
    assert len(write(alice, "ă" * 500).caption) == 500
    assert write(alice, "one\n\n\n\n\ntwo").caption == "one\n\ntwo"


def test_the_same_key_gives_the_same_post(alice: User, bob: User) -> None:
    first = write(alice, idempotency_key="k")
    assert write(alice, "Other words.", idempotency_key="k") == first
    assert write(bob, idempotency_key="k") != first
    services.delete_video(actor=alice, video_id=first.pk)
    with pytest.raises(Conflict):
        write(alice, idempotency_key="k")


def test_drafts_and_scheduled_ones_wait(alice: User) -> None:
    draft = write(alice, draft=True)
    later = write(alice, publish_at=timezone.now() + dt.timedelta(hours=1))
    assert draft.published_at is None
    assert later.published_at is not None
    assert later.published_at > timezone.now()
    assert later.announced_at is None
    services.edit_video(actor=alice, video_id=draft.pk, draft=False)
    draft.refresh_from_db()
    assert draft.published_at is not None


def test_words_and_ground_can_be_changed(alice: User) -> None:
    video = write(alice)
    changed = services.edit_video(
        actor=alice, video_id=video.pk, caption="New #words", background="mint"
    )
    assert (changed.caption, changed.background) == ("New #words", "mint")
    for wrong in ({"caption": ""}, {"caption": "x" * 501}, {"background": "x"}):
        with pytest.raises(Invalid):
            services.edit_video(actor=alice, video_id=video.pk, **wrong)


def test_a_clip_has_no_ground(alice: User) -> None:
    clip = Video.objects.create(author=alice)
    with pytest.raises(Invalid):
        services.edit_video(actor=alice, video_id=clip.pk, background="mint")


def test_the_api_takes_words_alone(api: ApiOf, alice: User) -> None:
    answer = api(alice).post(
        VIDEOS, {"caption": "Just #words", "background": "night", "audience": "followers"}
    )
    assert answer.status_code == 202, answer.content
    shown = answer.json()
    assert (shown["kind"], shown["processing_state"]) == ("text", "ready")
    assert (shown["audience"], shown["tags"]) == ("followers", ["words"])
    assert shown["text"] == {
        "body": "Just #words",
        "background": "night",
        "colors": ["#1d1a2b", "#0c0b12"],
        "ink": "#f4efff",
    }
    assert (shown["cover"], shown["sources"]) == (None, [])
    form = api(alice).post(VIDEOS, {"caption": "A form"}, format="multipart")
    assert form.json()["kind"] == "text"


@pytest.mark.parametrize(
    "body", [{"caption": "x" * 501}, {"caption": "x", "background": "#fff"}, {"caption": " "}]
)
def test_the_api_refuses_what_does_not_fit(api: ApiOf, alice: User, body: dict[str, str]) -> None:
    answer = api(alice).post(VIDEOS, body)
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_every_page_shows_it_and_escapes_it(browser: BrowserOf, alice: User, bob: User) -> None:
    video = write(alice, "<script>alert(1)</script> & #tagged @bob", background="slate")
    page = browser(bob)
    for path in ("/", "/@alice", f"/@alice/video/{video.pk}", "/search?q=tagged", "/tag/tagged"):
        text = page.get(path).content.decode()
        assert "type--slate" in text, path
        assert "<script>alert" not in text, path
        assert "&lt;script&gt;alert(1)" in text, path
    watch = page.get(f"/@alice/video/{video.pk}").content.decode()
    assert 'href="/tag/tagged"' in watch
    assert 'href="/@bob"' in watch
    assert "<video" not in watch


def test_the_page_publishes_without_scripts(browser: BrowserOf, alice: User) -> None:
    page = browser(alice)
    form = page.get("/upload/text")
    assert form.status_code == 200
    key = re.search(r'name="key" value="([^"]+)"', form.content.decode())
    assert key
    given = {
        "key": key[1],
        "caption": "From the page",
        "background": "lotus",
        "audience": "everyone",
        "allow_comments": "everyone",
        "mature": ["false"],
        "draft": ["false"],
    }
    answer = page.post("/upload/text", given)
    video = Video.objects.get()
    assert answer["Location"] == f"/@alice/video/{video.pk}"
    page.post("/upload/text", given)  # a second press of the button
    assert Video.objects.count() == 1
    draft = page.post("/upload/text", given | {"key": "other", "draft": ["false", "true"]})
    assert draft["Location"] == "/studio"


def test_the_page_keeps_what_was_written(browser: BrowserOf, alice: User) -> None:
    words = "y" * 501
    answer = browser(alice).post("/upload/text", {"caption": words, "background": "jade"})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert words in text
    assert re.search(r'value="jade" checked', text)
    assert not Video.objects.exists()


def test_it_is_edited_in_the_studio(browser: BrowserOf, alice: User, bob: User) -> None:
    video = write(alice)
    path = f"/studio/{video.pk}"
    assert "type__body" in browser(alice).get("/studio").content.decode()
    assert 'name="background"' in browser(alice).get(path).content.decode()
    form = {
        "action": "save",
        "caption": "Changed",
        "background": "paper",
        "audience": "friends",
        "allow_comments": "everyone",
    }
    assert browser(bob).post(path, form).status_code == 403
    assert browser(alice).post(path, form).status_code == 302
    video.refresh_from_db()
    assert (video.caption, video.background, video.audience) == ("Changed", "paper", "friends")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ground", backgrounds.BACKGROUNDS, ids=lambda ground: ground.name)
def test_words_can_be_read_on_every_ground(ground: backgrounds.Background) -> None:
    for colour in ground.colors:
        dark, light = sorted((luminance(colour), luminance(ground.ink)))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, colour
    sheet = (Path(settings.BASE_DIR) / "static/css/components/type.css").read_text()
    rule = re.search(rf"^\.type--{ground.name},.*\{{(.+)\}}$", sheet, re.MULTILINE)
    assert rule
    wanted = f"--type-a: {ground.colors[0]}; --type-b: {ground.colors[1]}; --type-ink: {ground.ink}"
    assert wanted in rule[1]
