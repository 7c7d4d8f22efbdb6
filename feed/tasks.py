"""Background duties of the feed."""

import logging
from uuid import UUID

from celery import shared_task

from core.redis_link import Gone
from feed import sessions, tags, timelines
from feed.recommender import learning

logger = logging.getLogger(__name__)


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
