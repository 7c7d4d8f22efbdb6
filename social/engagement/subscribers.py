"""What engagement does when something happens below."""

from social.engagement import services
from videos.events import CaptionWritten


def on_caption_written(event: CaptionWritten) -> None:
    """Find who is named in it."""
    services.mention_in_caption(video_id=event.video_id)
