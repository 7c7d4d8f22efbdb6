"""`POST/PUT/DELETE videos/{id}/like`, `/save` and `/repost`; who likes it; the share link."""

from drf_spectacular.utils import extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.engagement import addresses, selectors, services
from social.graph.api.schemas import PEOPLE, PageQuery, answer_people, toggle

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


@toggle("repost", reposted=serializers.BooleanField(), reposts=serializers.IntegerField())
class Repost(APIView):
    """Whether the caller shows a video on their profile."""

    def post(self, request: Request, video_id: str) -> Response:
        """Repost; whoever may not see the video does not see it there either."""
        return Response(services.repost_video(actor=request.user, video_id=video_id))

    def put(self, request: Request, video_id: str) -> Response:
        """Repost."""
        return Response(services.repost_video(actor=request.user, video_id=video_id))

    def delete(self, request: Request, video_id: str) -> Response:
        """Take the repost back."""
        return Response(services.unrepost_video(actor=request.user, video_id=video_id))


class Likers(APIView):
    """Who likes a video."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="likers", parameters=[PageQuery], responses=PEOPLE)
    def get(self, request: Request, video_id: str) -> Response:
        """Return the people who like a video and whom the caller may see, the latest first."""
        rows = selectors.likers_of(viewer=request.user, video_id=video_id)
        return answer_people(self, request, rows, lambda row: row.user)


SHARE_STATE = inline_serializer(
    "ShareState",
    {
        "url": serializers.URLField(help_text="Opens the video for whoever may see it."),
        "code": serializers.CharField(),
        "opens": serializers.IntegerField(help_text="How many others came by the caller's link."),
        "shares": serializers.IntegerField(help_text="How many people share the video."),
    },
)


class Share(APIView):
    """The caller's short address of a video."""

    @extend_schema(operation_id="share", request=None, responses=SHARE_STATE)
    def post(self, request: Request, video_id: str) -> Response:
        """Return the caller's link, which is made, and counted as a share, the first time."""
        state = services.share_video(actor=request.user, video_id=video_id)
        return Response({"url": addresses.share_url(state["code"]), **state})
