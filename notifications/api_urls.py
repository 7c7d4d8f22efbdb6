"""Routes under /api/v1/ of this app."""

from django.urls import path

from notifications.api import devices, preferences

urlpatterns = [
    path("push-devices", devices.PushDevices.as_view()),
    path("push-devices/<str:device_id>", devices.PushDeviceDetail.as_view()),
    path("notification-preferences", preferences.Preferences.as_view()),
]
