"""`calls`: keys to relays and rooms. Calls themselves are made over the socket."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.auth import read
from chat.api.schemas import PersonSchema
from chat.services import call_keys, group_calls


class CallInput(serializers.Serializer[Any]):
    """Which call."""

    call_id = serializers.UUIDField()


ICE = inline_serializer(
    "IceConfiguration",
    {
        "ice_servers": inline_serializer(
            "IceServer",
            {
                "urls": serializers.ListField(child=serializers.CharField()),
                "username": serializers.CharField(required=False),
                "credential": serializers.CharField(required=False),
            },
            many=True,
        ),
        "ice_transport_policy": serializers.ChoiceField(["all", "relay"]),
        "expires_in": serializers.IntegerField(),
    },
)
SFU = inline_serializer(
    "SfuKey",
    {
        "url": serializers.CharField(),
        "token": serializers.CharField(),
        "room": serializers.CharField(),
        "expires_in": serializers.IntegerField(),
    },
)

INSIDE = inline_serializer("PeopleInCall", {"people": PersonSchema(many=True)})


class Turn(APIView):
    """STUN and TURN servers."""

    takes_idempotency_key = False

    @extend_schema(operation_id="call_turn", request=CallInput, responses=ICE)
    def post(self, request: Request) -> Response:
        """Return them for a live call of the caller's, with credentials that expire."""
        call_id = read(CallInput, request)["call_id"]
        return _private(call_keys.ice_for(actor=request.user, call_id=call_id))


class SfuToken(APIView):
    """The room of a group's call; its id is that of the conversation."""

    takes_idempotency_key = False

    @extend_schema(operation_id="call_sfu_token", request=None, responses=SFU)
    def post(self, request: Request, conversation_id: str) -> Response:
        """Return a token for it, where this instance has a LiveKit."""
        found = call_keys.sfu_key(actor=request.user, conversation_id=conversation_id)
        return _private(asdict(found))


class PeopleInCall(APIView):
    """Who is in a group's call."""

    @extend_schema(operation_id="call_people", responses=INSIDE)
    def get(self, request: Request, conversation_id: str) -> Response:
        """Return them, a few seconds old, where this instance has a LiveKit."""
        found = group_calls.people_in_call(actor=request.user, conversation_id=conversation_id)
        return _private({"people": found})


def _private(body: dict[str, Any]) -> Response:
    return Response(body, headers={"Cache-Control": "no-store"})
