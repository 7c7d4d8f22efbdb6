"""A cold page: nothing in Redis, no list, nothing prepared. How many statements it costs.

Counted is what stands between the question and the answer: the page, not who is asking (a
stateless token costs nothing; the principal behind it is `accounts`' and cached by itself) and not
what is prepared after the answer.
"""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from conftest import ApiOf, make_user
from core.redis_link import link
from feed import ahead, controls, tasks
from feed.models import FeedSession
from feed.modes import PUBLIC, Mode
from feed.tests.factories import add_files, add_tags, make_video
from feed.tests.test_controls import watch
from social.engagement import services as engagement
from social.graph import services as graph
from social.graph.models import Block, Follow
from videos.models import CaptionTrack, Sound, Video

FEED = "/api/v1/videos/feed"
MOST = 6


@pytest.fixture
def nothing_after_the_answer(settings: LazySettings) -> Iterator[None]:
    """Every place of the queue behind the answers is taken: what is asked for is dropped."""
    settings.FEED_THREADS = 2
    taken = 0
    while ahead._waiting.acquire(blocking=False):
        taken += 1
    yield
    for _ in range(taken):
        ahead._waiting.release()


@pytest.fixture
def busy(alice: User, bob: User, carol: User, dave: User) -> list[Video]:
    """Sixty clips with everything that a card can show, and a Bob with a past."""
    friends = [make_user(f"friend{number}") for number in range(3)]
    for author in (alice, carol, *friends):
        Follow.objects.create(follower=bob, followed=author)
    for friend in friends:
        graph.send_friend_request(actor=friend, user_id=bob.pk)
        graph.send_friend_request(actor=bob, user_id=friend.pk)
    Block.objects.create(blocker=dave, blocked=bob)
    made = []
    for number in range(60):
        author = (alice, carol, *friends)[number % 5]
        video = make_video(author, minutes_ago=number + 20, caption=f"#t{number} by @alice, @dave")
        add_files(video, 360, 720)
        add_tags(video, f"t{number % 7}", f"x{number}")
        CaptionTrack.objects.create(video=video, lang="en", label="English", body="WEBVTT")
        video.sound = Sound.objects.create(video=video, key=f"{number}.m4a", duration_ms=9000)
        video.save()
        made.append(video)
    for video in made[:5]:
        watch(bob, video, 3000)
        engagement.like_video(actor=bob, video_id=video.pk)
        engagement.add_comment(actor=carol, video_id=video.pk, text="Hello")
    controls.mute(actor=bob, kind="word", value="rain")
    controls.mute(actor=bob, kind="tag", value="x9")
    controls.pick_interests(actor=bob, names=["t1"])
    controls.not_interested(actor=bob, video_id=made[7].pk, on=True)
    tasks.learn()
    return made


def forget_everything() -> None:
    FeedSession.objects.all().delete()
    cache.clear()
    redis = link()
    if redis:
        redis.ask(("FLUSHDB",))


@pytest.mark.usefixtures("nothing_after_the_answer")
@pytest.mark.parametrize(
    "who, mode",
    [("bob", mode) for mode in Mode] + [("stranger", mode) for mode in sorted(PUBLIC)],
)
def test_a_cold_page_is_a_handful_of_statements(
    busy: list[Video], api: ApiOf, bob: User, mode: Mode, who: str
) -> None:
    client = api(bob) if who == "bob" else APIClient()
    # A process that has served before: it has unpacked the model.
    client.get(FEED, {"mode": mode, "seed": "1"})
    for query in ({"mode": mode, "seed": "2"}, {"mode": mode}):
        forget_everything()
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(FEED, query | {"limit": "10"})
        assert len(answer.json()["results"]) == 10
        first = answer.json()["results"][0]
        shown = [first[part] for part in ("captions", "sound", "sources", "mentions", "tags")]
        assert all(shown), first
        statements = [query["sql"][:200] for query in asked.captured_queries]
        assert len(statements) <= MOST, statements
