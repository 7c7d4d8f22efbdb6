"""`POST videos` and `videos/{id}`."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

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
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from core.errors import Invalid
from core.http.parsers import JsonParser
from core.idempotency import idempotent, read_key
from feed.api.schemas import VideoOutput
from feed.cards import card_json, cards_for
from videos import multipart, selectors, services
from videos.models import Video
from videos.multipart import Received
from videos.policies import Viewer
from videos.serializers import EditInput, PhotosInput, PublishForm, PublishInput, TextInput

PublishJson = PolymorphicProxySerializer(
    component_name="Publish",
    serializers=[PublishInput, PhotosInput, TextInput],
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

        `photos` (files of the form, or ids of finished uploads) make an album, a caption alone a
        text post.
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
    """Take the files, publish the post and answer at once; processing goes on behind."""
    key = read_key(request) or None
    received, fields = _receive(request, key)
    publish, given = _kind_of(fields)
    if not given.is_valid():
        if received and not key:
            # Nobody will name these uploads again: their bytes need not wait for the sweeper.
            for upload_id in received.uploads:
                services.abort_upload(actor=request.user, upload_id=upload_id)
        raise ValidationError(given.errors)
    video = publish(actor=request.user, idempotency_key=key, **given.validated_data)
    location = reverse("api:video", kwargs={"video_id": video.pk})
    return Response(_present(video, request.user), status=202, headers={"Location": location})


def _kind_of(fields: Mapping[str, Any]) -> tuple[Callable[..., Video], Serializer[Any]]:
    """Return how to publish what was sent, and what of it is taken."""
    if fields.get("photos"):
        return _publish_photos, PhotosInput(data=fields)
    if fields.get("caption") and not fields.get("upload_id"):
        return services.publish_text, TextInput(data=fields)
    return services.publish_video, PublishInput(data=fields)


def _publish_photos(*, photos: list[UUID], **rest: Any) -> Video:
    return services.publish_photos(upload_ids=photos, **rest)


def _receive(request: Request, key: str | None) -> tuple[Received | None, Mapping[str, Any]]:
    """Return the uploads that the body's files became, if it has any, and the fields."""
    if not request.content_type.startswith("multipart/"):
        return None, _fields(request.data)
    received = multipart.receive(request._request, actor=request.user, idempotency_key=key)
    named: dict[str, Any] = {"upload_id": received.file} if received.file else {}
    if received.photos:
        named["photos"] = received.photos
    if received.cover:
        named["cover_upload_id"] = received.cover
    return received, received.fields | named


def _present(video: Video, viewer: Viewer) -> dict[str, Any]:
    cards = cards_for([video.pk], viewer=viewer)
    return card_json(cards[0])


def _fields(data: object) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise Invalid("invalid", "The body is a JSON object.")
    return data
