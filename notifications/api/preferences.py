"""`notification-preferences`: what the caller wants to be told of while away."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.auth import read
from notifications import services
from notifications.api import schemas
from social.graph.policies import require_active


class Preferences(APIView):
    """The caller's wishes."""

    @extend_schema(operation_id="notification_preferences", responses=schemas.PreferencesBody)
    def get(self, request: Request) -> Response:
        """Return them; quiet hours are in the caller's time zone."""
        row = services.preferences_of(require_active(request.user))
        return Response(schemas.PreferencesBody(row).data)

    @extend_schema(
        operation_id="notification_preferences_update",
        request=schemas.PreferencesBody,
        responses=schemas.PreferencesBody,
    )
    def patch(self, request: Request) -> Response:
        """Change some of them, from the next push on."""
        services.update_preferences(actor=request.user, **read(schemas.PreferencesBody, request))
        return self.get(request)
