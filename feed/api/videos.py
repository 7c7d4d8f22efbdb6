"""`POST videos` and `videos/{id}`."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import (
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
)
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Invalid
from core.http.parsers import JsonParser
from core.idempotency import idempotent, read_key
from feed.api.schemas import VideoOutput
from feed.cards import card_json, cards_for
from videos import multipart, selectors, services
from videos.models import Video
from videos.policies import Viewer
from videos.serializers import EditInput, PublishForm, PublishInput, TextInput

PublishJson = PolymorphicProxySerializer(
    component_name="Publish",
    serializers=[PublishInput, TextInput],
    resource_type_field_name=None,
)


class Videos(APIView):
    """Where videos are posted."""

    parser_classes = [JsonParser, multipart.Untouched]

    @extend_schema(
        operation_id="post_video",
        request={"multipart/form-data": PublishForm, "application/json": PublishJson},
        responses={202: OpenApiResponse(VideoOutput, description="Ask `/status` how far it is.")},
    )
    def post(self, request: Request) -> Response:
        """Post a video: a file in the form, or the `upload_id` of a finished upload.

        A caption without either is a text post.
        """
        return post_video(request)


class VideoAlias(Videos):
    """The name of the original notes."""

    @extend_schema(
        operation_id="post_video_alias",
        request={"multipart/form-data": PublishForm, "application/json": PublishJson},
        responses={202: OpenApiResponse(VideoOutput, description="As `POST videos`.")},
    )
    def post(self, request: Request) -> Response:
        """Post a video, as `POST videos`."""
        return post_video(request)


class VideoDetail(APIView):
    """One video."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="get_video", responses=VideoOutput)
    def get(self, request: Request, video_id: str) -> Response:
        """Return a video that the caller may see."""
        video = selectors.get_viewable_video(viewer=request.user, video_id=video_id)
        return Response(_present(video, request.user))

    @extend_schema(operation_id="edit_video", request=EditInput, responses=VideoOutput)
    @idempotent
    def patch(self, request: Request, video_id: str) -> Response:
        """Change one's own video."""
        changes = EditInput(data=_fields(request.data))
        changes.is_valid(raise_exception=True)
        video = services.edit_video(actor=request.user, video_id=video_id, **changes.validated_data)
        return Response(_present(video, request.user))

    @extend_schema(operation_id="delete_video", request=None, responses={204: None})
    def delete(self, request: Request, video_id: str) -> Response:
        """Delete one's own video with every byte of it."""
        services.delete_video(actor=request.user, video_id=video_id)
        return Response(status=204)


def post_video(request: Request) -> Response:
    """Take the file, publish the video and answer at once; processing goes on behind."""
    key = read_key(request) or None
    upload_id, fields = _receive(request, key)
    is_text = bool(fields.get("caption")) and not fields.get("upload_id")
    given = TextInput(data=fields) if is_text else PublishInput(data=fields)
    if not given.is_valid():
        if upload_id and not key:
            # Nobody will name this upload again: its bytes need not wait for the sweeper.
            services.abort_upload(actor=request.user, upload_id=upload_id)
        raise ValidationError(given.errors)
    publish = services.publish_text if is_text else services.publish_video
    video = publish(actor=request.user, idempotency_key=key, **given.validated_data)
    location = reverse("api:video", kwargs={"video_id": video.pk})
    return Response(_present(video, request.user), status=202, headers={"Location": location})


def _receive(request: Request, key: str | None) -> tuple[str | None, Mapping[str, Any]]:
    """Return the upload that the body's file became, if it has one, and the other fields."""
    if not request.content_type.startswith("multipart/"):
        return None, _fields(request.data)
    upload_id, fields = multipart.receive_file(
        request._request, actor=request.user, idempotency_key=key
    )
    return upload_id, fields | {"upload_id": upload_id} if upload_id else fields


def _present(video: Video, viewer: Viewer) -> dict[str, Any]:
    cards = cards_for([video.pk], viewer=viewer)
    return card_json(cards[0])


def _fields(data: object) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise Invalid("invalid", "The body is a JSON object.")
    return data
