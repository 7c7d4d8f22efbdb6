"""Pages of this app."""

from django.urls import path

from chat.views import emoji, files, groups, pages, search, themes

app_name = "chat"
urlpatterns = [
    path("messages", pages.inbox, name="inbox"),
    path("settings/messages", pages.chat_settings, name="settings"),
    path("messages/new", groups.new_group, name="new_group"),
    path("messages/search", search.search, name="search"),
    path("messages/files/<uuid:attachment_id>", files.attachment, name="file"),
    path("messages/share/<uuid:video_id>", pages.share, name="share"),
    path("messages/to/<str:username>", pages.write_to, name="write_to"),
    path("messages/join/<str:token>", groups.join, name="join"),
    path("messages/join/<str:token>/picture.webp", groups.door_picture, name="door_picture"),
    path("messages/themes", themes.gallery, name="themes"),
    path("messages/themes/new", themes.editor, name="theme_new"),
    path("messages/themes/<uuid:theme_id>", themes.change, name="theme_change"),
    path("messages/themes/<uuid:theme_id>/<int:position>.webp", themes.layer, name="theme_layer"),
    path("messages/emoji", emoji.own, name="emoji"),
    path("messages/emoji/<uuid:emoji_id>", emoji.delete, name="emoji_delete"),
    path("messages/emoji/<uuid:emoji_id>.webp", emoji.picture, name="emoji_picture"),
    path("messages/<uuid:conversation_id>/emoji", emoji.of_group, name="group_emoji"),
    path("messages/<uuid:conversation_id>/theme", themes.put_on, name="put_on"),
    path("messages/<uuid:conversation_id>/picture/<str:name>.webp", groups.picture, name="picture"),
    path("messages/<uuid:conversation_id>/about", groups.about, name="about"),
    path("messages/<uuid:conversation_id>/join", groups.join_open, name="join_open"),
    path("messages/<uuid:conversation_id>", pages.room, name="room"),
    path("messages/<uuid:conversation_id>/answer", pages.answer, name="answer"),
]
