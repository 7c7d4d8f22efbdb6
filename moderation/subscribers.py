"""What moderation keeps of what happens below."""

from accounts.models import User
from moderation import services
from videos.events import VideoInspected


def on_video_inspected(event: VideoInspected) -> None:
    """Keep that a moderator opened it."""
    moderator = User.objects.filter(pk=event.moderator_id).first()
    if moderator is not None:
        services.write_inspection(moderator=moderator, video_id=event.video_id)
