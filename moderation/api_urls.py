"""API routes of this app, under `/api/v1/`."""

from django.urls import path

from moderation.api import reports

urlpatterns = [
    path("reports", reports.Reports.as_view(), name="reports"),
    path(
        "moderation/videos/<str:video_id>", reports.ReportedVideo.as_view(), name="reported-video"
    ),
]
