"""`/api/`: the contract's routes from each app, the schema and its browser."""

from django.urls import include, path
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

v1 = [
    # First what is asked for most: routes are tried one after the other.
    path("", include("feed.api_urls")),
    path("", include("accounts.api_urls")),
    path("", include("videos.api_urls")),
    path("", include("social.graph.api_urls")),
    path("", include("social.engagement.api_urls")),
    path("", include("moderation.api_urls")),
    path("", include("chat.api_urls")),
    path("", include("notifications.api_urls")),
]

urlpatterns = [
    path("v1/", include((v1, "api"))),
    path(
        "schema", SpectacularAPIView.as_view(renderer_classes=[OpenApiJsonRenderer]), name="schema"
    ),
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]
