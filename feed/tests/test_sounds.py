"""Sounds: taken from clips by the worker, used by albums, silent when their clip is gone."""

import io
from typing import Any

import pytest
from PIL import Image
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf, BrowserOf
from core.errors import Forbidden, NotFound
from core.testing import commit, run_jobs
from videos import services
from videos.models import Sound, Video
from videos.tests.factories import posted, received
from videos.tests.invariants import check_invariants

pytestmark = pytest.mark.django_db
API = "/api/v1"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (90, 120), "teal").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def sound(alice: User) -> Sound:
    """The sound of a clip that the worker has made."""
    video = posted(alice, caption="Waves at night")
    run_jobs()
    return Sound.objects.get(video=video)


def album(author: User, sound: Sound) -> Video:
    upload = received(author, picture())
    return services.publish_photos(actor=author, upload_ids=[upload.pk], sound_id=sound.pk)


def test_a_clips_audio_is_used_and_dies_with_it(
    sound: Sound, alice: User, bob: User, api: ApiOf, anon: APIClient
) -> None:
    assert sound.video.sound == sound
    assert 800 <= sound.duration_ms <= 1300
    check_invariants()
    video = album(bob, sound)
    run_jobs()
    shown = anon.get(f"{API}/videos/{video.pk}").json()["sound"]
    assert (shown["title"], shown["author"]["username"]) == ("Waves at night", "alice")
    assert shown["is_original"] is False
    media = anon.get(shown["url"])
    assert (media.status_code, media["Content-Type"]) == (200, "audio/mp4")
    assert b"".join(media.streaming_content)[4:8] == b"ftyp"  # type: ignore[attr-defined]
    listed = anon.get(f"{API}/sounds/{sound.pk}/videos").json()["results"]
    assert {one["id"] for one in listed} == {str(video.pk), str(sound.video_id)}
    assert anon.get(f"{API}/sounds/{sound.pk}").json()["counts"] == {"videos": 2}
    services.edit_video(actor=alice, video_id=sound.video_id, audience="followers")
    commit()
    assert anon.get(shown["url"]).status_code == 404
    assert anon.get(f"{API}/videos/{video.pk}").json()["sound"] is None
    assert anon.get(f"{API}/sounds/{sound.pk}").status_code == 404
    services.delete_video(actor=alice, video_id=sound.video_id)
    run_jobs()
    assert anon.get(f"{API}/videos/{video.pk}").status_code == 200
    check_invariants()


def test_only_where_its_author_lets_them(sound: Sound, alice: User, bob: User) -> None:
    services.edit_video(actor=alice, video_id=sound.video_id, allow_sound=False)
    with pytest.raises(Forbidden):
        album(bob, sound)
    assert album(alice, sound).sound == sound
    services.edit_video(actor=alice, video_id=sound.video_id, audience="friends", allow_sound=True)
    with pytest.raises(NotFound):
        album(bob, sound)


def test_the_page_plays_it_and_leads_on(
    sound: Sound, bob: User, browser: BrowserOf, client: Any
) -> None:
    page = browser(bob).get(f"/sound/{sound.pk}").content.decode()
    assert "Waves at night" in page
    assert "<audio" in page
    assert f"/upload/photos?sound={sound.pk}" in page
    assert (
        f"/upload/photos?sound={sound.pk}" not in client.get(f"/sound/{sound.pk}").content.decode()
    )
    form = browser(bob).get(f"/upload/photos?sound={sound.pk}").content.decode()
    assert f'name="sound_id" value="{sound.pk}"' in form
    assert browser(bob).get("/upload/photos?sound=nonsense").status_code == 200
    watch = client.get(f"/@alice/video/{sound.video_id}").content.decode()
    assert f'href="/sound/{sound.pk}"' in watch
