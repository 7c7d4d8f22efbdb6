"""Collections are their owner's alone; likers and share links follow the one rule."""

import pytest

from core.ids import uuid7
from social.engagement.models import Collection, CollectionItem, ShareOpening
from tiktok.tests.visibility import oracle, verbs
from tiktok.tests.visibility.cast import SHELF
from tiktok.tests.visibility.oracle import Viewer
from tiktok.tests.visibility.sameness import fingerprint
from tiktok.tests.visibility.staging import Stage, share_code, shelf_id
from tiktok.tests.visibility.surfaces import API
from tiktok.tests.visibility.test_verbs import rows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("viewer", ["stranger", "friend", "blocked", "moderator"])
def test_others_collections_are_not_there_at_all(world: Stage, viewer: str) -> None:
    client, before = world.client(viewer), rows()
    for verb in verbs.SHELF:
        unknown = str(uuid7())
        expected = fingerprint(verb.do(client, unknown), asked=unknown)
        assert expected[0] == 404, verb.name
        for owner in ("pub", "adult", "blocker"):
            target = str(shelf_id(owner, SHELF))
            assert fingerprint(verb.do(client, target), asked=target) == expected, verb.name
    assert rows() == before


@pytest.mark.parametrize("viewer", ["follower", "blocked"])
def test_nothing_hidden_is_put_away(world: Stage, viewer: str) -> None:
    client, truth = world.client(viewer), world.world
    CollectionItem.objects.filter(collection__owner=world.users[viewer]).delete()
    shelf = Collection.objects.get(owner=world.users[viewer])
    unknown, prefix = str(uuid7()), f"{API}/collections/{shelf.pk}/videos"
    missing = fingerprint(client.post(f"{prefix}/{unknown}"), asked=unknown)
    answers = {}
    for name, video in world.videos.items():
        answer = client.post(f"{prefix}/{video.pk}")
        answers[name] = answer.status_code
        if answer.status_code != 200:
            assert fingerprint(answer, asked=str(video.pk)) == missing, name
    may = {name for name, clip in truth.clips.items() if oracle.may_view(truth, viewer, clip)}
    assert {name for name, status in answers.items() if status == 200} == may
    assert shelf.items.count() == len(may)
    listed = client.get(f"{API}/collections/{shelf.pk}").json()
    assert listed["videos"] == len(may)


@pytest.mark.parametrize("viewer", [None, "stranger", "friend", "blocker", "moderator"])
def test_lists_of_likers_show_whom_the_viewer_may_see(world: Stage, viewer: Viewer) -> None:
    truth = world.world
    for name in ("pub-everyone", "pub-friends", "priv-followers"):
        answer = world.client(viewer).get(f"{API}/videos/{world.videos[name].pk}/likes?limit=100")
        if not oracle.may_view(truth, viewer, truth.clips[name]):
            assert answer.status_code == 404
            continue
        shown = {person["username"] for person in answer.json()["results"]}
        assert shown == oracle.likers(truth, viewer, name)


def test_coming_by_a_link_is_noted_once_and_only_where_it_leads_somewhere(world: Stage) -> None:
    for viewer in (None, "stranger", "friend", "blocked", "pub"):
        for _ in range(2):
            for name in ("pub-everyone", "pub-friends", "pub-removed"):
                world.client(viewer).get(f"/s/{share_code(world.videos[name].pk)}")
    noted = ShareOpening.objects.values_list("link__video_id", "viewer__username")
    everyone, friends = world.videos["pub-everyone"].pk, world.videos["pub-friends"].pk
    assert set(noted) == {
        (everyone, None),
        (everyone, "stranger"),
        (everyone, "friend"),
        (friends, "friend"),
    }
    assert len(noted) == 4
