"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FeedConfig(AppConfig):
    """Candidates, ranking, session lists, cards; home, watch and profile pages."""

    name = "feed"
    label = "feed"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of everything that makes a remembered page stale; let sounds be found."""
        from feed import search, search_index, sounds, subscribers

        subscribers.wire()
        search.register("sounds", sounds.matching, sounds.SEARCH_ORDER)
        post_migrate.connect(search_index.after_migrate, sender=self, dispatch_uid="feed.search")
