"""What a client needs to open its socket, and presence for those without one."""

from collections.abc import Sequence

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import sockets
from accounts.principals import Principal
from chat import protocol, services
from core.errors import Unauthenticated
from social.graph.policies import require_active

TICKET = inline_serializer(
    "Ticket",
    {"ticket": serializers.CharField(), "expires_in": serializers.IntegerField()},
)
PRESENCE = inline_serializer(
    "Presence",
    {
        "results": inline_serializer(
            "PresenceOfPerson",
            {
                "user_id": serializers.UUIDField(),
                "online": serializers.BooleanField(),
                "last_seen_at": serializers.DateTimeField(allow_null=True),
            },
            many=True,
        )
    },
)


class Presence(APIView):
    """Who is connected now, and when they last were."""

    @extend_schema(
        operation_id="presence",
        parameters=[OpenApiParameter("ids", str, description="At most 200, with commas.")],
        responses=PRESENCE,
    )
    def get(self, request: Request) -> Response:
        """Return it of friends who let it be known, to callers who do so too; of others nothing."""
        user = require_active(request.user)
        asked = [one for one in request.query_params.get("ids", "").split(",") if one]
        found = services.presence_of(user, services.parse_watched(asked))
        return Response({"results": [services.presence_json(one) for one in found]})


class Shapes(APIView):
    """The published form of what sockets write."""

    permission_classes = [AllowAny]
    authentication_classes: Sequence[type[BaseAuthentication]] = []

    @extend_schema(operation_id="realtime_schema", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        """Return a JSON Schema (2020-12) with one definition per event."""
        return Response(protocol.document(), headers={"Cache-Control": "public, max-age=3600"})


class Ticket(APIView):
    """A key that opens one socket at `/ws/m/v1`."""

    takes_idempotency_key = False

    @extend_schema(operation_id="realtime_ticket", request=None, responses={201: TICKET})
    def post(self, request: Request) -> Response:
        """Return a ticket, good once and for 30 s: `{op: auth, d: {ticket}}`."""
        if not isinstance(request.auth, Principal):
            raise Unauthenticated
        ticket = sockets.issue_ticket(request.auth)
        body = {"ticket": ticket, "expires_in": sockets.TICKET_SECONDS}
        return Response(body, status=status.HTTP_201_CREATED)
