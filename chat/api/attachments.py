"""`attachments`: a file on its way into a message."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import services
from chat.api.schemas import HUGE, AttachmentSchema
from chat.presentation import attachment_json
from core.errors import Invalid
from core.http.parsers import SmallMultipart


class FileParser(SmallMultipart):
    """One file of a message."""

    max_file_bytes = max(services.ATTACHMENT_MAX_BYTES.values())


class FileInput(serializers.Serializer[Any]):
    """A file; of a sound that was recorded in place also how long it is and how loud, as recorded.

    A recorder streams: its file says neither.
    """

    file = serializers.FileField()
    duration_ms = serializers.IntegerField(required=False, min_value=1, max_value=HUGE)
    wave = serializers.RegexField(
        r"^\d{1,3}(,\d{1,3}){0,199}$",
        required=False,
        allow_blank=True,
        help_text="Up to 64 numbers from 0 to 31, with commas between them.",
    )


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
            actor=request.user,
            source=given.file,
            name=given.name or "",
            recording=_recording(request),
        )
        return Response(attachment_json(attachment), status=status.HTTP_201_CREATED)


def _recording(request: Request) -> services.Recording | None:
    """Return what the request says of a recording, None when it says nothing."""
    form = FileInput(data=request.data, partial=True)
    form.is_valid(raise_exception=True)
    if "duration_ms" not in form.validated_data:
        return None
    wave = [int(one) for one in form.validated_data.get("wave", "").split(",") if one]
    return services.Recording(form.validated_data["duration_ms"], tuple(wave))
