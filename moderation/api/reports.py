"""`POST reports` and what a moderator may look at because of one."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency import idempotent
from feed.api.schemas import VideoOutput
from feed.cards import card_json, cards_for, with_relations
from moderation import services
from moderation.models import Report, TargetType
from videos.models import Video


class ReportInput(serializers.Serializer[Any]):
    """What is wrong with what."""

    target_type = serializers.ChoiceField(TargetType.choices)
    target_id = serializers.CharField(max_length=64)
    reason = serializers.ChoiceField(Report.Reason.choices)
    detail = serializers.CharField(
        max_length=services.MAX_DETAIL, required=False, allow_blank=True, default=""
    )


class ReportOutput(serializers.Serializer[Any]):
    """A report, as its author sees it."""

    id = serializers.UUIDField()
    target_type = serializers.CharField()
    target_id = serializers.UUIDField()
    reason = serializers.CharField()
    detail = serializers.CharField()
    created_at = serializers.DateTimeField()


class Reports(APIView):
    """Where things are reported."""

    @extend_schema(operation_id="report", request=ReportInput, responses={201: ReportOutput})
    @idempotent
    def post(self, request: Request) -> Response:
        """Report a video, a comment, a person or a theme of a room that the caller sees."""
        body = ReportInput(data=request.data)
        body.is_valid(raise_exception=True)
        made = services.report(actor=request.user, **body.validated_data)
        return Response(ReportOutput(made).data, status=201)


class ReportedVideo(APIView):
    """A reported video, for moderators."""

    @extend_schema(operation_id="inspect_video", responses=VideoOutput)
    def get(self, request: Request, video_id: str) -> Response:
        """Return it, whoever may see it, and keep that it was looked at; 403 `no_report`."""
        video = services.inspect_video(actor=request.user, video_id=video_id)
        rows = with_relations(Video.objects.filter(pk=video.pk))
        (card,) = cards_for(rows, viewer=None)
        return Response(card_json(card))
