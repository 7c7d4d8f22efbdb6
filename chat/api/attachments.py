"""`attachments`: a file on its way into a message."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.api.schemas import AttachmentSchema
from chat.presentation import attachment_json
from core.errors import Invalid
from core.http.parsers import SmallMultipart


class FileParser(SmallMultipart):
    """One file of a message."""

    max_file_bytes = max(services.ATTACHMENT_MAX_BYTES.values())


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
