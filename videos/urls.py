"""Pages and media of this app."""

from django.urls import path, re_path

from videos.views import album, compose, edit, media, studio, upload

app_name = "videos"
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
urlpatterns = [
    path("upload", upload.upload, name="upload"),
    path("upload/photos", album.photos, name="compose_photos"),
    path("upload/text", compose.text, name="compose_text"),
    path("studio", studio.studio, name="studio"),
    path("studio/<uuid:video_id>", edit.edit, name="edit"),
    path("videos/<uuid:video_id>/status", studio.status_fragment, name="status_fragment"),
    re_path(
        rf"^media/videos/(?P<video_id>{UUID})/(?P<folder>[plc][1-9]\d{{0,8}})/"
        r"(?P<name>[a-z0-9]{1,32})\.(?P<extension>mp4|jpg|webp|m4a)\Z",
        media.video_file,
        name="video_file",
    ),
    path(
        "media/videos/<uuid:video_id>/captions/<str:lang>-<int:version>.vtt",
        media.caption_file,
        name="caption_file",
    ),
    # Behind the media routes of the other apps: the last word under /media/.
    re_path(r"^media(?:/[\s\S]*)?\Z", media.nothing, name="no_media"),
]
