"""What authors make of a clip: a part of the file, other sound, a cover of a frame or a picture."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from conftest import ApiOf, BrowserOf
from core import storage
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, UnsupportedMedia
from core.models import StoredFile
from core.testing import commit, run_jobs
from videos import services
from videos.models import ClipEdit, Upload, Video
from videos.services import sweeping
from videos.tests.factories import clip, posted, received
from videos.tests.invariants import check_invariants
from videos.tests.test_albums import picture

pytestmark = pytest.mark.django_db
VIDEOS = "/api/v1/videos"


def made(video: Video) -> Video:
    run_jobs()
    return Video.objects.get(pk=video.pk)


def cover_of(video: Video) -> Image.Image:
    return Image.open(io.BytesIO(b"".join(storage.read(video.cover_key))))


def test_only_the_chosen_part_becomes_the_video(alice: User) -> None:
    video = made(posted(alice, clip(seconds=2.0), trim_start_ms=600, trim_end_ms=1400))
    assert video.processing_state == "ready"
    assert video.duration_ms == 800
    assert video.renditions.count() == 1
    assert video.preview_key
    outside = made(posted(alice, clip(), trim_start_ms=60_000))
    assert (outside.processing_state, outside.error_code) == ("failed", "trim_outside")
    sweeping.sweep()
    check_invariants()


@pytest.mark.parametrize(
    "chosen",
    [
        {"trim_start_ms": 900, "trim_end_ms": 1000},
        {"trim_start_ms": -1},
        {"own_level": 101},
        {"sound_level": -1, "sound_id": "own"},
    ],
)
def test_impossible_choices_are_refused(alice: User, chosen: dict[str, Any]) -> None:
    if "sound_id" in chosen:
        chosen = chosen | {"sound_id": made(posted(alice)).sound_id}
    with pytest.raises(Invalid):
        posted(alice, **chosen)
    assert not ClipEdit.objects.exists()


def test_a_chosen_sound_is_used_and_named(alice: User, bob: User) -> None:
    original = made(posted(alice))
    sound = original.sound
    assert sound is not None
    video = made(posted(bob, sound_id=sound.pk, sound_level=40, own_level=60))
    assert (video.processing_state, video.sound_id) == ("ready", sound.pk)
    assert not hasattr(video, "own_sound")
    closed = made(posted(alice, allow_sound=False))
    with pytest.raises(Forbidden):
        posted(bob, sound_id=closed.sound_id)
    hidden = made(posted(alice, audience="only_me"))
    with pytest.raises(NotFound):
        posted(bob, sound_id=hidden.sound_id)


def test_a_sound_that_is_gone_meanwhile_fails_with_its_reason(alice: User, bob: User) -> None:
    original = made(posted(alice))
    video = posted(bob, sound_id=original.sound_id)
    services.delete_video(actor=alice, video_id=original.pk)
    commit()
    video = made(video)
    assert (video.processing_state, video.error_code) == ("failed", "sound_gone")


def test_a_picture_becomes_the_cover_and_its_upload_is_let_go(alice: User) -> None:
    upload = received(alice, picture("red", (900, 1600)))
    video = made(posted(alice, cover_upload_id=upload.pk))
    shown = cover_of(video)
    assert (shown.format, shown.size) == ("WEBP", (720, 1280))
    assert dict(shown.getexif()) == {}
    assert video.blurhash
    upload.refresh_from_db()
    assert (upload.state, upload.chunks.count()) == ("consumed", 0)
    with pytest.raises(Conflict):
        posted(alice, cover_upload_id=upload.pk)
    with pytest.raises(UnsupportedMedia):
        posted(alice, cover_upload_id=received(alice).pk)
    sweeping.sweep()
    check_invariants()


def test_strangers_uploads_are_not_covers(alice: User, carol: User) -> None:
    foreign = received(carol, picture())
    with pytest.raises(NotFound):
        posted(alice, cover_upload_id=foreign.pk)
    foreign.refresh_from_db()
    assert foreign.state == Upload.State.RECEIVED


def test_a_form_brings_file_and_cover_in_one_request(api: ApiOf, alice: User) -> None:
    body = {
        "file": SimpleUploadedFile("a.mp4", clip()),
        "cover": SimpleUploadedFile("a.jpg", picture("blue")),
    }
    answer = api(alice).post(VIDEOS, body, format="multipart")
    assert answer.status_code == 202, answer.content
    assert cover_of(made(Video.objects.get(pk=answer.json()["id"]))).format == "WEBP"


def test_the_cover_can_be_changed_later(
    api: ApiOf, client: Client, alice: User, carol: User
) -> None:
    video = made(posted(alice, clip(seconds=2.0)))
    url, first = f"{VIDEOS}/{video.pk}/cover", video.cover_key
    assert api(alice).get(url).status_code == 404
    for body in ({}, {"at_ms": 5, "upload_id": str(video.pk)}, {"at_ms": -1}):
        assert api(alice).put(url, body, format="json").status_code == 400
    assert api(carol).put(url, {"at_ms": 100}, format="json").status_code == 403

    asked = api(alice).put(url, {"at_ms": 1500}, format="json")
    assert (asked.status_code, asked.json()) == (202, {"state": "queued"})
    video = made(video)
    assert video.cover_key != first
    assert StoredFile.objects.get(key=first).state == "condemned"
    assert api(alice).get(url).json() == {"state": "done"}

    from_page = api(alice).get(f"{VIDEOS}/{video.pk}").json()["cover"]
    assert client.get(from_page).status_code == 200

    second, upload = video.cover_key, received(alice, picture("blue"))
    api(alice).put(url, {"upload_id": str(upload.pk)}, format="json")
    video = made(video)
    assert cover_of(video).format == "WEBP"

    broken = received(alice, picture()[:300])
    api(alice).put(url, {"upload_id": str(broken.pk)}, format="json")
    kept, video = video.cover_key, made(video)
    assert video.cover_key == kept != second
    assert api(alice).get(url).json()["error"]["code"] == "corrupt"
    assert broken.chunks.count() == 0
    sweeping.sweep()
    check_invariants()


def test_the_edit_page_asks_for_a_frame_and_shows_what_became_of_it(
    browser: BrowserOf, alice: User
) -> None:
    video = made(posted(alice))
    client, url = browser(alice), f"/studio/{video.pk}"
    for second in ("", "nan", "soon", "-1"):
        answer = client.post(url, {"action": "cover", "second": second}, follow=True)
        assert b"being made" not in answer.content, second
    answer = client.post(url, {"action": "cover", "second": "0.5"}, follow=True)
    assert b"The new cover is being made." in answer.content
    assert made(video).cover_at_ms == 500
    assert b"being made" not in client.get(url).content


def test_a_cover_is_not_changed_of_what_is_no_ready_clip(alice: User) -> None:
    queued = posted(alice)
    with pytest.raises(Conflict, match="being prepared"):
        services.change_cover(actor=alice, video_id=queued.pk, at_ms=0)
    text = services.publish_text(actor=alice, caption="words")
    with pytest.raises(DomainError):
        services.change_cover(actor=alice, video_id=text.pk, at_ms=0)
