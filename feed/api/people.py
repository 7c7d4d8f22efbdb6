"""`GET users/{handle}/videos` and `/liked`."""

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
from social.graph import policies as people
from videos.models import Video


class PostedPage(CursorPage):
    """Pinned ones first, then the newest."""

    ordering = profiles.POSTED_ORDER


class LikedPage(CursorPage):
    """The latest like first."""

    ordering = profiles.LIKED_ORDER


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
        return list_videos(self, request, videos, LikedPage())


def list_videos(
    view: APIView, request: Request, videos: QuerySet[Video], paginator: CursorPage
) -> Response:
    """Answer one page of a list."""
    query = ListQuery(data=request.query_params)
    query.is_valid(raise_exception=True)
    page = paginator.paginate_queryset(videos, request, view) or []
    cards = cards_for(page, viewer=request.user)
    return paginator.get_paginated_response([card_json(card) for card in cards])
