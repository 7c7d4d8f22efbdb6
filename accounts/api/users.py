"""`users/me`, and the owner's half of `users/{handle}`."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.api.auth import read
from accounts.api.own import present_own
from accounts.api.parsers import PictureParser
from accounts.api.schemas import OwnUserSchema, ProfileInput
from accounts.policies import require_user
from core.errors import NotFound
from core.http.parsers import JsonParser


class Me(APIView):
    """The caller's own profile."""

    open_to_unverified = True
    parser_classes = [JsonParser, PictureParser]

    @extend_schema(operation_id="me", responses={200: OwnUserSchema})
    def get(self, request: Request) -> Response:
        """Return the caller's profile with its private fields."""
        return Response(present_own(require_user(request.user)))

    @extend_schema(operation_id="me_update", request=ProfileInput, responses={200: OwnUserSchema})
    def patch(self, request: Request) -> Response:
        """Change parts of the profile; a picture comes as `avatar` in a multipart body."""
        return change_own(request)


class OwnedByHandle(APIView):
    """`PUT` and `PATCH users/{handle}`; `social.graph` adds who may look.

    Somebody else's handle is answered like nobody's.
    """

    open_to_unverified = True
    parser_classes = [JsonParser, PictureParser]

    @extend_schema(
        operation_id="user_replace", request=ProfileInput, responses={200: OwnUserSchema}
    )
    def put(self, request: Request, handle: str) -> Response:
        """Change the caller's own profile; what is missing stays as it is."""
        return self.patch(request, handle)

    @extend_schema(operation_id="user_update", request=ProfileInput, responses={200: OwnUserSchema})
    def patch(self, request: Request, handle: str) -> Response:
        """Change parts of the caller's own profile."""
        if not selectors.is_own_handle(require_user(request.user), handle):
            raise NotFound
        return change_own(request)


def change_own(request: Request) -> Response:
    """Apply the body to the caller's profile and answer the result."""
    user = require_user(request.user)
    services.update_profile(actor=user, **read(ProfileInput, request))
    return Response(present_own(user))
