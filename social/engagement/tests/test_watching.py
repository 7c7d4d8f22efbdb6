import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf
from core.errors import Forbidden, RateLimited
from core.ids import uuid7
from social.engagement import services, visitors
from social.engagement.models import VideoStats, ViewEvent
from social.engagement.services import Watched
from social.engagement.services.watching import is_view
from social.engagement.tests.factories import make_video
from social.graph.tests.factories import suspend, together
from videos.models import Video

URL = "/api/v1/events/views"


def watched(video: Video, watched_ms: int = 3000, **fields: Any) -> Watched:
    return Watched(
        client_event_id=str(uuid4()),
        video_id=video.pk,
        watched_ms=watched_ms,
        **fields,
    )


def tell(actor: User | None, *events: Watched, visitor: str = "v") -> None:
    services.record_views(actor=actor, visitor=visitor, address="1.2.3.4", events=events)


def views(video: Video) -> int:
    row = VideoStats.objects.filter(video=video).first()
    return row.views if row else 0


def body(video: Video, **fields: Any) -> dict[str, Any]:
    event = {"client_event_id": str(uuid4()), "video_id": str(video.pk), "watched_ms": 2500}
    return event | fields


@pytest.mark.parametrize(
    "watched_ms, duration_ms, counts",
    [
        (2000, 60_000, True),
        (1999, 60_000, False),
        (1500, 3000, True),
        (1499, 3000, False),
        (0, 0, False),
        (2000, 0, True),
    ],
)
def test_what_a_view_is(watched_ms: int, duration_ms: int, counts: bool) -> None:
    assert is_view(watched_ms=watched_ms, duration_ms=duration_ms) is counts


def test_a_view_counts_once(video: Video, bob: User) -> None:
    event = watched(video)
    for _ in range(3):
        tell(bob, event)
    assert services.roll_up_views() == 1
    assert services.roll_up_views() == 0
    assert views(video) == 1
    tell(bob, event, watched(video))
    services.roll_up_views()
    assert views(video) == 2


def test_the_same_id_of_another_viewer_is_another_event(
    video: Video, bob: User, carol: User
) -> None:
    event = watched(video)
    tell(bob, event)
    tell(carol, event)
    tell(None, event, visitor="one")
    tell(None, event, visitor="two")
    assert services.roll_up_views() == 4


def test_own_and_short_ones_are_kept_and_do_not_count(video: Video, alice: User, bob: User) -> None:
    tell(alice, watched(video))
    tell(bob, watched(video, 300))
    assert ViewEvent.objects.count() == 2
    assert services.roll_up_views() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"audience": "only_me"},
        {"moderation_state": "held"},
        {"deleted_at": timezone.now()},
        {"mature": True},
        {"draft": True},
    ],
)
def test_what_is_hidden_leaves_no_trace(fields: dict[str, Any], alice: User, carol: User) -> None:
    hidden = make_video(author=alice, **fields)
    for who in (carol, None):
        tell(who, watched(hidden), Watched("x", uuid7(), 5000))
    assert not ViewEvent.objects.exists()


def test_clamped_to_what_the_clip_allows(alice: User, bob: User) -> None:
    clip = make_video(author=alice, duration_ms=3000)
    tomorrow = timezone.now() + dt.timedelta(days=1)
    tell(bob, watched(clip, 10**9, duration_ms=10**9, replays=2, at=tomorrow))
    event = ViewEvent.objects.get()
    assert (event.watched_ms, event.duration_ms) == (9000, 3000)
    assert event.at <= timezone.now()
    tell(bob, watched(clip, 1, at=tomorrow - dt.timedelta(days=99)))
    assert ViewEvent.objects.latest("pk").at > timezone.now() - dt.timedelta(days=2)


def test_visitors_count_a_video_once_per_batch(video: Video) -> None:
    tell(None, *(watched(video) for _ in range(5)))
    assert services.roll_up_views() == 1


def test_suspended_people_and_budgets(video: Video, bob: User, settings: Settings) -> None:
    settings.RATE_LIMIT_SCALE = 1
    settings.RATE_BUDGETS = settings.RATE_BUDGETS | {
        "view_events": (1, 60),
        "view_events_visitor": (1, 60),
        "view_events_address": (2, 60),
    }
    tell(bob, watched(video))
    with pytest.raises(RateLimited):
        tell(bob, watched(video))
    tell(None, watched(video), visitor="one")
    with pytest.raises(RateLimited):
        tell(None, watched(video), visitor="one")
    with pytest.raises(RateLimited):
        tell(None, watched(video), visitor="two")
    with pytest.raises(Forbidden):
        tell(suspend(bob), watched(video))


