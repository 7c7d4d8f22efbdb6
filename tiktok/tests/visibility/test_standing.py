"""Z04, Z12, Z14 and the moderators' rows: who may ask at all, and with whose cursor."""

from urllib.parse import parse_qs, urlsplit

import pytest

from core.ids import uuid7
from tiktok.tests.visibility import oracle, surfaces, verbs
from tiktok.tests.visibility.sameness import fingerprint
from tiktok.tests.visibility.staging import Stage
from tiktok.tests.visibility.surfaces import API
from tiktok.tests.visibility.test_verbs import rows

pytestmark = pytest.mark.django_db
LISTS = tuple(one for one in surfaces.LISTS if one.path("pub").startswith(API))


@pytest.mark.parametrize("account, expected", [("sus", {403}), ("gone", {401, 302})])
def test_an_account_that_is_shut_does_nothing(
    world: Stage, account: str, expected: set[int]
) -> None:
    client, before = world.client(account), rows()
    for verb in verbs.ALL:
        for target in _targets(world, verb, account):
            answer = verb.do(client, target)
            assert answer.status_code in expected, (verb.name, target, answer.status_code)
    assert rows() == before


@pytest.mark.parametrize("account", ["sus", "gone"])
def test_an_account_that_is_shut_reads_nothing_of_its_own(world: Stage, account: str) -> None:
    client = world.client(account)
    for name, clip in world.world.clips.items():
        if clip.author != account:
            continue
        for surface in (*surfaces.CLIP, *surfaces.OWN_CLIP):
            answer = client.get(surface.path(account, world.videos[name].pk))
            # A deactivated account's session is over: what it gets, any stranger gets.
            wanted = {403} if account == "sus" else {401, 302, 404}
            assert answer.status_code in wanted, (surface.name, name)
    for one in LISTS:
        status = client.get(one.path(account)).status_code
        assert status == 403 if account == "sus" else status in (200, 401, 404), one.name


@pytest.mark.parametrize("surface", LISTS, ids=lambda one: one.name)
def test_a_cursor_is_its_viewers_alone(world: Stage, surface: surfaces.ListSurface) -> None:
    owner = "friend" if surface.own else "pub"
    # The smallest page, so that there is a next one.
    path = surface.path(owner).replace("limit=100", "limit=1").replace("limit=7", "limit=1")
    path = path.replace("limit=5", "limit=1")
    path = path if "limit=" in path else f"{path}?limit=1"
    following = world.client("friend").get(path).json()["next"]
    assert following, surface.name
    parts = urlsplit(following)
    url = f"{parts.path}?{parts.query}"
    assert world.client("friend").get(url).status_code == 200
    for other in ("stranger", "blocked", None):
        answer = world.client(other).get(url)
        assert answer.status_code in (400, 401, 403, 404), (surface.name, other)
    cursor = parse_qs(parts.query)["cursor"][0]
    for broken in (cursor[:-2], f"{cursor}x", cursor.swapcase(), "0", "%00", "x" * 5000):
        answer = world.client("friend").get(parts.path, {"cursor": broken})
        assert answer.status_code == 400, (surface.name, broken)


def test_a_cursor_is_of_its_list_alone(world: Stage) -> None:
    client = world.client("friend")
    grid = client.get(f"{API}/users/pub/videos?limit=1").json()["next"]
    feed = client.get(f"{API}/videos/feed?mode=all&limit=1").json()["next"]
    for cursor, path in ((grid, "users/priv/videos"), (grid, "videos/feed"), (feed, "users")):
        value = parse_qs(urlsplit(cursor).query)["cursor"][0]
        answer = client.get(f"{API}/{path}", {"cursor": value, "search": "Known"})
        assert answer.status_code == 400, path
    value = parse_qs(urlsplit(feed).query)["cursor"][0]
    wrong_mode = client.get(f"{API}/videos/feed", {"cursor": value, "mode": "friends"})
    assert wrong_mode.status_code == 400


def test_ids_cannot_be_counted_through(world: Stage) -> None:
    client = world.client("stranger")
    for surface in surfaces.CLIP:
        unknown = str(uuid7())
        if not surface.path("pub", unknown).startswith(API):
            continue
        expected = fingerprint(client.get(surface.path("pub", unknown)))
        for number in (*range(5), -1, 10**30):
            assert fingerprint(client.get(surface.path("pub", number))) == expected


def test_moderators_see_everything_in_the_admin_and_nobody_else(world: Stage) -> None:
    for name, video in world.videos.items():
        path = f"/admin/videos/video/{video.pk}/change/"
        for viewer in (None, "stranger", "pub"):
            answer = world.client(viewer).get(path)
            assert answer.status_code == 302, (name, viewer)
            assert answer["Location"].startswith("/admin/login/")
        if not world.world.clips[name].deleted:
            assert world.client("moderator").get(path).status_code == 200, name
    # In public they are people like others.
    assert not oracle.may_view(world.world, "moderator", world.world.clips["pub-friends"])


def _targets(world: Stage, verb: verbs.Verb, account: str) -> list[str]:
    if verb in verbs.COMMENT:
        return [str(world.comments["speaker on pub-everyone"].pk)]
    if verb in (*verbs.PERSON, *verbs.BLOCK):
        return ["pub", account]
    if verb in verbs.REQUEST:
        return [str(uuid7())]
    return [str(world.videos[name].pk) for name in ("pub-everyone", f"{account}-everyone")]
