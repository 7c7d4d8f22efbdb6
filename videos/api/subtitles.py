"""`videos/{id}/captions`: WebVTT, a track a language."""

from typing import IO, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Invalid, TooLarge
from core.http.parsers import JsonParser
from videos import playback, selectors, webvtt
from videos.services import subtitles


class VttParser(BaseParser):
    """A caption file as the body itself."""

    media_type = "text/vtt"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, str]:
        """Return it as the field `body`; raises TooLarge, Invalid when it is not UTF-8."""
        data = stream.read(webvtt.MAX_BYTES + 1)
        if len(data) > webvtt.MAX_BYTES:
            raise TooLarge("captions_too_large", "The caption file is too large.")
        try:
            return {"body": data.decode("utf-8")}
        except UnicodeDecodeError as error:
            raise Invalid.field(webvtt.FIELD, "A caption file is UTF-8 text.") from error


class CaptionInput(serializers.Serializer[Any]):
    """A caption file as JSON."""

    body = serializers.CharField(trim_whitespace=False, max_length=webvtt.MAX_BYTES)
    label = serializers.CharField(  # type: ignore[assignment]  # the name of a field of ours
        required=False, allow_blank=True, max_length=40
    )


class CaptionOutput(serializers.Serializer[Any]):
    """A track for the player."""

    lang = serializers.CharField()
    label = serializers.CharField(  # type: ignore[assignment]  # the name of a field of ours
        help_text="May be empty: then say the language."
    )
    automatic = serializers.BooleanField(help_text="A program wrote it down.")
    url = serializers.CharField()


class CaptionsOutput(serializers.Serializer[Any]):
    """Every track of a clip."""

    results = CaptionOutput(many=True)


class Captions(APIView):
    """The captions of a clip."""

    permission_classes = [AllowAny]

    @extend_schema(operation_id="captions", responses=CaptionsOutput)
    def get(self, request: Request, video_id: str) -> Response:
        """Return the tracks of a clip that the caller may see, by language."""
        video = selectors.get_viewable_video(viewer=request.user, video_id=video_id)
        body = {"results": playback.captions(video)}
        return Response(body, headers={"Cache-Control": "private, no-store"})


class CaptionTrackDetail(APIView):
    """The captions of a clip in one language."""

    parser_classes = [JsonParser, VttParser]

    @extend_schema(
        operation_id="put_captions",
        request={"application/json": CaptionInput, "text/vtt": OpenApiTypes.STR},
        responses=CaptionOutput,
    )
    def put(self, request: Request, video_id: str, lang: str) -> Response:
        """Write the captions of a language: times and plain words are kept, nothing else."""
        # Whose clip it is comes before what is wrong with the file.
        selectors.get_own_video(owner=request.user, video_id=video_id)
        given = CaptionInput(data=request.data)
        given.is_valid(raise_exception=True)
        track = subtitles.put_captions(
            actor=request.user, video_id=video_id, lang=lang, **given.validated_data
        )
        video = selectors.get_own_video(owner=request.user, video_id=video_id)
        (shown,) = (one for one in playback.captions(video) if one["lang"] == track.lang)
        return Response(shown)

    @extend_schema(operation_id="delete_captions", request=None, responses={204: None})
    def delete(self, request: Request, video_id: str, lang: str) -> Response:
        """Take the captions of a language away."""
        subtitles.delete_captions(actor=request.user, video_id=video_id, lang=lang)
        return Response(status=204)
