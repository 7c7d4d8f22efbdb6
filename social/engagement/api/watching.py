"""`POST events/views`: what players tell about watching."""

import hashlib
from typing import Any

import orjson
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.http.clients import limit_subject
from core.http.parsers import JsonParser
from social.engagement import services, visitors

MAX_EVENTS = 100
MAX_BYTES = 64 * 1024
HUGE = 2**31 - 1


class SmallJson(JsonParser):
    """JSON of at most 64 kB."""

    max_bytes = MAX_BYTES


class ViewEventInput(serializers.Serializer[Any]):
    """One stretch of watching one video; durations in ms, clamped to what the clip allows."""

    client_event_id = serializers.CharField(
        max_length=64,
        required=False,
        help_text="Made by the player; the same id again is the same event. "
        "Left out, equal events are the same.",
    )
    video_id = serializers.UUIDField()
    watched_ms = serializers.IntegerField(min_value=0, max_value=HUGE)
    duration_ms = serializers.IntegerField(min_value=0, max_value=HUGE, default=0)
    completed = serializers.BooleanField(default=False)
    replays = serializers.IntegerField(min_value=0, max_value=HUGE, default=0)
    # The metaclass takes fields off the class, so that this does not hide `Field.source`.
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=20, default="", allow_blank=True
    )
    at = serializers.DateTimeField(
        default=None, allow_null=True, help_text="When it began; now where left out."
    )


class ViewBatch(serializers.Serializer[Any]):
    """A batch of events."""

    events = serializers.ListField(child=ViewEventInput(), min_length=1, max_length=MAX_EVENTS)


RECEIVED = inline_serializer("ViewsReceived", {"received": serializers.IntegerField()})
VISITOR = OpenApiParameter(
    visitors.HEADER,
    str,
    OpenApiParameter.HEADER,
    description="Of a client without an account and without cookies: "
    "what the same header of an earlier answer said.",
)


class ViewEvents(APIView):
    """Where players tell what was watched."""

    permission_classes = [AllowAny]
    parser_classes = [SmallJson]

    @extend_schema(
        operation_id="view_events",
        parameters=[VISITOR],
        request=ViewBatch,
        responses={202: RECEIVED},
    )
    def post(self, request: Request) -> Response:
        """Take up to 100 events; a view counts within seconds, once, and never one's own.

        What the caller may not see is dropped, and the answer does not tell.
        """
        body = ViewBatch(data=request.data)
        body.is_valid(raise_exception=True)
        events = [_watched(event) for event in body.validated_data["events"]]
        name, token = visitors.of(request)
        services.record_views(
            actor=request.user,
            visitor=name,
            address=limit_subject(request),
            events=events,
        )
        response = Response({"received": len(events)}, status=status.HTTP_202_ACCEPTED)
        if token:
            response[visitors.HEADER] = token
            visitors.remember(response, token, secure=request.is_secure())
        return response


def _watched(event: dict[str, Any]) -> services.Watched:
    known = event.pop("client_event_id", None)
    if known is None:
        content = orjson.dumps(event, option=orjson.OPT_SORT_KEYS)
        known = hashlib.sha256(content).hexdigest()
    return services.Watched(client_event_id=known, **event)
