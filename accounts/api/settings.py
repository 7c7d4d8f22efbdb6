"""`users/me/settings` and `users/me/deactivate`."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import ages, selectors, services
from accounts.api.auth import OwnAccount, read
from accounts.api.schemas import DeactivateInput, SettingsInput, SettingsSchema
from accounts.devices import device_of
from accounts.models import User
from accounts.policies import require_user


class Settings(OwnAccount):
    """Who sees, finds and answers the caller."""

    @extend_schema(operation_id="my_settings", responses=SettingsSchema)
    def get(self, request: Request) -> Response:
        """Return the caller's settings."""
        return Response(_present(selectors.get_user(require_user(request.user).pk)))

    @extend_schema(
        operation_id="my_settings_update", request=SettingsInput, responses=SettingsSchema
    )
    def patch(self, request: Request) -> Response:
        """Change some of them, at once; 400 `age_required` for `show_mature` below 18."""
        user = require_user(request.user)
        return Response(
            _present(services.update_settings(actor=user, **read(SettingsInput, request)))
        )


class Deactivate(OwnAccount):
    """Leaving for a while."""

    @extend_schema(operation_id="my_deactivation", request=DeactivateInput, responses={204: None})
    def post(self, request: Request) -> Response:
        """Hide everything of the caller's and sign out every device; signing in offers return."""
        fields = read(DeactivateInput, request)
        services.deactivate(
            actor=require_user(request.user),
            password=fields["password"],
            device=device_of(request._request),
        )
        return Response(status=204)


def _present(user: User) -> dict[str, Any]:
    shown: dict[str, Any] = {name: getattr(user, name) for name in services.SETTINGS}
    return shown | {"adult": ages.is_adult(user.birth_date, timezone.localdate())}
