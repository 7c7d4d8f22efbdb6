"""App configuration."""

from django.apps import AppConfig


class VideosConfig(AppConfig):
    """Uploads, processing, publishing, playback; who may see a video."""

    name = "videos"
    label = "videos"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lend the count of a person's videos to profiles; hear of ages and ended follows."""
        from django.core import checks

        from accounts.events import AgeCorrected
        from accounts.presentation import register_facet
        from core.events import subscribe
        from core.http.health import register_fact
        from social.graph.events import Unfollowed
        from videos import encoder_choice
        from videos.media.sandbox import sandbox_kind
        from videos.presentation import user_counts
        from videos.subscribers import shut_followers_only, shut_mature

        subscribe(AgeCorrected, shut_mature)
        subscribe(Unfollowed, shut_followers_only)
        register_facet(user_counts)
        register_fact("sandbox", sandbox_kind)
        register_fact("encoder", encoder_choice.fact)
        checks.register(encoder_choice.check, deploy=True)
