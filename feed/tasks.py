"""Background duties of the feed."""

import logging
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from core.redis_link import Gone, link
from feed import ahead, sessions, tags, timelines, visitors
from feed.recommender import learning

logger = logging.getLogger(__name__)
PRECACHED_SINCE = timedelta(days=1)
PRECACHED_PEOPLE = 2000  # about two minutes of one worker


@shared_task(name="feed.sweep")
def sweep() -> None:
    """Delete lists that nobody reads any more."""
    sessions.sweep()


@shared_task(name="feed.trends")
def trends() -> None:
    """Find out which tags are in fashion."""
    tags.compute_trends()


@shared_task(name="feed.learn")
def learn() -> None:
    """Learn what people like from what they did."""
    lesson = learning.learn()
    if lesson:
        logger.info(
            "learned from %d views and %d marks of %d videos in %.1f s",
            lesson.views,
            lesson.marks,
            lesson.videos,
            lesson.seconds,
        )


@shared_task(name="feed.precache")
def precache() -> None:
    """Begin the next visits of the latest readers, where there is a Redis to keep them in."""
    if link() is None:
        return
    since = timezone.now() - PRECACHED_SINCE
    made = ahead.make_heads(visitors.recent(since=since, limit=PRECACHED_PEOPLE))
    if made:
        logger.info("%d first pages begun ahead", made)


@shared_task(name="feed.fan_out")
def fan_out(video_id: str) -> None:
    """Add a published video to the timelines of its author's followers."""
    try:
        done = timelines.push(UUID(video_id))
    except Gone:
        return  # timelines are made anew within the hour
    if done:
        rate = done.followers / max(done.seconds, 1e-6)
        logger.info(
            "fan-out of %s: %d followers, %d timelines, %.2f s, %.0f followers/s",
            video_id,
            done.followers,
            done.timelines,
            done.seconds,
            rate,
        )
