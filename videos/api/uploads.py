"""`uploads`: resumable uploads by the tus 1.0.0 protocol, for any tus client."""

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core import limits
from core.errors import Invalid
from core.idempotency import read_key
from videos import services
from videos.api import tus
from videos.models import Upload
from videos.serializers import UploadOutput
from videos.services import uploads


def _header(name: str, description: str, *, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(
        name, OpenApiTypes.STR, OpenApiParameter.HEADER, required=required, description=description
    )


RESUMABLE = _header("Tus-Resumable", "1.0.0", required=True)
CHECKSUM = _header("Upload-Checksum", "`sha1` or `sha256`, a blank, the base64 digest of the body.")
BYTES = {tus.BODY_TYPE: OpenApiTypes.BINARY}


class TusView(APIView):
    """What every route of the protocol shares: version check, headers, its own budget."""

    # A fast client sends many pieces; they are counted apart from other calls.
    throttle_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Authenticate, then check the protocol's version, then the budget of pieces."""
        super().initial(request, *args, **kwargs)
        if request.method == "OPTIONS":
            return
        tus.check_version(request)
        limits.consume(budget="upload_piece", subject=str(request.user.pk))

    def get_permissions(self) -> list[BasePermission]:
        """Let anybody ask what the server can do."""
        return [AllowAny()] if self.request.method == "OPTIONS" else [IsAuthenticated()]

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        """Add the protocol's headers, to errors too."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        described: HttpResponseBase = answer
        tus.describe(described)
        return answer

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]
        """Say what the server can do."""
        return Response(status=204, headers=tus.capabilities())


class Uploads(TusView):
    """Creation."""

    @extend_schema(
        operation_id="create_upload",
        parameters=[
            RESUMABLE,
            _header("Upload-Length", "Bytes of the whole file.", required=True),
            _header("Upload-Metadata", "`filename <base64>`, pairs parted by commas."),
            CHECKSUM,
        ],
        request=BYTES,
        responses={201: OpenApiResponse(UploadOutput, description="`Location` names the upload.")},
    )
    def post(self, request: Request) -> Response:
        """Create an upload (tus 1.0.0 creation); a body is taken as its first bytes."""
        if "Upload-Defer-Length" in request.headers:
            raise Invalid("defer_length", "Deferring the length is not supported; say it now.")
        upload = services.create_upload(
            actor=request.user,
            length=tus.number(request, "Upload-Length"),
            file_name=tus.metadata(request).get("filename", ""),
            idempotency_key=read_key(request) or None,
        )
        if tus.has_body(request) and upload.offset == 0:
            upload = services.append(
                actor=request.user,
                upload_id=upload.pk,
                offset=0,
                stream=request._request,
                size=tus.body_size(request),
                checksum=tus.checksum(request),
            )
        location = reverse("api:upload", kwargs={"upload_id": upload.pk})
        headers = {"Location": location, **tus.state(upload)}
        return Response(present(upload), status=201, headers=headers)


class UploadDetail(TusView):
    """Offset, pieces, termination."""

    def head(self, request: Request, upload_id: str) -> Response:
        """Say how far the upload is."""
        upload = uploads.open_upload(actor=request.user, upload_id=upload_id)
        return Response(status=200, headers=tus.state(upload))

    @extend_schema(
        operation_id="append_upload",
        parameters=[
            RESUMABLE,
            _header("Upload-Offset", "Where these bytes begin; `HEAD` tells.", required=True),
            CHECKSUM,
        ],
        request=BYTES,
        responses={204: OpenApiResponse(description="Stored; `Upload-Offset` says up to where.")},
    )
    def patch(self, request: Request, upload_id: str) -> Response:
        """Add bytes at the offset; whatever arrives before a lost connection is kept."""
        uploads.open_upload(actor=request.user, upload_id=upload_id)
        tus.require_body(request)
        upload = services.append(
            actor=request.user,
            upload_id=upload_id,
            offset=tus.number(request, "Upload-Offset"),
            stream=request._request,
            size=tus.body_size(request),
            checksum=tus.checksum(request),
        )
        return Response(status=204, headers=tus.state(upload))

    @extend_schema(
        operation_id="abort_upload",
        parameters=[RESUMABLE],
        request=None,
        responses={204: OpenApiResponse(description="Gone, with its bytes.")},
    )
    def delete(self, request: Request, upload_id: str) -> Response:
        """End an upload and free its room."""
        services.abort_upload(actor=request.user, upload_id=upload_id)
        return Response(status=204)


def present(upload: Upload) -> dict[str, Any]:
    """Return an upload as its owner reads it."""
    return {
        "id": upload.pk,
        "state": upload.state,
        "length": upload.length,
        "offset": upload.offset,
        "expires_at": upload.expires_at,
    }
