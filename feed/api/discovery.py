"""`tags/...` and `search...`."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.schemas import UserSchema
from accounts.policies import require_user
from accounts.presentation import present_users
from core.http.pagination import CursorPage
from feed import search, sounds, tags
from feed.api.people import list_videos
from feed.api.schemas import (
    ListQuery,
    SoundOutput,
    SoundViewerOutput,
    VideoListOutput,
    VideoOutput,
)
from feed.heard import sound_json
from feed.models import TagTrend
from feed.sounds import FoundSound
from feed.tags import TagPage

PRIVATE = {"Cache-Control": "private, no-store"}


class TagPageOrder(CursorPage):
    """The newest first."""

    ordering = tags.ORDER


class TrendOrder(CursorPage):
    """What is used most above its usual rate first."""

    ordering = tags.TREND_ORDER


class TrendOutput(serializers.Serializer[None]):
    """How much a tag is used lately."""

    score = serializers.FloatField(help_text="Above the usual rate, in units of its noise.")
    series = serializers.ListField(
        child=serializers.IntegerField(), help_text="Uses in each of the last 24 spans."
    )


class TagViewerOutput(serializers.Serializer[None]):
    """How the caller stands to a tag."""

    follows = serializers.BooleanField()


class TagOutput(serializers.Serializer[None]):
    """A hashtag."""

    name = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="`videos`")
    trend = TrendOutput(allow_null=True)
    viewer = TagViewerOutput()


class TrendingOutput(serializers.Serializer[None]):
    """One of the trending tags."""

    name = serializers.CharField()
    trend = TrendOutput()
    viewer = TagViewerOutput()


class TrendingListOutput(serializers.Serializer[None]):
    """One page of trending tags."""

    results = TrendingOutput(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class FoundTagOutput(serializers.Serializer[None]):
    """A tag that was found."""

    name = serializers.CharField()


class FoundSoundOutput(SoundOutput):
    """A sound that was found."""

    cover = serializers.CharField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="`videos`")
    viewer = SoundViewerOutput()


class SearchListOutput(serializers.Serializer[None]):
    """One page of what was found, all of one type."""

    results = PolymorphicProxySerializer(
        component_name="Found",
        serializers=[VideoOutput, UserSchema, FoundTagOutput, FoundSoundOutput],
        resource_type_field_name=None,
        many=True,
    )
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class SearchText(serializers.Serializer[None]):
    """What is searched for."""

    q = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=500, help_text="Words."
    )


class SearchQuery(SearchText, ListQuery):
    """What is searched for, and among what."""

    type = serializers.ChoiceField(choices=search.TYPES, required=False, default="videos")
    remember = serializers.BooleanField(
        required=False, default=True, help_text="Whether it goes into one's own search history."
    )


class SuggestionOutput(serializers.Serializer[None]):
    """Something to search for."""

    kind = serializers.ChoiceField(choices=["history", "tag", "user", "sound"])
    text = serializers.CharField()
    id = serializers.UUIDField(required=False, help_text="Of a sound.")


class SuggestOutput(serializers.Serializer[None]):
    """Some things to search for."""

    results = SuggestionOutput(many=True)


class HistoryEntryOutput(serializers.Serializer[None]):
    """Something the caller searched for."""

    text = serializers.CharField()
    used_at = serializers.DateTimeField()


class HistoryOutput(serializers.Serializer[None]):
    """What the caller searched for lately."""

    results = HistoryEntryOutput(many=True)


class Trending(APIView):
    """Tags in fashion."""

    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="tags_trending", parameters=[ListQuery], responses=TrendingListOutput
    )
    def get(self, request: Request) -> Response:
        """Return the tags that are used more than usual, the most unusual first."""
        _valid(ListQuery, request)
        paginator = TrendOrder()
        page = paginator.paginate_queryset(tags.trending(request.user), request, self) or []
        followed = tags.followed_among(request.user, [trend.tag_id for trend in page])
        shown = [
            {
                "name": trend.tag.name,
                "trend": _trend(trend),
                "viewer": {"follows": trend.tag_id in followed},
            }
            for trend in page
        ]
        return paginator.get_paginated_response(shown)


class Tag(APIView):
    """One tag."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="tag", responses=TagOutput)
    def get(self, request: Request, tag: str) -> Response:
        """Return a tag that has a video for the caller; 404 for any other."""
        found = tags.get_tag(viewer=request.user, name=tag)
        return Response(_tag(tags.present(found, viewer=request.user)))


