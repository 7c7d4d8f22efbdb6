"""Pages of this app."""

from django.urls import path

from notifications.views import settings, worker

app_name = "notifications"
urlpatterns = [
    path("settings/notifications", settings.notifications, name="settings"),
    path("push-worker.js", worker.push_worker, name="worker"),
]
