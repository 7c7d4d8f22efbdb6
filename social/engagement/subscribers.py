"""What engagement does when something happens below."""

from social.engagement import services
from videos.events import CaptionWritten, VideoPublished


def on_caption_written(event: CaptionWritten) -> None:
    """Find who is named in it."""
    services.mention_in_caption(video_id=event.video_id)


def on_video_published(event: VideoPublished) -> None:
    """Whoever wrote the comment that it answers may be told."""
    services.tell_answered(video_id=event.video_id)