def test_rolled_up_in_batches(video: Video, alice: User, bob: User) -> None:
    other = make_video(author=alice)
    tell(bob, *(watched(one) for one in (video, other, video, video, other)))
    assert services.roll_up_views(batch=2) == 5
    assert (views(video), views(other)) == (3, 2)


def test_old_events_go_but_not_those_that_wait(video: Video, bob: User) -> None:
    tell(bob, watched(video), watched(video, 5))
    ViewEvent.objects.update(created_at=timezone.now() - dt.timedelta(days=31))
    tell(bob, watched(video))
    assert services.forget_old_views() == 1
    services.roll_up_views()
    assert services.forget_old_views(batch=1) == 1
    assert ViewEvent.objects.count() == 1
    assert views(video) == 2


def test_batches_cost_the_same(alice: User, bob: User) -> None:
    def cost(number: int) -> int:
        events = [watched(make_video(author=alice)) for _ in range(number)]
        with CaptureQueriesContext(connection) as told:
            tell(bob, *events)
        with CaptureQueriesContext(connection) as counted:
            services.roll_up_views()
        return len(told) + len(counted)

    assert cost(2) == cost(20)


def test_api(api: ApiOf, video: Video, bob: User) -> None:
    client = api(bob)
    one = body(video, duration_ms=9000, completed=True, replays=1, source="for-you")
    for _ in range(2):
        answer = client.post(URL, {"events": [one, body(video)]})
        assert (answer.status_code, answer.json()) == (202, {"received": 2})
    nameless = {"video_id": str(video.pk), "watched_ms": 4000, "at": "2026-11-21T00:00:00Z"}
    for _ in range(2):
        assert client.post(URL, {"events": [nameless]}).status_code == 202
    services.roll_up_views()
    assert views(video) == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        [],
        {"events": []},
        {"events": "x"},
        {"events": [{}]},
        {"events": [{"video_id": "1", "watched_ms": 1}]},
        {"events": [{"video_id": str(uuid4()), "watched_ms": -1}]},
        {"events": [{"video_id": str(uuid4()), "watched_ms": 10**12}]},
        {"events": [{"video_id": str(uuid4()), "watched_ms": 1, "client_event_id": "x" * 65}]},
        {"events": [{"video_id": str(uuid4()), "watched_ms": 1, "source": "\x00"}]},
        {"events": [{"video_id": str(uuid4()), "watched_ms": 1}] * 101},
    ],
)
def test_malformed_batches(anon: APIClient, db: None, wrong: object) -> None:
    answer = anon.post(URL, wrong)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_large_bodies(anon: APIClient, video: Video) -> None:
    answer = anon.post(URL, {"events": [body(video)], "filling": "x" * 65_536})
    assert answer.status_code == 413


def test_visitors_are_remembered_by_a_signed_token(video: Video) -> None:
    client = Client()
    event = body(video)

    def send(**headers: str) -> Any:
        return client.post(URL, {"events": [event]}, "application/json", headers=headers)

    first = send()
    token = first.cookies[visitors.COOKIE].value
    assert visitors.read(token) is not None
    assert visitors.COOKIE not in send().cookies
    client.cookies.clear()
    assert visitors.HEADER not in send(**{visitors.HEADER: token}).headers
    assert ViewEvent.objects.count() == 1
    assert visitors.read(send(**{visitors.HEADER: "made-up"})[visitors.HEADER])
    assert ViewEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_workers_beside_each_other_count_once(video: Video, alice: User, bob: User) -> None:
    other = make_video(author=alice)
    told = [watched(one) for one in (video, other, video) for _ in range(30)]
    tell(bob, *told)

    def workers() -> Sequence[object]:
        roll = partial(services.roll_up_views, batch=7)
        return together(
            [
                roll,
                roll,
                partial(tell, bob, *told),
                roll,
                partial(services.like_video, actor=bob, video_id=video.pk),
            ]
        )

    results = workers()
    assert [one for one in results if isinstance(one, Exception)] == []
    services.roll_up_views()
    assert (views(video), views(other)) == (60, 30)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_leaves_a_batch_waiting(video: Video, bob: User) -> None:
    tell(bob, watched(video))

    def die(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.startswith("UPDATE") and VideoStats._meta.db_table in sql:
            raise SystemExit
        return execute(sql, *rest)

    with connection.execute_wrapper(die), pytest.raises(SystemExit):
        services.roll_up_views()
    assert views(video) == 0
    assert services.roll_up_views() == 1
    assert views(video) == 1
