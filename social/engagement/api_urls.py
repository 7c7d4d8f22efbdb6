"""API routes of this app, under `/api/v1/`. An id that is none is "not found"."""

from django.urls import path

from social.engagement.api import collections, comments, reactions, watching

urlpatterns = [
    path("events/views", watching.ViewEvents.as_view(), name="view-events"),
    path("videos/<str:video_id>/like", reactions.Like.as_view(), name="like"),
    path("videos/<str:video_id>/save", reactions.Save.as_view(), name="save"),
    path("videos/<str:video_id>/repost", reactions.Repost.as_view(), name="repost"),
    path("videos/<str:video_id>/share", reactions.Share.as_view(), name="share"),
    path("videos/<str:video_id>/likes", reactions.Likers.as_view(), name="likers"),
    path("videos/<str:video_id>/comments", comments.Comments.as_view(), name="comments"),
    path("videos/<str:video_id>/comment", comments.CommentAlias.as_view(), name="comment-alias"),
    path("comments/<str:comment_id>", comments.CommentDetail.as_view(), name="comment"),
    path("comments/<str:comment_id>/replies", comments.Replies.as_view(), name="replies"),
    path("comments/<str:comment_id>/like", comments.CommentLike.as_view(), name="comment-like"),
    path("comments/<str:comment_id>/pin", comments.CommentPin.as_view(), name="comment-pin"),
    path("collections", collections.Collections.as_view(), name="collections"),
    path(
        "collections/<str:collection_id>",
        collections.CollectionDetail.as_view(),
        name="collection",
    ),
    path(
        "collections/<str:collection_id>/videos/<str:video_id>",
        collections.CollectionPlace.as_view(),
        name="collection-item",
    ),
]
