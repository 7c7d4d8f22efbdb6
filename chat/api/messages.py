"""Messages: pages of them, sending, editing, deleting, reactions, positions."""

from typing import Literal, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.auth import read
from chat import selectors, services, shelf
from chat.api import schemas
from chat.inputs import MessageInput, outgoing_of
from chat.presentation import message_json, own_json
from core.errors import Invalid
from social.graph.policies import require_active


class Messages(APIView):
    """The messages of a conversation."""

    takes_idempotency_key = False

    @extend_schema(
        operation_id="messages",
        parameters=[schemas.WindowQuery],
        responses=schemas.MESSAGE_PAGE,
    )
    def get(self, request: Request, conversation_id: str) -> Response:
        """Return a stretch, oldest first: before, after or around a seq, or the end."""
        user = require_active(request.user)
        query = schemas.WindowQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        member = selectors.membership(user=user, conversation_id=conversation_id)
        page = selectors.messages_page(member, **query.validated_data)
        return Response(
            {
                "results": [message_json(message) for message in page.messages],
                "more_before": page.more_before,
                "more_after": page.more_after,
            }
        )

    @extend_schema(
        operation_id="message_send",
        request=MessageInput,
        responses={201: schemas.MessageSchema, 200: schemas.MessageSchema},
    )
    def post(self, request: Request, conversation_id: str) -> Response:
        """Send; 201, or 200 with `duplicate: true` when this `client_id` was sent before."""
        fields = read(MessageInput, request)
        sent = services.send_message(
            actor=request.user, conversation_id=conversation_id, outgoing=outgoing_of(fields)
        )
        code = status.HTTP_200_OK if sent.duplicate else status.HTTP_201_CREATED
        body = message_json(sent.message) | {"duplicate": sent.duplicate}
        return Response(body, status=code)


class MessageDetail(APIView):
    """One message."""

    @extend_schema(
        operation_id="message_edit",
        request=schemas.EditInput,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)],
        responses=schemas.MessageSchema,
    )
    def patch(self, request: Request, message_id: str) -> Response:
        """Rewrite one's own; 409 `revision_mismatch` unless `If-Match` is its revision."""
        message = services.edit_message(
            actor=request.user,
            message_id=message_id,
            body=read(schemas.EditInput, request)["body"],
            revision=_revision(request),
        )
        return Response(message_json(message))

    @extend_schema(
        operation_id="message_delete",
        parameters=[OpenApiParameter("for", str, enum=["me", "all"])],
        responses={204: None},
    )
    def delete(self, request: Request, message_id: str) -> Response:
        """Delete it for the caller (`for=me`) or for everybody (`for=all`)."""
        whom = request.query_params.get("for", "me")
        if whom not in ("me", "all"):
            raise Invalid.field("for", "One of: me, all.")
        services.delete_message(
            actor=request.user,
            message_id=message_id,
            for_whom=cast(Literal["me", "all"], whom),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class Revisions(APIView):
    """What a message said before."""

    @extend_schema(operation_id="message_revisions", responses=schemas.EVENT_PAGE)
    def get(self, request: Request, message_id: str) -> Response:
        """Return its earlier words, oldest first."""
        user = require_active(request.user)
        message, _ = selectors.get_message(user=user, message_id=message_id)
        return Response({"results": selectors.revisions_of(message)})


class ReactionDetail(APIView):
    """The caller's emoji on a message."""

    @extend_schema(operation_id="reaction_set", request=None, responses=schemas.MessageSchema)
    def put(self, request: Request, message_id: str, emoji: str) -> Response:
        """React."""
        return self._set(request, message_id, emoji, on=True)

    @extend_schema(operation_id="reaction_unset", responses=schemas.MessageSchema)
    def delete(self, request: Request, message_id: str, emoji: str) -> Response:
        """Take it back."""
        return self._set(request, message_id, emoji, on=False)

    def _set(self, request: Request, message_id: str, emoji: str, *, on: bool) -> Response:
        message = services.set_reaction(
            actor=request.user, message_id=message_id, emoji=emoji, on=on
        )
        return Response(message_json(message))


class Read(APIView):
    """How far the caller has read."""

    takes_idempotency_key = False

    @extend_schema(
        operation_id="conversation_read", request=schemas.SeqInput, responses=schemas.OwnSchema
    )
    def post(self, request: Request, conversation_id: str) -> Response:
        """Move it forward; it never goes back."""
        seq = read(schemas.SeqInput, request)["seq"]
        member = services.mark_read(actor=request.user, conversation_id=conversation_id, seq=seq)
        return Response(own_json(member))


class Receipts(APIView):
    """How far the others are."""

    @extend_schema(operation_id="receipts", responses=schemas.RECEIPTS)
    def get(self, request: Request, conversation_id: str) -> Response:
        """Return who has read and received how far, as far as the caller may know."""
        user = require_active(request.user)
        member = selectors.membership(user=user, conversation_id=conversation_id)
        found = services.receipts_for(user, member)
        return Response(
            {
                "results": [
                    {"user_id": pk, "read": place[0], "delivered": place[1]}
                    for pk, place in found.items()
                ]
            }
        )


class Events(APIView):
    """Changes of a conversation, in order."""

    @extend_schema(
        operation_id="conversation_events",
        parameters=[schemas.EventsQuery],
        responses=schemas.EVENT_PAGE,
    )
    def get(self, request: Request, conversation_id: str) -> Response:
        """Return what followed an `event_seq`; 400 `events_gone` when it is too long ago."""
        user = require_active(request.user)
        query = schemas.EventsQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        member = selectors.membership(user=user, conversation_id=conversation_id)
        found = selectors.events_after(member, after=query.validated_data["after"])
        return Response({"results": shelf.events_json(member, found)})


def _revision(request: Request) -> int | None:
    given = request.headers.get("If-Match", "").strip('"')
    if not given:
        return None
    if not given.isdecimal():
        raise Invalid.field("If-Match", "The revision that you saw.")
    return int(given)
