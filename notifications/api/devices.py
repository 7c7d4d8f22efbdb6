"""`push-devices`: where the caller may be told while away."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.auth import read, session_of
from notifications import selectors, services
from notifications.api import schemas
from notifications.models import PushDevice
from notifications.presentation import device_json
from social.graph.policies import require_active


class PushDevices(APIView):
    """The caller's devices."""

    takes_idempotency_key = False

    @extend_schema(operation_id="push_devices", responses=schemas.DEVICES)
    def get(self, request: Request) -> Response:
        """Return them, and the public key that browsers subscribe with (null: not served)."""
        user = require_active(request.user)
        current = session_of(request)
        shown = [_json(one, current) for one in selectors.own_devices(user)[: services.MAX_DEVICES]]
        push = settings.PUSH
        return Response(
            {"results": shown, "public_key": push.public_key or None, "expo": push.expo}
        )

    @extend_schema(
        operation_id="push_device_register",
        request=schemas.DeviceInput,
        responses={200: schemas.DeviceSchema, 201: schemas.DeviceSchema},
    )
    def post(self, request: Request) -> Response:
        """Register this device; again is the same device, and moves it to the caller."""
        fields = read(schemas.DeviceInput, request)
        web = fields["transport"] == PushDevice.Transport.WEB
        device, created = services.register_device(
            actor=request.user,
            session_id=session_of(request),
            transport=fields["transport"],
            token=fields["endpoint"] if web else fields["token"],
            keys=services.Keys(**fields["keys"]) if web else None,
            language=get_language() or "",
        )
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(_json(device, session_of(request)), status=code)

    @extend_schema(
        operation_id="push_device_forget", request=schemas.TokenInput, responses={204: None}
    )
    def delete(self, request: Request) -> Response:
        """Forget the device of a token, as the device itself knows it."""
        services.remove_token(actor=request.user, token=read(schemas.TokenInput, request)["token"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class PushDeviceDetail(APIView):
    """One of the caller's devices."""

    @extend_schema(operation_id="push_device_remove", responses={204: None})
    def delete(self, request: Request, device_id: str) -> Response:
        """Forget it."""
        services.remove_device(actor=request.user, device_id=device_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _json(device: PushDevice, current: UUID | None) -> dict[str, Any]:
    return device_json(device, current=current)
