"""App configuration."""

from django.apps import AppConfig


class EngagementConfig(AppConfig):
    """Likes, comments, saves and the counters of videos."""

    name = "social.engagement"
    label = "engagement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Wire what engagement adds to the apps below, and what it hears of them."""
        from accounts import presentation
        from core import events
        from social.engagement import answers, facets, subscribers
        from videos import presentation as studio
        from videos import replying
        from videos.events import CaptionWritten, VideoPublished

        presentation.register_facet(facets.person_facet)
        studio.register_counts(facets.studio_counts)
        replying.register(answers.Answers())
        events.subscribe(CaptionWritten, subscribers.on_caption_written)
        events.subscribe(VideoPublished, subscribers.on_video_published)
