"""API routes of this app, under `/api/v1/`."""

from django.urls import path

from videos.api import direct, subtitles, uploads, videos

urlpatterns = [
    path("uploads", uploads.Uploads.as_view(), name="uploads"),
    path("uploads/direct", direct.DirectUploads.as_view(), name="uploads-direct"),
    path(
        "uploads/<str:upload_id>/complete", direct.CompleteUpload.as_view(), name="upload-complete"
    ),
    path("uploads/<str:upload_id>", uploads.UploadDetail.as_view(), name="upload"),
    path("videos/<str:video_id>/status", videos.VideoStatus.as_view(), name="video-status"),
    path("videos/<str:video_id>/captions", subtitles.Captions.as_view(), name="video-captions"),
    path(
        "videos/<str:video_id>/captions/<str:lang>",
        subtitles.CaptionTrackDetail.as_view(),
        name="video-caption-track",
    ),
    path("videos/<str:video_id>/cover", videos.VideoCover.as_view(), name="video-cover"),
    path("videos/<str:video_id>/pin", videos.VideoPin.as_view(), name="video-pin"),
    path("videos/<str:video_id>/download", videos.VideoDownload.as_view(), name="video-download"),
    path("videos/<str:video_id>/retry", videos.VideoRetry.as_view(), name="video-retry"),
]
