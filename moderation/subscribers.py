"""What moderation keeps of what happens below."""

from uuid import UUID

from accounts.models import User
from chat.events import ThemeInspected
from moderation import services
from moderation.models import TargetType
from videos.events import VideoInspected


def on_video_inspected(event: VideoInspected) -> None:
    """Keep that a moderator opened it."""
    _keep(event.moderator_id, TargetType.VIDEO, event.video_id)


def on_theme_inspected(event: ThemeInspected) -> None:
    """Keep that a moderator opened it."""
    _keep(event.moderator_id, TargetType.THEME, event.theme_id)


def _keep(moderator_id: UUID, target_type: str, target_id: UUID) -> None:
    moderator = User.objects.filter(pk=moderator_id).first()
    if moderator is not None:
        services.write_inspection(moderator=moderator, target_type=target_type, target_id=target_id)
