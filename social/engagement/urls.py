"""Pages of this app."""

from django.urls import path

from social.engagement import views

app_name = "engagement"
urlpatterns = [
    path("videos/<uuid:video_id>/like", views.like, name="like"),
    path("s/<str:code>", views.share_link, name="share_link"),
    path("videos/<uuid:video_id>/save", views.save, name="save"),
    path("videos/<uuid:video_id>/comments", views.comments, name="comments"),
    path("comments/<uuid:comment_id>/replies", views.replies, name="replies"),
    path("comments/<uuid:comment_id>/delete", views.comment_delete, name="comment_delete"),
]
