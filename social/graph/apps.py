"""App configuration."""

from django.apps import AppConfig


class GraphConfig(AppConfig):
    """Follows, requests, friends, blocks, mutes; who may see a person."""

    name = "social.graph"
    label = "graph"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Wire events and the part of the `user` object that the graph knows."""
        from accounts import presentation
        from accounts.events import AccountPrivacyChanged
        from core import events
        from social.graph import facets, subscribers

        presentation.register_facet(facets.person_facet)
        events.subscribe(AccountPrivacyChanged, subscribers.accept_when_public)
