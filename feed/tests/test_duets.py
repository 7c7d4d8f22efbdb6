"""Duets: who may make one, what the worker makes of it, and who sees it afterwards."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import av
import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from rest_framework.test import APIClient

from accounts import services as accounts
from accounts.models import User
from conftest import ApiOf, BrowserOf
from core import files, storage
from core.errors import Forbidden, NotFound
from core.testing import commit, run_jobs, same_queries
from feed.cards import cards_for
from social.graph import services as graph
from videos import policies, services
from videos.models import ProcessingJob, Rendition, Sound, Video
from videos.services import processing
from videos.tests.factories import posted, ready_video, received, stored_video
from videos.tests.invariants import check_invariants
from videos.tests.media import samples

pytestmark = pytest.mark.django_db
API = "/api/v1"
RED, BLUE = (254, 0, 0), (0, 0, 254)


def filmed(author: User, folder: Path, color: str, **options: Any) -> bytes:
    return samples.plain(folder, color, **options).read_bytes()


@pytest.fixture
def original(alice: User, tmp_path: Path) -> Video:
    """A blue clip of alice that the worker has made, three seconds long, with a tone."""
    video = posted(alice, filmed(alice, tmp_path, "blue", tone=1000, seconds=3), caption="Blue")
    run_jobs()
    return Video.objects.get(pk=video.pk)


def duet(author: User, original: Video, body: bytes | None = None, **fields: Any) -> Video:
    return posted(author, body, duet_of=original.pk, **fields)


def made_duet(author: User, original: Video, **fields: Any) -> Video:
    """Return a published duet of rows alone."""
    return ready_video(author, is_duet=True, duet_of=original, **fields)


def middles(body: bytes, folder: Path) -> list[Any]:
    """Return the colours in the middle of both halves of the first frame."""
    path = folder / "seen.mp4"
    path.write_bytes(body)
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0)).to_ndarray(format="rgb24")
    picture = Image.fromarray(frame)
    width, height = picture.size
    return [picture.getpixel((width * part // 4, height // 2)) for part in (1, 3)]


def near(pixel: Any, color: tuple[int, int, int]) -> bool:
    return all(abs(one - other) <= 40 for one, other in zip(pixel, color, strict=True))


def test_both_stand_side_by_side_in_everything_that_the_worker_makes(
    original: Video, bob: User, api: ApiOf, anon: APIClient, tmp_path: Path
) -> None:
    body = filmed(bob, tmp_path, "red", size="720x1280", tone=440, seconds=2)
    fields = {"upload_id": str(received(bob, body).pk), "duet_of": str(original.pk)}
    answer = api(bob).post(f"{API}/videos", fields)
    assert answer.status_code == 202
    said = answer.json()
    assert said["duet_of"]["id"] == str(original.pk)
    assert said["duet_of"]["author"]["username"] == "alice"
    assert set(said["duet_of"]) == {"id", "author"}
    pk = said["id"]
    processing.process_playable(video_id=Video.objects.get(pk=pk).pk)
    first = anon.get(f"{API}/videos/{pk}").json()
    assert first["processing_state"] == "ready"
    assert [source["height"] for source in first["sources"]] == [360]
    run_jobs()
    video = Video.objects.get(pk=pk)
    assert set(video.jobs.values_list("state", flat=True)) == {"done"}
    shown = anon.get(f"{API}/videos/{pk}").json()
    assert [source["height"] for source in shown["sources"]] == [360, 540, 720, 1080]
    assert (shown["width"], shown["height"]) == (1440, 1280)
    assert shown["duration_ms"] == pytest.approx(2000, abs=120)
    for rendition in video.renditions.all():
        left, right = middles(b"".join(storage.read(rendition.key)), tmp_path)
        assert near(left, RED), rendition
        assert near(right, BLUE), rendition
    cover = tmp_path / "cover.jpg"
    cover.write_bytes(b"".join(storage.read(video.cover_key)))
    with Image.open(cover) as picture:
        assert picture.size == (810, 720)
        assert near(picture.getpixel((200, 360)), RED)
        assert near(picture.getpixel((600, 360)), BLUE)
    preview = tmp_path / "preview.webp"
    preview.write_bytes(b"".join(storage.read(video.preview_key)))
    with Image.open(preview) as moving:
        assert moving.width > moving.height
    # It is heard under the original's name, and lends nobody else's sound to others.
    assert (video.sound, Sound.objects.count()) == (original.sound, 1)
    check_invariants()


def test_the_ladder_does_not_examine_the_upload_again(
    original: Video, bob: User, tmp_path: Path
) -> None:
    video = duet(bob, original, filmed(bob, tmp_path, "red", size="720x1280", tone=440))
    processing.process_playable(video_id=video.pk)
    findings = ProcessingJob.objects.get(video=video, stage="ladder").findings
    assert (findings["probe"]["width"], findings["probe"]["height"]) == (720, 1280)
    assert findings["loudness"]["gain_db"] > 0


def _edited(**changes: Any) -> Callable[[Video, User, User], object]:
    return lambda video, alice, _: services.edit_video(actor=alice, video_id=video.pk, **changes)


CLOSINGS: dict[str, Callable[[Video, User, User], object]] = {
    "deleted": lambda video, alice, _: services.delete_video(actor=alice, video_id=video.pk),
    "narrowed": _edited(audience="followers"),
    "a draft again": _edited(draft=True),
    "duets off": _edited(allow_duet=False),
    "private": lambda _, alice, __: accounts.set_private(actor=alice, is_private=True),
    "blocked": lambda _, alice, bob: graph.block(actor=alice, user_id=bob.pk),
}


@pytest.mark.parametrize("how", CLOSINGS)
def test_what_closes_before_the_worker_comes_fails_with_a_reason(
    original: Video, alice: User, bob: User, api: ApiOf, how: str
) -> None:
    video = duet(bob, original)
    CLOSINGS[how](original, alice, bob)
    run_jobs()
    said = api(bob).get(f"{API}/videos/{video.pk}/status").json()
    assert (said["processing_state"], said["error"]["code"]) == ("failed", "original_gone")
    assert "deleted or closed" in said["error"]["detail"]
    assert not Rendition.objects.filter(video=video).exists()
    check_invariants()


def test_who_may_make_one(alice: User, bob: User, dave: User, api: ApiOf) -> None:
    open_, refused = ready_video(alice), Forbidden
    cases: list[tuple[User, Video, type[Exception] | None]] = [
        (bob, open_, None),
        (bob, ready_video(alice, allow_duet=False), refused),
        (alice, ready_video(alice, allow_duet=False), None),
        (alice, ready_video(alice, audience="friends"), refused),
        (bob, ready_video(alice, audience="followers"), NotFound),
        (bob, ready_video(alice, kind="text", caption="Words"), refused),
        (bob, ready_video(alice, kind="photos"), refused),
        (bob, made_duet(alice, ready_video(dave)), refused),
        (bob, ready_video(alice, mature=True), NotFound),
        (bob, ready_video(alice, processing_state="queued", published_at=None), NotFound),
        (alice, ready_video(alice, processing_state="queued", published_at=None), refused),
    ]
    for actor, original, expected in cases:
        if expected is None:
            assert duet(actor, original).duet_of == original
            continue
        with pytest.raises(expected):
            duet(actor, original)
    graph.block(actor=alice, user_id=dave.pk)
    with pytest.raises(NotFound):
        duet(dave, open_)
    accounts.set_private(actor=alice, is_private=True)
    graph.follow(actor=bob, user_id=alice.pk)
    graph.accept_follow_request(actor=alice, request_id=alice.follow_requests.get().pk)
    assert policies.can_view(bob, open_)
    upload = str(received(bob).pk)
    said = api(bob).post(f"{API}/videos", {"upload_id": upload, "duet_of": str(open_.pk)})
    assert (said.status_code, said.json()["code"]) == (403, "duet_off")
    wrong = api(bob).post(f"{API}/videos", {"caption": "Words", "duet_of": str(open_.pk)})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["duet_of"])
    odd = api(bob).post(f"{API}/videos", {"upload_id": upload, "duet_of": "x"})
    assert (odd.status_code, list(odd.json()["errors"])) == (400, ["duet_of"])


def test_a_mature_original_makes_a_mature_duet(alice: User) -> None:
    assert duet(alice, ready_video(alice, mature=False)).mature is False
    accounts.correct_birth_date(
        actor=User.objects.create_superuser("root", "root@example.com"),
        user_id=alice.pk,
        birth_date=timezone.localdate().replace(day=1, year=1990),
    )
    alice.refresh_from_db()
    assert duet(alice, ready_video(alice, mature=True)).mature is True


def test_its_file_goes_along_only_where_the_originals_does(
    alice: User, bob: User, carol: User, api: ApiOf
) -> None:
    original = stored_video(alice)
    video = stored_video(bob, is_duet=True, duet_of=original)
    path = f"{API}/videos/{video.pk}/download"
    assert [api(user).get(path).status_code for user in (bob, carol)] == [200, 200]
    services.edit_video(actor=alice, video_id=original.pk, allow_download=False)
    assert [api(user).get(path).status_code for user in (bob, carol)] == [403, 403]
    services.edit_video(actor=alice, video_id=original.pk, allow_download=True)
    services.delete_video(actor=alice, video_id=original.pk)
    assert [api(user).get(path).status_code for user in (bob, carol)] == [403, 404]


def test_an_original_whose_row_is_gone_leaves_its_duets_closed(
    alice: User, bob: User, api: ApiOf, anon: APIClient
) -> None:
    original = ready_video(alice)
    video = made_duet(bob, original)
    assert anon.get(f"{API}/videos/{video.pk}").status_code == 200
    alice.delete()
    assert anon.get(f"{API}/videos/{video.pk}").status_code == 404
    kept = api(bob).get(f"{API}/videos/{video.pk}")
    assert (kept.status_code, kept.json()["duet_of"]) == (200, None)


def test_cards_of_duets_cost_the_same_for_two_and_twenty(
    alice: User, bob: User, carol: User, browser: BrowserOf
) -> None:
    with same_queries() as record:
        for size in (2, 18):
            for _ in range(size):
                made_duet(bob, ready_video(alice))
            ids = list(Video.objects.filter(author=bob).values_list("pk", flat=True))
            record(partial(cards_for, ids, viewer=carol))
    page = browser(bob)
    page.get("/studio")
    with same_queries() as record:
        for _ in range(2):
            record(lambda: page.get("/studio"))
            stored_video(bob, is_duet=True, duet_of=stored_video(alice))


def test_pages_offer_it_and_say_whose_it_is(
    alice: User, bob: User, browser: BrowserOf, client: APIClient
) -> None:
    original = ready_video(alice, width=720, height=1280)
    video = made_duet(bob, original, width=1440, height=1280)
    offer = f"/upload?duet_of={original.pk}"
    page = browser(bob)
    assert offer in page.get(f"/@alice/video/{original.pk}").content.decode()
    text = page.get(f"/@bob/video/{video.pk}").content.decode()
    assert "Duet with @alice" in text
    assert f'href="/@alice/video/{original.pk}"' in text
    assert f"duet_of={video.pk}" not in text
    form = page.get(offer).content.decode()
    assert f'name="duet_of" value="{original.pk}"' in form
    assert "@<span data-relation-author>alice</span>" in form
    services.edit_video(actor=alice, video_id=original.pk, allow_duet=False)
    assert offer not in page.get(f"/@alice/video/{original.pk}").content.decode()
    refused = page.get(offer)
    assert (refused.status_code, "No duet can be made" in refused.content.decode()) == (200, True)
    for wrong in ("x", video.author_id):
        gone = page.get(f"/upload?duet_of={wrong}")
        assert "no longer there" in gone.content.decode()
    services.delete_video(actor=alice, video_id=original.pk)
    commit()
    assert "Duet with" not in page.get(f"/@bob/video/{video.pk}").content.decode()
    assert client.get(f"/@bob/video/{video.pk}").status_code == 404


def test_the_form_without_scripts_makes_one(
    original: Video, bob: User, browser: BrowserOf, tmp_path: Path
) -> None:
    body = ContentFile(filmed(bob, tmp_path, "red"), "mine.mp4")
    form = {"file": body, "caption": "Plain", "duet_of": str(original.pk), "reply_to": ""}
    answer = browser(bob).post("/upload", form)
    assert (answer.status_code, answer["Location"]) == (302, "/studio")
    video = Video.objects.get(caption="Plain")
    assert (video.is_duet, video.duet_of) == (True, original)
    assert files.bytes_used(bob.pk) > 0
