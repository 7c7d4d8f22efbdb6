"""Pages of this app."""

from django.urls import path

from social.engagement.views import collections, comments, reactions

app_name = "engagement"
urlpatterns = [
    path("s/<str:code>", reactions.share_link, name="share_link"),
    path("videos/<uuid:video_id>/like", reactions.like, name="like"),
    path("videos/<uuid:video_id>/likes", reactions.likers, name="likers"),
    path("videos/<uuid:video_id>/save", reactions.save, name="save"),
    path("videos/<uuid:video_id>/repost", reactions.repost, name="repost"),
    path("videos/<uuid:video_id>/collections", collections.shelve, name="shelve"),
    path("collections", collections.collections, name="collections"),
    path("videos/<uuid:video_id>/comments", comments.comments, name="comments"),
    path("comments/<uuid:comment_id>/replies", comments.replies, name="replies"),
    path("comments/<uuid:comment_id>/like", comments.comment_like, name="comment_like"),
    path("comments/<uuid:comment_id>/edit", comments.comment_edit, name="comment_edit"),
    path("comments/<uuid:comment_id>/pin", comments.comment_pin, name="comment_pin"),
    path("comments/<uuid:comment_id>/delete", comments.comment_delete, name="comment_delete"),
]
