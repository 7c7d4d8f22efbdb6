"""Duets and answered comments: what one post says of another, to everybody of the matrix."""

from collections.abc import Iterator

import pytest

from core.ids import uuid7
from tiktok.tests.visibility import oracle
from tiktok.tests.visibility.cast import ROWS
from tiktok.tests.visibility.oracle import Clip, Viewer
from tiktok.tests.visibility.sameness import fingerprint
from tiktok.tests.visibility.staging import Stage
from tiktok.tests.visibility.surfaces import API

pytestmark = pytest.mark.django_db


def test_cards_name_originals_and_comments_to_whoever_may_see_them(world: Stage) -> None:
    wrong = []
    for viewer in ROWS:
        for name, clip in world.world.clips.items():
            if clip.duet_of is None and name not in world.world.answers:
                continue
            answer = world.client(viewer).get(f"{API}/videos/{world.videos[name].pk}")
            if answer.status_code != 200:
                continue
            card = answer.json()
            if card["duet_of"] != _original(world, viewer, clip):
                wrong.append((viewer, name, card["duet_of"]))
            comment = oracle.named_comment(world.world, viewer, name)
            expected = str(world.comments[comment].pk) if comment else None
            if (card["reply_to"] or {}).get("comment_id") != expected:
                wrong.append((viewer, name, card["reply_to"]))
    assert not wrong


def _original(world: Stage, viewer: Viewer, clip: Clip) -> object:
    named = oracle.named_original(world.world, viewer, clip)
    if named is None:
        return None
    author = world.author_of(named)
    brief = {"id": str(author.pk), "username": author.username, "name": author.name}
    return {
        "id": str(world.videos[named].pk),
        "author": brief | {"avatar": None, "is_verified": False},
    }


def test_comments_lead_to_clips_that_their_reader_sees(world: Stage) -> None:
    clip = "priv-reply"
    path = f"{API}/videos/{world.videos['pub-everyone'].pk}/comments?limit=100"
    for viewer in ROWS:
        rows = world.client(viewer).get(path).json().get("results", [])
        comment = str(world.comments["speaker on pub-everyone"].pk)
        found = [row["video_reply"] for row in rows if row["id"] == comment]
        sees = oracle.may_view(world.world, viewer, world.world.clips[clip])
        if found:
            assert (found[0] is not None) == sees, viewer


@pytest.mark.parametrize("viewer", ["stranger", "follower", "blocked", "pub", "moderator"])
def test_the_upload_page_tells_nothing_of_what_is_hidden(world: Stage, viewer: str) -> None:
    client, unknown = world.client(viewer), str(uuid7())
    wrong = []
    for query, asked, hidden in _asked(world, viewer):
        answer = client.get(f"/upload?{query}={asked}")
        assert answer.status_code == 200
        missing = client.get(f"/upload?{query}={unknown}")
        if hidden and fingerprint(answer, asked=asked) != fingerprint(missing, asked=unknown):
            wrong.append((query, asked))
    assert not wrong


def _asked(world: Stage, viewer: str) -> Iterator[tuple[str, str, bool]]:
    for name, clip in world.world.clips.items():
        hidden = not oracle.may_view(world.world, viewer, clip)
        yield "duet_of", str(world.videos[name].pk), hidden
    for name in list(world.world.comments)[::7]:
        hidden = not oracle.sees_comment(world.world, viewer, name)
        yield "reply_to", str(world.comments[name].pk), hidden
