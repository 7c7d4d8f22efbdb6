"""What is not seen from outside, in a process with the instance's environment; prints JSON.

`python -m tiktok.benchmarks.inside learn 0`. `... visits COUNT`: people of the dataset come again
and again, and every page's statements are counted. `... fan-out COUNT`: an author of so many
followers, each with a timeline.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

VISITS = 4
PAGES = 6
LIMIT = 10
NEVER_HERE = 1000  # from this number on nobody was asked for a page before
THINKING = 0.25  # seconds between two pages; people take minutes
MODES = ("for-you", "following")


def visits(count: int) -> dict[str, Any]:
    """Return how many pages came from memory, and the bytes of Redis each person then takes.

    A visit is six pages under one seed. Between visits `manage.py precache` runs, as an operator
    schedules it for whoever was here within a day.
    """
    from django.core.management import call_command
    from django.db import connection, reset_queries
    from rest_framework.test import APIClient

    from tiktok.benchmarks import viewers

    comers = viewers.people_of(count, start=NEVER_HERE)
    people = [viewers.token_of(user) for user in comers]
    ids = [user.pk for user in comers]
    connection.force_debug_cursor = True
    served: dict[str, list[int]] = {"first": [], "again": []}
    for visit in range(VISITS):
        urls = [
            (f"/api/v1/videos/feed?mode={mode}&limit={LIMIT}", token)
            for token in people
            for mode in MODES
        ]
        for _ in range(PAGES):
            following = []
            started = time.monotonic()
            for url, token in urls:
                client = APIClient()
                client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
                client.get("/api/v1/users/me")  # who is asking: cached for 30 s, and not counted
                reset_queries()
                answer = client.get(url).json()
                served["again" if visit else "first"].append(len(connection.queries))
                if answer["next"]:
                    following.append((answer["next"], token))
            urls = following
            time.sleep(max(0.0, THINKING - (time.monotonic() - started)))
        call_command("precache", "--limit", str(count), stdout=sys.stderr)
    return {
        "pages": sum(map(len, served.values())),
        "from_memory": sum(not number for numbers in served.values() for number in numbers),
        "pages_again": len(served["again"]),
        "from_memory_again": sum(not number for number in served["again"]),
        "bytes": _bytes(ids),
    }


def _bytes(ids: list[Any]) -> float:
    """Return the mean of what Redis holds for one of these people."""
    from core.redis_link import link
    from feed import store

    redis = link()
    if redis is None:
        return 0.0
    names = [store.key(kind, key.bytes) for key in ids for kind in (b"v", b"m", b"t")]
    for key in ids:
        names += [store.window_key(key, mode, 0) for mode in MODES]
        names += [store.head_key(key, mode) for mode in MODES]
    used = redis.ask(*[("MEMORY", "USAGE", name) for name in names])
    return sum(one or 0 for one in used) / len(ids)


def fan_out(count: int) -> dict[str, Any]:
    """Return how fast timelines take a video of an author with so many followers."""
    from django.utils import timezone

    from core.redis_link import link
    from feed import timelines
    from social.graph.models import Follow
    from tiktok.benchmarks.crowd import author_of
    from videos.models import Video

    redis, author = link(), author_of(count)
    if redis is None:
        return {}
    followers = list(Follow.objects.filter(followed=author).values_list("follower_id", flat=True))
    old = timelines.ENTRY.pack(1, bytes(16))
    for start in range(0, len(followers), 1000):
        names = [timelines.key_of(key) for key in followers[start : start + 1000]]
        redis.ask(*[("SET", name, old * 20, "EX", 600) for name in names])
    video = Video.objects.create(
        author=author, processing_state="ready", published_at=timezone.now(), cover_key="none.jpg"
    )
    limit, timelines.PUSH_LIMIT = timelines.PUSH_LIMIT, sys.maxsize
    done = timelines.push(video.pk)
    timelines.PUSH_LIMIT = limit
    video.delete()
    if done is None:
        return {}
    return {
        "followers": done.followers,
        "timelines": done.timelines,
        "per_second": done.followers / done.seconds,
        "limit": limit,
    }


def learn(_: int) -> dict[str, Any]:
    """Learn from what is there, as the worker does every five minutes."""
    from feed.recommender import learning

    lesson = learning.learn()
    return {"videos": lesson.videos if lesson else 0}


COMMANDS: dict[str, Callable[[int], dict[str, Any]]] = {
    "visits": visits,
    "fan-out": fan_out,
    "learn": learn,
}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiktok.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    sys.stdout.write(json.dumps(COMMANDS[sys.argv[1]](int(sys.argv[2]))))
