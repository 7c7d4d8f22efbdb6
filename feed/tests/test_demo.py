"""The demo: drawn the same every time, published through the doors, safe to stop and run again."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from accounts.models import User
from core.testing import run_jobs
from feed.demo import cast, studio
from feed.demo.albums import ALBUMS, Album
from feed.demo.clips import CLIPS, Clip
from feed.demo.people import PEOPLE
from feed.demo.seeding import Seeding
from feed.demo.subtitles import SUBTITLES, written
from feed.demo.talk import reception
from feed.demo.thoughts import THOUGHTS
from social.engagement.models import Comment, Like, Save, VideoStats
from social.graph.models import Follow
from videos import kinds, webvtt
from videos.media.ffmpeg import ffmpeg_path
from videos.models import CaptionTrack, Photo, Video

NAMES = {person.username for person in PEOPLE}
PASSWORD = "a password of the demo"
SCENES = {getattr(clip.draw, "func", clip.draw): clip for clip in CLIPS}


@pytest.fixture(autouse=True)
def impolite(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw like anybody else: beside a busy suite a polite ffmpeg would wait for minutes."""
    monkeypatch.setattr(studio, "NICENESS", 0)


def small(clip: Clip, seconds: float = 1) -> Clip:
    return replace(clip, size=(clip.size[0] // 4, clip.size[1] // 4), seconds=seconds)


def test_forty_clips_by_a_dozen_people_who_mention_each_other() -> None:
    assert len(CLIPS) == len({clip.slug for clip in CLIPS}) == 40
    assert len(PEOPLE) == len(NAMES) == 12
    assert {clip.author for clip in CLIPS} == NAMES
    mentioned = {name for clip in CLIPS for name in re.findall(r"@([\w.]+)", clip.caption)}
    assert mentioned <= NAMES
    assert all("#" in clip.caption for clip in CLIPS)
    assert all(set(person.follows) < NAMES for person in PEOPLE)


def test_thoughts_fit_and_name_people_of_the_demo() -> None:
    assert len(THOUGHTS) == len({thought.slug for thought in THOUGHTS})
    assert not {thought.slug for thought in THOUGHTS} & {clip.slug for clip in CLIPS}
    assert {thought.author for thought in THOUGHTS} <= NAMES
    for thought in THOUGHTS:
        assert kinds.clean_text(thought.text) == thought.text
        assert kinds.checked_background(thought.background) == thought.background
        assert set(re.findall(r"@([\w.]+)", thought.text)) <= NAMES


def test_albums_and_captions_fit_the_clips_they_belong_to(tmp_path: Path) -> None:
    by_slug = {clip.slug: clip for clip in CLIPS}
    taken = set(by_slug) | {thought.slug for thought in THOUGHTS}
    assert len(ALBUMS) == len({album.slug for album in ALBUMS} - taken)
    for album in ALBUMS:
        assert {album.author} | set(re.findall(r"@([\w.]+)", album.caption)) <= NAMES
        assert album.sound in by_slug
    picture = replace(ALBUMS[-1].pictures[-1], size=(180, 320))
    out = studio.still(picture, tmp_path / "still.jpg", ffmpeg=ffmpeg_path())
    assert Image.open(out).size == (180, 320)
    for slug, languages in SUBTITLES.items():
        for lines in languages.values():
            cues = webvtt.parse(written(lines, seconds=by_slug[slug].seconds))
            assert [cue.text for cue in cues] == list(lines)
            assert cues[-1].end <= by_slug[slug].seconds * 1000


def test_neighbours_in_the_order_of_publishing_differ() -> None:
    scenes = [getattr(clip.draw, "func", clip.draw) for clip in CLIPS]
    assert all(first is not second for first, second in pairwise(scenes))


@pytest.mark.parametrize("clip", SCENES.values(), ids=lambda clip: clip.slug)
def test_every_scene_can_be_drawn(clip: Clip, tmp_path: Path) -> None:
    out = studio.render(small(clip), tmp_path / "clip.mp4", ffmpeg=ffmpeg_path())
    assert out.stat().st_size > 4000


def test_the_same_clip_has_the_same_bytes(tmp_path: Path) -> None:
    first, again = (
        studio.render(small(CLIPS[0]), tmp_path / name, ffmpeg=ffmpeg_path()).read_bytes()
        for name in ("first.mp4", "again.mp4")
    )
    assert first == again


def test_nobody_likes_or_heads_a_thread_under_their_own_clip() -> None:
    for clip in CLIPS:
        planned = reception(clip)
        assert clip.author not in planned.likes
        assert clip.author not in {line.author for line in planned.threads}


def state() -> dict[str, object]:
    """Everything that a second run must leave as it is."""
    tables = (User, Video, Photo, CaptionTrack, Follow, Like, Save, Comment)
    counts: dict[str, object] = {table.__name__: table._default_manager.count() for table in tables}
    counts["stats"] = sorted(VideoStats.objects.values_list("likes", "comments", "saves"))
    return counts


def seed(step: Callable[[str], None]) -> None:
    Seeding(
        password=PASSWORD,
        step=step,
        clips=[small(CLIPS[0]), small(CLIPS[1])],
        thoughts=THOUGHTS[:2],
        albums=[Album("two", "linh.tran", "lotus-wheel", ("ice", "mango"), CLIPS[0].slug, "Two.")],
    ).run()


@pytest.mark.django_db(transaction=True)
def test_stopped_anywhere_and_run_again_it_ends_the_same() -> None:
    def work(label: str) -> None:
        run_jobs()

    def work_then_stop(label: str) -> None:
        run_jobs()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seed(work_then_stop)
    assert Video.objects.count() == 1
    seed(work)
    done = state()
    assert done["Video"] == 5
    album = Video.objects.get(kind="photos")
    assert (album.photos.count(), album.sound) == (2, Video.objects.earliest("created_at").sound)
    assert set(CaptionTrack.objects.values_list("lang", flat=True)) == {"en", "vi"}
    assert Video.objects.filter(kind="text").count() == 2
    assert done["User"] == len(PEOPLE)
    assert Video.objects.filter(processing_state="ready", published_at__isnull=False).count() == 5
    planned = [reception(clip) for clip in CLIPS[:2]]
    assert done["Like"] == sum(len(each.likes) for each in planned)
    assert done["Comment"] == sum(
        len(each.threads) + sum(len(line.replies) for line in each.threads) for each in planned
    )
    assert User.objects.exclude(avatar_key="").count() == len(PEOPLE)
    seed(work)
    assert state() == done


def test_it_stays_out_of_a_database_with_people(alice: User) -> None:
    with pytest.raises(CommandError, match="People live here"):
        call_command("seed_demo")
    assert User.objects.count() == 1


def test_it_goes_on_where_the_demo_is_already(alice: User) -> None:
    cast.find_or_sign_up(PEOPLE[0], password=PASSWORD)
    assert not cast.is_foreign()
