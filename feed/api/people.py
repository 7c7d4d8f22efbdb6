"""`GET users/{handle}/videos`, `/reposts`, `/saved` and `/liked`; `collections/{id}/videos`."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.http.pagination import CursorPage
from feed import profiles
from feed.api.schemas import ListQuery, VideoListOutput
from feed.cards import card_json, cards_for
from social.engagement import selectors as engagement
from social.graph import policies as people
from videos.models import Video


class PostedPage(CursorPage):
    """Pinned ones first, then the newest."""

    ordering = profiles.POSTED_ORDER


class MarkedPage(CursorPage):
    """What was liked, saved, reposted or put away last comes first."""

    ordering = profiles.MARKED_ORDER


class UserVideos(APIView):
    """What a person posted."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="user_videos", parameters=[ListQuery], responses=VideoListOutput)
    def get(self, request: Request, handle: str) -> Response:
        """Return the videos of a person that the caller may see."""
        person = people.get_visible_person(viewer=request.user, handle=handle)
        videos = profiles.posted_by(person, viewer=request.user)
        return list_videos(self, request, videos, PostedPage())


class UserLiked(APIView):
    """What a person liked."""

    @extend_schema(operation_id="user_liked", parameters=[ListQuery], responses=VideoListOutput)
    def get(self, request: Request, handle: str) -> Response:
        """Return what the caller liked; 403 `likes_private` for anybody else's list."""
        person = people.get_visible_person(viewer=request.user, handle=handle)
        videos = profiles.liked_by(person, viewer=request.user)
        return list_videos(self, request, videos, MarkedPage())


class UserReposts(APIView):
    """What a person reposted."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="user_reposts", parameters=[ListQuery], responses=VideoListOutput)
    def get(self, request: Request, handle: str) -> Response:
        """Return what a person reposted, as far as the caller may see each video itself."""
        person = people.get_visible_person(viewer=request.user, handle=handle)
        videos = profiles.reposted_by(person, viewer=request.user)
        return list_videos(self, request, videos, MarkedPage())


class UserSaved(APIView):
    """What a person keeps."""

    @extend_schema(operation_id="user_saved", parameters=[ListQuery], responses=VideoListOutput)
    def get(self, request: Request, handle: str) -> Response:
        """Return what the caller saved; 403 `saves_private` for anybody else's list."""
        person = people.get_visible_person(viewer=request.user, handle=handle)
        videos = profiles.saved_by(person, viewer=request.user)
        return list_videos(self, request, videos, MarkedPage())


class CollectionVideos(APIView):
    """What stands on a collection of the caller."""

    @extend_schema(
        operation_id="collection_videos", parameters=[ListQuery], responses=VideoListOutput
    )
    def get(self, request: Request, collection_id: str) -> Response:
        """Return the videos of one of the caller's collections; 404 for anybody else's."""
        actor = people.require_active(request.user)
        collection = engagement.own_collection(owner=actor, collection_id=collection_id)
        videos = profiles.shelved_on(collection, viewer=actor)
        return list_videos(self, request, videos, MarkedPage())


def list_videos(
    view: APIView, request: Request, videos: QuerySet[Video], paginator: CursorPage
) -> Response:
    """Answer one page of a list."""
    query = ListQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    page = paginator.paginate_queryset(videos, request, view) or []
    cards = cards_for(page, viewer=request.user)
    return paginator.get_paginated_response([card_json(card) for card in cards])
