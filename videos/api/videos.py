"""Processing for the owner (`status`, `retry`, `cover`, `pin`); `download` for whom they let."""

from dataclasses import asdict

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency import idempotent
from videos import downloads, live, selectors, services
from videos.serializers import CoverInput, CoverOutput, PinOutput, StatusOutput


class VideoStatus(APIView):
    """How far a video is."""

    @extend_schema(operation_id="video_status", responses=StatusOutput)
    def get(self, request: Request, video_id: str) -> Response:
        """Return the state of the owner's video; ask again every second or two.

        The owner's sockets hear the same as it happens, as `video.status` with the video's `id`.
        """
        return _answer(request, video_id)


class VideoRetry(APIView):
    """A second chance."""

    @extend_schema(operation_id="retry_video", request=None, responses={202: StatusOutput})
    @idempotent
    def post(self, request: Request, video_id: str) -> Response:
        """Process a failed video again."""
        services.retry_video(actor=request.user, video_id=video_id)
        return _answer(request, video_id, status=202)


class VideoCover(APIView):
    """Another cover of one's own clip."""

    @extend_schema(operation_id="video_cover", responses=CoverOutput)
    def get(self, request: Request, video_id: str) -> Response:
        """Return how far the cover is that was asked for last; 404 before the first."""
        return self._answer(request, video_id)

    @extend_schema(operation_id="change_cover", request=CoverInput, responses={202: CoverOutput})
    @idempotent
    def put(self, request: Request, video_id: str) -> Response:
        """Have it made anew, of the frame `at_ms` or of the picture `upload_id`."""
        given = CoverInput(data=request.data)
        given.is_valid(raise_exception=True)
        services.change_cover(actor=request.user, video_id=video_id, **given.validated_data)
        return self._answer(request, video_id, status=202)

    def _answer(self, request: Request, video_id: str, status: int = 200) -> Response:
        job = selectors.cover_job(owner=request.user, video_id=video_id)
        body = {"state": job.state} | job.findings
        return Response(body, status=status, headers={"Cache-Control": "private, no-store"})


class VideoPin(APIView):
    """One of the three that lead their author's profile."""

    @extend_schema(operation_id="pin_video", request=None, responses=PinOutput)
    def post(self, request: Request, video_id: str) -> Response:
        """Pin one's own video; 409 `too_many_pins` when three are pinned already."""
        video = services.pin_video(actor=request.user, video_id=video_id)
        return Response({"pinned": video.pinned_at is not None})

    @extend_schema(operation_id="put_pin_video", request=None, responses=PinOutput)
    def put(self, request: Request, video_id: str) -> Response:
        """Pin one's own video, as POST."""
        return self.post(request, video_id)

    @extend_schema(operation_id="unpin_video", request=None, responses=PinOutput)
    def delete(self, request: Request, video_id: str) -> Response:
        """Give it its place by date again."""
        services.unpin_video(actor=request.user, video_id=video_id)
        return Response({"pinned": False})


class VideoDownload(APIView):
    """The file itself."""

    @extend_schema(
        operation_id="download_video", responses={(200, "video/mp4"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, video_id: str) -> HttpResponseBase:
        """Return the largest rendition as an attachment; 403 `download_off` where it is not let.

        Others may take only what everybody may see on a public account, if its author lets them.
        """
        video, rendition = selectors.get_download(viewer=request.user, video_id=video_id)
        return downloads.serve(request._request, video=video, rendition=rendition)


def _answer(request: Request, video_id: str, status: int = 200) -> Response:
    found = selectors.processing_status(viewer=request.user, video_id=video_id)
    return Response(
        live.status_json(**asdict(found)),
        status=status,
        headers={"Cache-Control": "private, no-store"},
    )
