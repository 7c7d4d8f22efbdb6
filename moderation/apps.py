"""App configuration."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Reports, cases, decisions, appeals."""

    name = "moderation"
    label = "moderation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the admins below what is reported, and keep what they show because of that."""
        from chat.events import ThemeInspected
        from core import events
        from moderation import selectors, subscribers
        from videos import reviewing
        from videos.events import VideoInspected

        reviewing.register_cases("video", selectors.reported_videos)
        reviewing.register_cases("comment", selectors.reported_comments)
        reviewing.register_cases("theme", selectors.reported_themes)
        events.subscribe(VideoInspected, subscribers.on_video_inspected)
        events.subscribe(ThemeInspected, subscribers.on_theme_inspected)
