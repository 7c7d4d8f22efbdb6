"""`collections`, `collections/{id}` and what is put there: the caller's own, nobody else's."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.http.pagination import CursorPage
from core.idempotency import idempotent
from social.engagement import selectors, services, shelves
from social.engagement.models import Collection
from social.engagement.text import MAX_NAME
from social.graph import policies as people
from social.graph.api.schemas import page_of, toggle


class CollectionInput(serializers.Serializer[Any]):
    """What a collection is called."""

    name = serializers.CharField(help_text=f"1 to {MAX_NAME} characters; the caller's only such.")


class CollectionOutput(serializers.Serializer[Any]):
    """A collection of the caller."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    created_at = serializers.DateTimeField()
    videos = serializers.IntegerField(help_text="As many as the caller may see now.")
    cover = serializers.CharField(allow_null=True, help_text="Of the latest of them.")
    contains = serializers.BooleanField(
        allow_null=True, help_text="Whether `?video_id=` stands there; null without."
    )


class CollectionQuery(serializers.Serializer[Any]):
    """Which page, and which video is asked about."""

    limit = serializers.IntegerField(default=20, min_value=1, max_value=100)
    cursor = serializers.CharField(required=False)
    video_id = serializers.UUIDField(required=False)


class NewestFirst(CursorPage):
    """The latest collection first."""

    ordering = ("-id",)


COLLECTIONS = page_of("CollectionPage", CollectionOutput)


class Collections(APIView):
    """The caller's collections."""

    @extend_schema(operation_id="collections", parameters=[CollectionQuery], responses=COLLECTIONS)
    def get(self, request: Request) -> Response:
        """Return the caller's collections, the latest first."""
        query = CollectionQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        actor, pages = people.require_active(request.user), NewestFirst()
        rows = selectors.collections_of(actor)
        page = pages.paginate_queryset(rows, request, self) or []
        asked = query.validated_data.get("video_id")
        shown = shelves.rows_for(page, viewer=actor, video_id=asked)
        return pages.get_paginated_response([asdict(row) for row in shown])

    @extend_schema(
        operation_id="collection_add", request=CollectionInput, responses={201: CollectionOutput}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Make a collection; 409 `collection_exists` for a name that the caller uses already."""
        collection = services.create_collection(actor=request.user, name=_name(request))
        return Response(_present(collection, request), status=status.HTTP_201_CREATED)


class CollectionDetail(APIView):
    """One collection of the caller."""

    @extend_schema(operation_id="collection", responses=CollectionOutput)
    def get(self, request: Request, collection_id: str) -> Response:
        """Return a collection of the caller; its videos are at `/videos`."""
        actor = people.require_active(request.user)
        return Response(
            _present(selectors.own_collection(owner=actor, collection_id=collection_id), request)
        )

    @extend_schema(
        operation_id="collection_rename", request=CollectionInput, responses=CollectionOutput
    )
    @idempotent
    def patch(self, request: Request, collection_id: str) -> Response:
        """Give it another name."""
        collection = services.rename_collection(
            actor=request.user, collection_id=collection_id, name=_name(request)
        )
        return Response(_present(collection, request))

    @extend_schema(operation_id="collection_delete", responses={204: None})
    def delete(self, request: Request, collection_id: str) -> Response:
        """Delete it; what stood there stays saved."""
        services.delete_collection(actor=request.user, collection_id=collection_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


@toggle("collection_item", contains=serializers.BooleanField(), saved=serializers.BooleanField())
class CollectionPlace(APIView):
    """Whether a video stands on a collection of the caller."""

    def post(self, request: Request, collection_id: str, video_id: str) -> Response:
        """Put it there, and save it."""
        return Response(
            services.put_in(actor=request.user, collection_id=collection_id, video_id=video_id)
        )

    def put(self, request: Request, collection_id: str, video_id: str) -> Response:
        """Put it there, and save it."""
        return self.post(request, collection_id, video_id)

    def delete(self, request: Request, collection_id: str, video_id: str) -> Response:
        """Take it away; it stays saved."""
        return Response(
            services.take_out(actor=request.user, collection_id=collection_id, video_id=video_id)
        )


def _name(request: Request) -> str:
    body = CollectionInput(data=request.data)
    body.is_valid(raise_exception=True)
    name: str = body.validated_data["name"]
    return name


def _present(collection: Collection, request: Request) -> dict[str, Any]:
    return asdict(shelves.rows_for([collection], viewer=request.user)[0])
