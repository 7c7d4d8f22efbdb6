"""Pages of this app."""

from django.urls import path

from chat.views import files, pages

app_name = "chat"
urlpatterns = [
    path("messages", pages.inbox, name="inbox"),
    path("messages/new", pages.new_group, name="new_group"),
    path("messages/files/<uuid:attachment_id>", files.attachment, name="file"),
    path("messages/share/<uuid:video_id>", pages.share, name="share"),
    path("messages/to/<str:username>", pages.write_to, name="write_to"),
    path("messages/join/<str:token>", pages.join, name="join"),
    path("messages/<uuid:conversation_id>", pages.room, name="room"),
    path("messages/<uuid:conversation_id>/answer", pages.answer, name="answer"),
]
