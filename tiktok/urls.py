"""Every door of the web process, by app."""

from django.contrib import admin
from django.urls import include, path

from core.http import health

urlpatterns = [
    # First what is asked for most: routes are tried one after the other.
    path("api/", include("tiktok.api_urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("accounts.flow_urls")),
    path("", include("videos.urls")),
    path("", include("social.graph.urls")),
    path("", include("social.engagement.urls")),
    path("", include("moderation.urls")),
    path("", include("chat.urls")),
    path("", include("notifications.urls")),
    path("", include("feed.urls")),
]

handler400 = "core.http.problems.bad_request"
handler403 = "core.http.problems.permission_denied"
handler404 = "core.http.problems.page_not_found"
handler500 = "core.http.problems.server_error"
