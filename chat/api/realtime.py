"""What a client needs to open its socket."""

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import sockets
from accounts.principals import Principal
from core.errors import Unauthenticated

TICKET = inline_serializer(
    "Ticket",
    {"ticket": serializers.CharField(), "expires_in": serializers.IntegerField()},
)


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
