"""Published videos without files: what feeds order is a row."""

import random
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from social.engagement import services as engagement
from videos.models import Rendition, Tag, Video, VideoTag


def make_video(author: User, *, minutes_ago: float = 60, **fields: Any) -> Video:
    """Return a published video of `author`."""
    values: dict[str, Any] = {
        "processing_state": "ready",
        "published_at": timezone.now() - timedelta(minutes=minutes_ago),
        "duration_ms": 4000,
        "width": 720,
        "height": 1280,
        "cover_key": "videos/cover.jpg",
        "blurhash": "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
    }
    video = Video.objects.create(author=author, **(values | fields))
    engagement.mention_in_caption(video_id=video.pk)
    return video


def make_videos(author: User, count: int, **fields: Any) -> list[Video]:
    """Return `count` videos, each a minute older than the one before."""
    return [make_video(author, minutes_ago=60 + number, **fields) for number in range(count)]


def add_files(video: Video, *edges: int) -> None:
    """Give a video renditions, in the order of the edges."""
    for edge in edges:
        Rendition.objects.create(
            video=video,
            short_edge=edge,
            width=edge,
            height=edge * 16 // 9,
            bitrate=edge * 2000,
            size=edge * 1000,
            key=f"videos/{video.pk}/{edge}-{random.randrange(2**31)}.mp4",
        )


def add_tags(video: Video, *names: str) -> None:
    """Tag a video."""
    for position, name in enumerate(names):
        tag = Tag.objects.get_or_create(name=name)[0]
        VideoTag.objects.create(video=video, tag=tag, position=position)
