"""`attachments`: a file on its way into a message."""

from collections.abc import Mapping
from typing import IO, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.api.schemas import AttachmentSchema
from chat.presentation import attachment_json
from core.errors import Invalid, TooLarge

MAX_BODY = 101 * 1024**2


class FileParser(MultiPartParser):
    """DRF's multipart parser for bodies of a known and bearable length."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return fields and files; raises TooLarge."""
        request = (parser_context or {})["request"]
        length = str(request.META.get("CONTENT_LENGTH") or "")
        if not length.isdigit() or int(length) > MAX_BODY:
            raise TooLarge("body_too_large", "Send at most 100 MB, with Content-Length.")
        return super().parse(stream, media_type, parser_context)


class FileInput(serializers.Serializer[Any]):
    """A file."""

    file = serializers.FileField()


class Attachments(APIView):
    """Files that the caller is about to send."""

    parser_classes = [FileParser]
    takes_idempotency_key = False

    @extend_schema(
        operation_id="attachment_add",
        request={"multipart/form-data": FileInput},
        responses={201: AttachmentSchema},
    )
    def post(self, request: Request) -> Response:
        """Store it; name its id in `attachments` of a message within two days."""
        given = request.FILES.get("file")
        if given is None:
            raise Invalid.field("file", "Choose a file.")
        attachment = services.add_attachment(
            actor=request.user, source=given.file, name=given.name or ""
        )
        return Response(attachment_json(attachment), status=status.HTTP_201_CREATED)
