"""`uploads/direct` and `uploads/{id}/complete`: files that go straight to the object store."""

from dataclasses import asdict

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.idempotency import read_key
from videos import services
from videos.api.uploads import present
from videos.serializers import CompleteInput, DirectInput, DirectOutput, UploadOutput


class DirectUploads(APIView):
    """Beginning."""

    @extend_schema(
        operation_id="begin_direct_upload", request=DirectInput, responses={201: DirectOutput}
    )
    def post(self, request: Request) -> Response:
        """Reserve room for a file and sign an address for each of its parts.

        With the same `Idempotency-Key` the same upload, freshly signed, with what has arrived.
        409 `direct_off` where this server has no object store for it: use `POST uploads` then.
        """
        given = DirectInput(data=request.data)
        given.is_valid(raise_exception=True)
        upload, places = services.begin_direct(
            actor=request.user,
            length=given.validated_data["length"],
            file_name=given.validated_data.get("filename", ""),
            idempotency_key=read_key(request) or None,
        )
        body = {**present(upload), "parts": [asdict(place) for place in places]}
        return Response(body, status=201, headers={"Cache-Control": "no-store"})


class CompleteUpload(APIView):
    """End."""

    @extend_schema(
        operation_id="complete_direct_upload", request=CompleteInput, responses=UploadOutput
    )
    def post(self, request: Request, upload_id: str) -> Response:
        """Put the parts together; safe to repeat. Then `POST videos` with the upload's id."""
        given = CompleteInput(data=request.data)
        given.is_valid(raise_exception=True)
        etags = {part["number"]: part["etag"] for part in given.validated_data["parts"]}
        upload = services.complete_direct(actor=request.user, upload_id=upload_id, etags=etags)
        return Response(present(upload), headers={"Cache-Control": "no-store"})
