from functools import partial

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from conftest import ApiOf, BrowserOf
from core.errors import Forbidden, NotFound, Unauthenticated
from core.ids import uuid7
from social.engagement import services
from social.engagement.models import ShareLink, ShareOpening, VideoStats
from social.engagement.tests.factories import make_video
from social.graph import services as graph
from social.graph.tests.factories import make_people, suspend, together
from videos.models import Video

pytestmark = pytest.mark.django_db


def shares(video: Video) -> int:
    return VideoStats.objects.get(video=video).shares


def test_a_link_is_made_and_counted_once(api: ApiOf, video: Video, bob: User, carol: User) -> None:
    path = f"/api/v1/videos/{video.pk}/share"
    first, again = (api(bob).post(path).json() for _ in range(2))
    assert first == again
    assert first["url"] == f"http://localhost:8000/s/{first['code']}"
    assert (first["shares"], first["opens"]) == (1, 0)
    other = api(carol).post(path).json()
    assert other["code"] != first["code"]
    assert other["shares"] == shares(video) == 2


def test_who_may_not_share(video: Video, alice: User, bob: User) -> None:
    hidden = make_video(author=alice, audience="only_me")
    for video_id in (hidden.pk, uuid7(), "x"):
        with pytest.raises(NotFound):
            services.share_video(actor=bob, video_id=video_id)
    with pytest.raises(Unauthenticated):
        services.share_video(actor=None, video_id=video.pk)
    graph.block(actor=alice, username="bob")
    with pytest.raises(NotFound):
        services.share_video(actor=bob, video_id=video.pk)
    suspend(bob)
    with pytest.raises(Forbidden):
        services.share_video(actor=bob, video_id=video.pk)
    assert not ShareLink.objects.exists()


def test_the_short_address_leads_to_the_video(
    client: Client, browser: BrowserOf, video: Video, bob: User, carol: User
) -> None:
    code = services.share_video(actor=bob, video_id=video.pk)["code"]
    watch = f"/@alice/video/{video.pk}"
    for _ in range(3):
        for visitor in (client, browser(bob), browser(carol)):
            answer = visitor.get(f"/s/{code}")
            assert (answer.status_code, answer["Location"]) == (302, watch)
    assert Client().head(f"/s/{code}").status_code == 302
    assert services.share_video(actor=bob, video_id=video.pk)["opens"] == 2
    assert client.get("/s/nothing").status_code == 404
    assert client.post(f"/s/{code}").status_code == 405
    Video.objects.update(audience="only_me")
    assert client.get(f"/s/{code}").status_code == 404


def test_a_flood_of_openings_is_let_through_and_not_counted(
    settings: Settings, video: Video, bob: User
) -> None:
    settings.RATE_LIMIT_SCALE = 0.1
    code = services.share_video(actor=bob, video_id=video.pk)["code"]
    for number in range(9):
        found = services.open_share(
            viewer=None, visitor=f"v{number}", address="192.0.2.1", code=code
        )
        assert found == video
    assert ShareOpening.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_are_one_link_and_one_opening(video: Video, bob: User, carol: User) -> None:
    results = together([partial(services.share_video, actor=bob, video_id=video.pk)] * 20)
    assert len({str(one) for one in results}) == 1
    (code,) = ShareLink.objects.values_list("code", flat=True)
    assert shares(video) == 1
    come = partial(services.open_share, viewer=carol, visitor="", address="a", code=code)
    assert together([come] * 20) == [video] * 20
    assert ShareOpening.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_reposts_at_once_count_as_rows(video: Video) -> None:
    people = make_people(10)
    calls = [partial(services.repost_video, actor=one, video_id=video.pk) for one in people * 2]
    calls += [partial(services.unrepost_video, actor=one, video_id=video.pk) for one in people[:5]]
    assert not [one for one in together(calls) if isinstance(one, Exception)]
    assert VideoStats.objects.get().reposts == video.reposts.count()
