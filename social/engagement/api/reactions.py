"""`POST/PUT/DELETE videos/{id}/like` and `/save`."""

from drf_spectacular.utils import extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.engagement import services

LIKE_STATE = inline_serializer(
    "LikeState", {"liked": serializers.BooleanField(), "likes": serializers.IntegerField()}
)
SAVE_STATE = inline_serializer(
    "SaveState", {"saved": serializers.BooleanField(), "saves": serializers.IntegerField()}
)


@extend_schema_view(
    post=extend_schema(operation_id="like_set", request=None, responses=LIKE_STATE),
    put=extend_schema(operation_id="like_put", request=None, responses=LIKE_STATE),
    delete=extend_schema(operation_id="like_unset", request=None, responses=LIKE_STATE),
)
class Like(APIView):
    """The caller's like of a video."""

    def post(self, request: Request, video_id: str) -> Response:
        """Like."""
        return Response(services.like_video(actor=request.user, video_id=video_id))

    def put(self, request: Request, video_id: str) -> Response:
        """Like."""
        return Response(services.like_video(actor=request.user, video_id=video_id))

    def delete(self, request: Request, video_id: str) -> Response:
        """Unlike."""
        return Response(services.unlike_video(actor=request.user, video_id=video_id))


@extend_schema_view(
    post=extend_schema(operation_id="save_set", request=None, responses=SAVE_STATE),
    put=extend_schema(operation_id="save_put", request=None, responses=SAVE_STATE),
    delete=extend_schema(operation_id="save_unset", request=None, responses=SAVE_STATE),
)
class Save(APIView):
    """Whether the caller keeps a video for later."""

    def post(self, request: Request, video_id: str) -> Response:
        """Save."""
        return Response(services.save_video(actor=request.user, video_id=video_id))

    def put(self, request: Request, video_id: str) -> Response:
        """Save."""
        return Response(services.save_video(actor=request.user, video_id=video_id))

    def delete(self, request: Request, video_id: str) -> Response:
        """Unsave."""
        return Response(services.unsave_video(actor=request.user, video_id=video_id))
