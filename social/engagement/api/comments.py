"""`videos/{id}/comments`, its alias `videos/{id}/comment`, and `comments/{id}` with its doors."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny, IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.http.pagination import CursorPage
from core.idempotency import idempotent
from social.engagement import selectors, services, sheets
from social.engagement.models import Comment
from social.engagement.text import MAX_LENGTH
from social.graph.api.schemas import toggle
from videos import selectors as videos


class CommentInput(serializers.Serializer[Any]):
    """A new comment."""

    text = serializers.CharField(help_text=f"1 to {MAX_LENGTH} characters after trimming.")
    parent_id = serializers.UUIDField(
        required=False, allow_null=True, help_text="The comment, or reply, that this answers."
    )


class EditInput(serializers.Serializer[Any]):
    """What a comment is to say from now on."""

    text = serializers.CharField(help_text=f"1 to {MAX_LENGTH} characters after trimming.")


class Writer(serializers.Serializer[Any]):
    """Who wrote it."""

    id = serializers.UUIDField()
    username = serializers.CharField()
    name = serializers.CharField()
    avatar = serializers.CharField(allow_null=True)
    is_verified = serializers.BooleanField()


class MentionOutput(serializers.Serializer[Any]):
    """Somebody named whom the caller may see."""

    name = serializers.CharField(help_text="As written, lower case.")
    id = serializers.UUIDField()
    username = serializers.CharField(help_text="Of today.")


class ClipOutput(serializers.Serializer[Any]):
    """A clip that answers a comment."""

    id = serializers.UUIDField()
    author = Writer()


class CommentOutput(serializers.Serializer[Any]):
    """A comment for the caller."""

    id = serializers.UUIDField()
    video_id = serializers.UUIDField()
    parent_id = serializers.UUIDField(allow_null=True, help_text="The head of its thread.")
    author = Writer(allow_null=True, help_text="Null for a deleted comment.")
    text = serializers.CharField(help_text="Empty for a deleted comment.")
    created_at = serializers.DateTimeField()
    reply_count = serializers.IntegerField()
    like_count = serializers.IntegerField()
    liked = serializers.BooleanField(help_text="By the caller.")
    liked_by_creator = serializers.BooleanField()
    pinned = serializers.BooleanField()
    edited_at = serializers.DateTimeField(allow_null=True)
    is_author_of_video = serializers.BooleanField()
    can_delete = serializers.BooleanField()
    can_edit = serializers.BooleanField()
    can_pin = serializers.BooleanField()
    deleted = serializers.BooleanField(help_text="Keeps its place while it has replies.")
    mentions = MentionOutput(many=True)
    video_reply = ClipOutput(
        allow_null=True, help_text="The latest clip answering it that the caller sees."
    )


class PageQuery(serializers.Serializer[Any]):
    """Which page."""

    limit = serializers.IntegerField(default=20, min_value=1, max_value=100)
    cursor = serializers.CharField(required=False)


_PAGE = {
    "results": CommentOutput(many=True),
    "next": serializers.URLField(allow_null=True),
    "previous": serializers.URLField(allow_null=True),
}
REPLIES = inline_serializer("ReplyPage", _PAGE)
COMMENTS = inline_serializer(
    "CommentPage",
    _PAGE
    | {"total": serializers.IntegerField(help_text="All that the caller sees, with replies.")},
)


class NewestFirst(CursorPage):
    """Heads of threads."""

    ordering = ("-id",)


class OldestFirst(CursorPage):
    """Replies, as they were said."""

    ordering = ("id",)


class Comments(APIView):
    """Comments on a video."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(operation_id="comments", parameters=[PageQuery], responses=COMMENTS)
    def get(self, request: Request, video_id: str) -> Response:
        """Return the comments that the caller sees, newest first, without their replies."""
        video = videos.get_viewable_video(viewer=request.user, video_id=video_id)
        heads = selectors.thread_heads(viewer=request.user, video=video)
        response = _page(self, request, heads, NewestFirst())
        response.data["total"] = selectors.count_comments(viewer=request.user, video=video)
        return response

    @extend_schema(operation_id="comment_add", request=CommentInput, responses={201: CommentOutput})
    @idempotent
    def post(self, request: Request, video_id: str) -> Response:
        """Comment, or reply; 403 `comments_off` where the author does not take comments."""
        return _add(request, video_id)


