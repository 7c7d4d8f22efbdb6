"""`emoji-sets`: the caller's custom emoji, a group's, and what may be used in a conversation."""

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import selectors, services
from chat.inputs import EmojiInput
from chat.presentation import emoji_json
from core.errors import Invalid
from core.http.parsers import SmallMultipart
from social.graph.policies import require_active


class EmojiParser(SmallMultipart):
    """One small picture."""

    max_file_bytes = services.EMOJI_MAX_BYTES


class EmojiSchema(serializers.Serializer[Any]):
    """A custom emoji."""

    id = serializers.UUIDField()
    shortcode = serializers.CharField(help_text="Written between colons.")
    url = serializers.CharField()


class EmojiFile(serializers.Serializer[Any]):
    """A new emoji: JPEG, PNG or WebP of at most 512 kB; cut square, 16 to 128 pixels."""

    shortcode = serializers.CharField()
    file = serializers.FileField()


SET = inline_serializer("EmojiSet", {"results": EmojiSchema(many=True)})
SETS = inline_serializer(
    "EmojiSets", {"group": EmojiSchema(many=True), "own": EmojiSchema(many=True)}
)


def add(request: Request, conversation_id: str | None) -> Response:
    """Add the emoji of a request to a group, or to the caller's own."""
    form = EmojiInput(data=request.data)
    form.is_valid(raise_exception=True)
    given = request.FILES.get("file")
    if given is None:
        raise Invalid.field("file", "Choose a picture.")
    emoji = services.add_emoji(
        actor=request.user,
        shortcode=form.validated_data["shortcode"],
        source=given.file,
        conversation_id=conversation_id,
    )
    return Response(emoji_json(emoji), status=status.HTTP_201_CREATED)


class OwnEmoji(APIView):
    """The caller's emoji."""

    parser_classes = [EmojiParser]
    takes_idempotency_key = False

    @extend_schema(operation_id="emoji", responses=SET)
    def get(self, request: Request) -> Response:
        """Return them by name; there are fifty at most."""
        user = require_active(request.user)
        return Response({"results": [emoji_json(one) for one in selectors.own_emoji(user)]})

    @extend_schema(
        operation_id="emoji_add",
        request={"multipart/form-data": EmojiFile},
        responses={201: EmojiSchema},
    )
    def post(self, request: Request) -> Response:
        """Add one; 409 `shortcode_taken` or `emoji_full`."""
        return add(request, None)


class RoomEmoji(APIView):
    """Emoji in a conversation."""

    parser_classes = [EmojiParser]
    takes_idempotency_key = False

    @extend_schema(operation_id="room_emoji", responses=SETS)
    def get(self, request: Request, conversation_id: str) -> Response:
        """Return what the caller may use there: the group's, which go first, and their own."""
        user = require_active(request.user)
        member = selectors.membership(user=user, conversation_id=conversation_id)
        group = selectors.group_emoji(member.conversation)
        return Response(
            {
                "group": [emoji_json(one) for one in group],
                "own": [emoji_json(one) for one in selectors.own_emoji(user)],
            }
        )

    @extend_schema(
        operation_id="room_emoji_add",
        request={"multipart/form-data": EmojiFile},
        responses={201: EmojiSchema},
    )
    def post(self, request: Request, conversation_id: str) -> Response:
        """Add one to the group, as its admin or owner; there are a hundred at most."""
        return add(request, conversation_id)


class EmojiDetail(APIView):
    """One emoji."""

    @extend_schema(operation_id="emoji_delete", responses={204: None})
    def delete(self, request: Request, emoji_id: str) -> Response:
        """Delete one's own, or a group's as whoever runs it or added it; its words are left."""
        services.delete_emoji(actor=request.user, emoji_id=emoji_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