class TagVideos(APIView):
    """What carries a tag."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="tag_videos", parameters=[ListQuery], responses=VideoListOutput)
    def get(self, request: Request, tag: str) -> Response:
        """Return a tag's videos, the newest first."""
        found = tags.get_tag(viewer=request.user, name=tag)
        videos = tags.videos_of(found, viewer=request.user)
        return list_videos(self, request, videos, TagPageOrder())


class TagFollowing(APIView):
    """Whether the caller follows a tag."""

    takes_idempotency_key = False

    @extend_schema(operation_id="tag_follow", request=None, responses=TagViewerOutput)
    def post(self, request: Request, tag: str) -> Response:
        """Follow a tag."""
        return Response({"follows": tags.follow(actor=request.user, name=tag, on=True)})

    @extend_schema(operation_id="tag_follow_put", request=None, responses=TagViewerOutput)
    def put(self, request: Request, tag: str) -> Response:
        """Follow a tag, as POST."""
        return self.post(request, tag)

    @extend_schema(operation_id="tag_unfollow", request=None, responses=TagViewerOutput)
    def delete(self, request: Request, tag: str) -> Response:
        """Follow a tag no longer."""
        return Response({"follows": tags.follow(actor=request.user, name=tag, on=False)})


class Search(APIView):
    """Everything that can be found."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="search", parameters=[SearchQuery], responses=SearchListOutput)
    def get(self, request: Request) -> Response:
        """Return videos, users, tags or sounds that fit the text; nothing for no text."""
        given = _valid(SearchQuery, request)
        if given["remember"] and "cursor" not in request.query_params:
            search.remember(viewer=request.user, text=given["q"])
        rows, ordering = search.find(given["type"], viewer=request.user, text=given["q"])
        paginator = CursorPage()
        paginator.ordering = ordering
        if given["type"] == "videos":
            return list_videos(self, request, rows, paginator)
        page = paginator.paginate_queryset(rows, request, self) or []
        if given["type"] == "users":
            return paginator.get_paginated_response(present_users(page, viewer=request.user))
        if given["type"] == "sounds":
            found = [_found_sound(one) for one in sounds.listed(page, viewer=request.user)]
            return paginator.get_paginated_response(found)
        return paginator.get_paginated_response([{"name": row.name} for row in page])


class Suggest(APIView):
    """What somebody may be about to type."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="search_suggest", parameters=[SearchText], responses=SuggestOutput)
    def get(self, request: Request) -> Response:
        """Return own searches, tags and people that begin with the text; sounds that have it."""
        found = search.suggest(viewer=request.user, text=_valid(SearchText, request)["q"])
        shown = [
            {"kind": one.kind, "text": one.text} | ({"id": str(one.id)} if one.id else {})
            for one in found
        ]
        return Response({"results": shown}, headers=PRIVATE)


class History(APIView):
    """What the caller searched for; nobody else ever sees it."""

    @extend_schema(operation_id="search_history", responses=HistoryOutput)
    def get(self, request: Request) -> Response:
        """Return the latest fifty searches."""
        rows = search.history(require_user(request.user))[: search.KEPT]
        shown = [{"text": row.text, "used_at": row.used_at} for row in rows]
        return Response({"results": shown}, headers=PRIVATE)

    @extend_schema(operation_id="search_history_clear", request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Clear the history."""
        search.forget(actor=require_user(request.user))
        return Response(status=204)


def _valid(query: type[serializers.Serializer[None]], request: Request) -> dict[str, Any]:
    asked = query(data=request.query_params)
    asked.is_valid(raise_exception=True)
    given: dict[str, Any] = asked.validated_data
    return given


def _found_sound(found: FoundSound) -> dict[str, Any]:
    counts = {"videos": found.videos}
    viewer = {"may_use": found.may_use}
    extra = {"cover": found.cover, "counts": counts, "viewer": viewer}
    return sound_json(found.sound) | extra


def _trend(trend: TagTrend) -> dict[str, Any]:
    return {"score": round(trend.score, 3), "series": trend.series}


def _tag(page: TagPage) -> dict[str, Any]:
    return {
        "name": page.name,
        "counts": {"videos": page.videos},
        "trend": _trend(page.trend) if page.trend else None,
        "viewer": {"follows": page.follows},
    }