class CommentAlias(APIView):
    """The original notes' name of `POST videos/{id}/comments`."""

    @extend_schema(
        operation_id="comment_add_alias", request=CommentInput, responses={201: CommentOutput}
    )
    @idempotent
    def post(self, request: Request, video_id: str) -> Response:
        """Comment, or reply."""
        return _add(request, video_id)


class CommentDetail(APIView):
    """One comment."""

    @extend_schema(operation_id="comment_edit", request=EditInput, responses=CommentOutput)
    @idempotent
    def patch(self, request: Request, comment_id: str) -> Response:
        """Rewrite one's own; `edited_at` says so to everybody, what it said before is kept."""
        body = EditInput(data=request.data)
        body.is_valid(raise_exception=True)
        comment = services.edit_comment(
            actor=request.user, comment_id=comment_id, text=body.validated_data["text"]
        )
        return Response(asdict(sheets.rows_for([comment], viewer=request.user)[0]))

    @extend_schema(operation_id="comment_delete", responses={204: None})
    def delete(self, request: Request, comment_id: str) -> Response:
        """Delete: one's own, any on one's own video, any as a moderator."""
        services.delete_comment(actor=request.user, comment_id=comment_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


@toggle("comment_like", liked=serializers.BooleanField(), likes=serializers.IntegerField())
class CommentLike(APIView):
    """The caller's like of a comment."""

    def post(self, request: Request, comment_id: str) -> Response:
        """Like."""
        return Response(services.like_comment(actor=request.user, comment_id=comment_id))

    def put(self, request: Request, comment_id: str) -> Response:
        """Like."""
        return Response(services.like_comment(actor=request.user, comment_id=comment_id))

    def delete(self, request: Request, comment_id: str) -> Response:
        """Unlike."""
        return Response(services.unlike_comment(actor=request.user, comment_id=comment_id))


@toggle("comment_pin", pinned=serializers.BooleanField())
class CommentPin(APIView):
    """Whether a comment stands on top of the caller's own video."""

    def post(self, request: Request, comment_id: str) -> Response:
        """Pin, in place of the one that stood there; 403 on somebody else's video."""
        return Response(services.pin_comment(actor=request.user, comment_id=comment_id))

    def put(self, request: Request, comment_id: str) -> Response:
        """Pin."""
        return Response(services.pin_comment(actor=request.user, comment_id=comment_id))

    def delete(self, request: Request, comment_id: str) -> Response:
        """Unpin."""
        return Response(services.unpin_comment(actor=request.user, comment_id=comment_id))


class Replies(APIView):
    """Replies to a comment."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="replies", parameters=[PageQuery], responses=REPLIES)
    def get(self, request: Request, comment_id: str) -> Response:
        """Return the replies that the caller sees, oldest first."""
        rows = selectors.replies_of(viewer=request.user, comment_id=comment_id)
        return _page(self, request, rows, OldestFirst())


def _add(request: Request, video_id: str) -> Response:
    body = CommentInput(data=request.data)
    body.is_valid(raise_exception=True)
    comment = services.add_comment(
        actor=request.user,
        video_id=video_id,
        text=body.validated_data["text"],
        parent_id=body.validated_data.get("parent_id"),
    )
    row = sheets.rows_for([comment], viewer=request.user)[0]
    return Response(asdict(row), status=status.HTTP_201_CREATED)


def _page(
    view: APIView, request: Request, rows: "QuerySet[Comment]", pages: CursorPage
) -> Response:
    page = pages.paginate_queryset(rows, request, view) or []
    shown = sheets.rows_for(page, viewer=request.user)
    return pages.get_paginated_response([asdict(row) for row in shown])
