"""`themes`: the gallery, one's own, making one, and what a room wears."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.auth import read
from chat import selectors, services
from chat.api.schemas import ConversationSchema, PersonSchema
from chat.inputs import ThemeInput, look_of
from chat.presentation import theme_card_json
from chat.shelf import conversations_json
from core.http.pagination import CursorPage
from core.http.parsers import SmallMultipart
from social.graph.policies import require_active


class ThemeParser(SmallMultipart):
    """The pictures of a theme."""

    max_file_bytes = services.MAX_LAYERS * services.THEME_LAYER_MAX_BYTES


class ThemeFiles(serializers.Serializer[Any]):
    """A theme with its pictures: `layer_0` at the back to `layer_4`, `speed_0` to `speed_4`."""

    name = serializers.CharField()
    background = serializers.ChoiceField(["color", "image", "parallax"])
    bg_color = serializers.CharField(help_text="#rrggbb, as the four others.")
    own_color = serializers.CharField()
    own_text = serializers.CharField(help_text="Contrast with own_color 4.5 at least.")
    other_color = serializers.CharField()
    other_text = serializers.CharField(help_text="Contrast with other_color 4.5 at least.")
    layer_0 = serializers.FileField(required=False)
    speed_0 = serializers.FloatField(required=False, help_text="0 to 1.")
    builds_on = serializers.UUIDField(required=False, help_text="A theme whose pictures are kept.")
    keep_0 = serializers.IntegerField(required=False, help_text="Its picture for this layer.")


class LayerSchema(serializers.Serializer[Any]):
    """A picture of a theme."""

    url = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    speed = serializers.FloatField()


class ThemeSchema(serializers.Serializer[Any]):
    """A look that rooms may have."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    owner = PersonSchema(allow_null=True)
    background = serializers.CharField()
    bg_color = serializers.CharField()
    own_color = serializers.CharField()
    own_text = serializers.CharField()
    other_color = serializers.CharField()
    other_text = serializers.CharField()
    layers = LayerSchema(many=True)
    uses = serializers.IntegerField(help_text="Rooms that look like this now.")
    published = serializers.BooleanField()


THEME_PAGE = inline_serializer(
    "ThemePage",
    {
        "results": ThemeSchema(many=True),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
    },
)


class PublishedBody(serializers.Serializer[Any]):
    """Whether the gallery shows it."""

    published = serializers.BooleanField()


class RoomThemeBody(serializers.Serializer[Any]):
    """Which theme."""

    theme_id = serializers.UUIDField()


class Popular(CursorPage):
    """Themes by the number of rooms, then the youngest."""

    page_size = 24
    ordering = selectors.ORDERS["popular"]


class Newest(CursorPage):
    """Themes by when they were published."""

    page_size = 24
    ordering = selectors.ORDERS["new"]


class Own(CursorPage):
    """One's own themes, the youngest first."""

    page_size = 24
    ordering = ("-id",)


class Themes(APIView):
    """Looks that rooms may have."""

    parser_classes = [ThemeParser]
    takes_idempotency_key = False

    @extend_schema(
        operation_id="themes",
        parameters=[
            OpenApiParameter("order", str, enum=[*selectors.ORDERS]),
            OpenApiParameter("mine", bool),
        ],
        responses=THEME_PAGE,
    )
    def get(self, request: Request) -> Response:
        """Return the gallery, by use or by age; with `mine=true` the caller's own."""
        user = require_active(request.user)
        order = request.query_params.get("order", "popular")
        rows = selectors.gallery(viewer=user, order=order)
        pages: CursorPage = Newest() if order == "new" else Popular()
        if request.query_params.get("mine") == "true":
            rows, pages = selectors.own_themes(user), Own()
        page = pages.paginate_queryset(rows, request, self) or []
        return pages.get_paginated_response([theme_card_json(theme) for theme in page])

    @extend_schema(
        operation_id="theme_make",
        request={"multipart/form-data": ThemeFiles},
        responses={201: ThemeSchema},
    )
    def post(self, request: Request) -> Response:
        """Make one; 400 `contrast_too_low` for text that cannot be read on its bubble."""
        given = read(ThemeInput, request)
        theme = services.make_theme(
            actor=request.user,
            look=look_of(given, request.FILES),
            builds_on=given["builds_on"],
        )
        return Response(theme_card_json(theme), status=status.HTTP_201_CREATED)


class ThemeDetail(APIView):
    """One theme."""

    @extend_schema(operation_id="theme", responses=ThemeSchema)
    def get(self, request: Request, theme_id: str) -> Response:
        """Return one of the gallery, of the caller, or of a room of theirs."""
        user = require_active(request.user)
        return Response(theme_card_json(selectors.visible_theme(user=user, theme_id=theme_id)))

    @extend_schema(operation_id="theme_publish", request=PublishedBody, responses=ThemeSchema)
    def patch(self, request: Request, theme_id: str) -> Response:
        """Show one's own in the gallery, or no longer."""
        theme = services.publish_theme(
            actor=request.user, theme_id=theme_id, on=read(PublishedBody, request)["published"]
        )
        return Response(theme_card_json(theme))

    @extend_schema(operation_id="theme_delete", responses={204: None})
    def delete(self, request: Request, theme_id: str) -> Response:
        """Delete one's own; rooms that look like it keep it."""
        services.delete_theme(actor=request.user, theme_id=theme_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RoomTheme(APIView):
    """What a conversation looks like, for everybody in it."""

    @extend_schema(
        operation_id="room_theme_set", request=RoomThemeBody, responses=ConversationSchema
    )
    def put(self, request: Request, conversation_id: str) -> Response:
        """Put a theme on: either of a pair, admins and the owner of a group."""
        return self._set(request, conversation_id, read(RoomThemeBody, request)["theme_id"])

    @extend_schema(operation_id="room_theme_clear", responses=ConversationSchema)
    def delete(self, request: Request, conversation_id: str) -> Response:
        """Take it off."""
        return self._set(request, conversation_id, None)

    def _set(self, request: Request, conversation_id: str, theme_id: object) -> Response:
        services.set_room_theme(
            actor=request.user, conversation_id=conversation_id, theme_id=theme_id
        )
        user = require_active(request.user)
        member = selectors.membership(user=user, conversation_id=conversation_id)
        return Response(conversations_json([member], whole=True)[0])
