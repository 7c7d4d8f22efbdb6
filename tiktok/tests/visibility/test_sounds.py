"""A sound is its clip's: whoever uses it, it is heard where its clip is open, and nowhere else."""

from typing import Any
from uuid import UUID

import pytest

from core.ids import uuid7
from tiktok.tests.visibility import oracle
from tiktok.tests.visibility.cast import ROWS
from tiktok.tests.visibility.oracle import Viewer
from tiktok.tests.visibility.sameness import fingerprint
from tiktok.tests.visibility.staging import Stage
from tiktok.tests.visibility.surfaces import API, read_all, shown_ids
from videos.models import Sound, Video

pytestmark = pytest.mark.django_db
PATHS = (f"{API}/sounds/{{}}", f"{API}/sounds/{{}}/videos", "/sound/{}")


def set_to_sound_of(world: Stage, clip: str) -> Sound:
    """Set every clip of the world to the sound of one."""
    sound = Sound.objects.create(
        video=world.videos[clip], key=f"videos/{clip}/sound.m4a", duration_ms=4000
    )
    Video.objects.update(sound=sound)
    return sound


def hears(world: Stage, viewer: Viewer, clip: str) -> bool:
    """Return what the design says: where the clip is open to all, and always one's own."""
    row = world.world.clips[clip]
    is_open = row.audience == "everyone" and not world.world.people[row.author].private
    own = row.author == viewer
    return oracle.may_view(world.world, viewer, row) and (own or (is_open and row.is_out))


@pytest.mark.parametrize(
    "clip",
    ["pub-everyone", "pub-friends", "priv-everyone", "pub-draft", "pub-removed", "pub-mature"],
)
def test_a_sound_is_heard_where_its_clip_is_open(world: Stage, clip: str) -> None:
    sound = set_to_sound_of(world, clip)
    wrong = []
    for viewer in ROWS:
        client = world.client(viewer)
        unknown = str(uuid7())
        for path in PATHS:
            answer = client.get(path.format(sound.pk))
            if hears(world, viewer, clip):
                if answer.status_code != 200:
                    wrong.append((viewer, path, answer.status_code))
                continue
            missing = fingerprint(client.get(path.format(unknown)), asked=unknown)
            if fingerprint(answer, asked=str(sound.pk)) != missing:
                wrong.append((viewer, path, answer.status_code))
    assert not wrong


@pytest.mark.parametrize("clip", ["pub-everyone", "pub-friends", "priv-everyone"])
@pytest.mark.parametrize("viewer", ["stranger", "friend", "blocked", "muted", "pub"])
def test_only_what_is_heard_can_be_muted_and_is_named(
    world: Stage, viewer: Viewer, clip: str
) -> None:
    sound = set_to_sound_of(world, clip)
    client = world.client(viewer)
    heard = hears(world, viewer, clip)

    def mute(value: str) -> Any:
        body = {"kind": "sound", "value": value}
        return client.post(f"{API}/feed/mutes", body, content_type="application/json")

    def feed() -> set[str]:
        shown = client.get(f"{API}/videos/feed?mode=for-you&limit=100").json()["results"]
        return {video["id"] for video in shown}

    before = feed()
    answer, unknown = mute(str(sound.pk)), str(uuid7())
    assert (answer.status_code == 201) == heard
    if not heard:
        missing = fingerprint(mute(unknown), asked=unknown)
        assert fingerprint(answer, asked=str(sound.pk)) == missing
    named = client.get(f"{API}/feed/mutes").json()["results"]
    assert [one["name"] for one in named] == ([answer.json()["name"]] if heard else [])
    assert feed() == (set() if heard else before)


@pytest.mark.parametrize("clip", ["pub-everyone", "pub-friends"])
@pytest.mark.parametrize("viewer", [None, "stranger", "friend", "blocked", "pub"])
def test_cards_name_it_only_to_whoever_may_hear_it(world: Stage, viewer: Viewer, clip: str) -> None:
    sound = set_to_sound_of(world, clip)
    client = world.client(viewer)
    for name in ("pub-everyone", "priv-everyone", "pub-text-friends"):
        answer = client.get(f"{API}/videos/{world.videos[name].pk}")
        if answer.status_code == 200:
            named = answer.json()["sound"] is not None
            assert named == hears(world, viewer, clip), name
            assert (str(sound.pk) in answer.content.decode()) == named
    feed = client.get(f"{API}/videos/feed?mode=for-you&limit=100").content.decode()
    if not hears(world, viewer, clip):
        assert str(sound.pk) not in feed


@pytest.mark.parametrize("viewer", [None, "stranger", "friend", "minor", "pub"])
def test_its_page_lists_open_clips_alone(world: Stage, viewer: Viewer) -> None:
    sound = set_to_sound_of(world, "pub-everyone")
    expected = {
        world.videos[name].pk
        for name, clip in world.world.clips.items()
        if oracle.appears(world.world, viewer, name, "tag")
    }
    answer = world.client(viewer).get(f"{API}/sounds/{sound.pk}/videos?limit=100").json()
    # A duet's card names its original, which need not be in the list.
    assert {UUID(video["id"]) for video in answer["results"]} == expected


@pytest.mark.parametrize("path", [f"{API}/search?type=sounds&limit=100", "/search?type=sounds"])
def test_search_finds_those_of_clips_open_to_all(world: Stage, path: str) -> None:
    sounds = Sound.objects.bulk_create(
        Sound(video=video, key=f"videos/{name}/sound.m4a", duration_ms=4000)
        for name, video in world.videos.items()
    )
    names = {sound.pk: name for sound, name in zip(sounds, world.videos, strict=True)}
    wrong = []
    for viewer in ROWS:
        expected = {
            name for name in world.videos if oracle.appears(world.world, viewer, name, "search")
        }
        for text in ("this clip", "original sound"):
            answers = list(read_all(world.client(viewer), f"{path}&q={text.replace(' ', '+')}"))
            shown = {names[one] for one in shown_ids([body for _, body in answers]) & set(names)}
            if shown != expected:
                wrong.append((viewer, text, shown ^ expected))
    assert not wrong


@pytest.mark.parametrize("viewer", [None, "stranger", "blocked", "minor"])
def test_suggestions_name_no_other(world: Stage, viewer: Viewer) -> None:
    for name, video in world.videos.items():
        Sound.objects.create(video=video, key=f"videos/{name}/sound.m4a", duration_ms=4000)
    hidden = {
        str(video.own_sound.pk): name
        for name, video in world.videos.items()
        if not oracle.appears(world.world, viewer, name, "search")
    }
    for name in world.videos:
        found = world.client(viewer).get(f"{API}/search/suggest", {"q": f"clip {name}"})
        named = {one["id"] for one in found.json()["results"] if one["kind"] == "sound"}
        assert not [hidden[one] for one in named if one in hidden]
        assert named or name in hidden.values()
