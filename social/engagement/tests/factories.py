"""Videos that are there to be reacted to."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from social.engagement import services
from social.engagement.models import Comment, VideoStats
from videos.models import Video


def make_video(*, author: User, **fields: Any) -> Video:
    """Return a published clip; `fields` override."""
    ready = {
        "processing_state": Video.Processing.READY,
        "published_at": timezone.now() - timedelta(seconds=1),
    }
    return Video.objects.create(author=author, **(ready | fields))


def make_comment(video: Video, author: User, text: str = "Nice", **options: Any) -> Comment:
    return services.add_comment(actor=author, video_id=video.pk, text=text, **options)


def stats(video: Video) -> tuple[int, int, int]:
    """Return (likes, comments, saves)."""
    row = VideoStats.objects.filter(video=video).first() or VideoStats(video=video)
    return row.likes, row.comments, row.saves
