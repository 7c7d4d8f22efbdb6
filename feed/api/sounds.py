"""`sounds/{id}` and its videos."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.http.pagination import CursorPage
from feed import sounds as pages
from feed.api.people import list_videos
from feed.api.schemas import ListQuery, SoundOutput, SoundViewerOutput, VideoListOutput
from feed.heard import sound_json
from videos import sounds


class SoundOrder(CursorPage):
    """The newest first."""

    ordering = pages.ORDER


class SoundPageOutput(SoundOutput):
    """A sound and how much it is used."""

    cover = serializers.CharField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="`videos`")
    viewer = SoundViewerOutput()


class SoundDetail(APIView):
    """One sound."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="sound", responses=SoundPageOutput)
    def get(self, request: Request, sound_id: str) -> Response:
        """Return a sound whose clip everybody may watch (or one's own); 404 for any other."""
        found = sounds.get_sound(viewer=request.user, sound_id=sound_id)
        page = pages.present(found, viewer=request.user)
        body = sound_json(page.sound) | {
            "cover": page.cover,
            "counts": {"videos": page.videos},
            "viewer": {"may_use": page.may_use},
        }
        return Response(body, headers={"Cache-Control": "private, no-store"})


class SoundVideos(APIView):
    """What is set to a sound."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="sound_videos", parameters=[ListQuery], responses=VideoListOutput)
    def get(self, request: Request, sound_id: str) -> Response:
        """Return the videos set to a sound, the newest first."""
        found = sounds.get_sound(viewer=request.user, sound_id=sound_id)
        videos = pages.videos_of(found, viewer=request.user)
        return list_videos(self, request, videos, SoundOrder())
