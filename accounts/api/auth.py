"""`auth/*`: signing up, in and out, devices, password and address.

None of these takes `Idempotency-Key`: a kept answer would hold live tokens, and the kept
fingerprint of a body would be a fast hash of a password. A repeated sign-up is answered 409.
"""

from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth import logout
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors, services
from accounts.api import schemas
from accounts.api.own import present_own
from accounts.devices import device_of
from accounts.policies import is_verification_mandatory, require_user
from accounts.principals import Principal
from core.errors import Conflict

Input = TypeVar("Input", bound="serializers.Serializer[Any]")


def read(schema: type[Input], request: Request) -> dict[str, Any]:
    """Return the valid fields of the body; raises ValidationError."""
    body = schema(data=request.data)
    body.is_valid(raise_exception=True)
    values: dict[str, Any] = body.validated_data
    return values


def session_of(request: Request) -> UUID | None:
    """Return the device session that the request speaks for."""
    return request.auth.session_id if isinstance(request.auth, Principal) else None


def tokens_of(signed_in: services.SignedIn) -> dict[str, Any]:
    """Return the answer to a sign-in."""
    tokens = signed_in.tokens
    user = present_own(signed_in.user)
    return {"access": tokens.access, "refresh": tokens.refresh, "user": user}


class Entrance(APIView):
    """A route for those who are not in: what they hold already does not matter."""

    authentication_classes = []
    permission_classes = [AllowAny]
    takes_idempotency_key = False


class OwnAccount(APIView):
    """A route of one's own account, open before the address is confirmed."""

    open_to_unverified = True
    takes_idempotency_key = False


class SignUp(Entrance):
    """Accounts."""

    @extend_schema(
        operation_id="auth_signup",
        request=schemas.SignUpInput,
        responses={201: schemas.SignedInSchema, 202: schemas.VerificationSentSchema},
    )
    def post(self, request: Request) -> Response:
        """Make an account and sign in.

        Where addresses must be confirmed the answer is 202 for every address, known or not: a
        mail says how to go on.
        """
        fields = read(schemas.SignUpInput, request)
        device = device_of(request._request)
        try:
            user = services.sign_up(**fields, device=device)
        except Conflict as error:
            if error.code != "email_taken" or not is_verification_mandatory():
                raise
            services.tell_address_taken(email=fields["email"])
            return Response({"status": "verification_sent"}, status=202)
        services.send_email_code(actor=user)
        if is_verification_mandatory():
            return Response({"status": "verification_sent"}, status=202)
        return Response(tokens_of(services.admit(user=user, device=device)), status=201)


class SignIn(Entrance):
    """Credentials for tokens."""

    @extend_schema(
        operation_id="auth_signin",
        request=schemas.SignInInput,
        responses={200: schemas.SignedInSchema},
    )
    def post(self, request: Request) -> Response:
        """Sign in; 401 `credentials_invalid` whether the account exists or not.

        A deactivated account answers 403 `account_deactivated` until `reactivate` is sent along.
        """
        fields = read(schemas.SignInInput, request)
        signed_in = services.sign_in(
            login=fields["login"],
            password=fields["password"],
            device=device_of(request._request),
            reactivate=fields["reactivate"],
        )
        return Response(tokens_of(signed_in))


class Refresh(Entrance):
    """A refresh token for the next pair."""

    @extend_schema(
        operation_id="auth_refresh",
        request=schemas.RefreshInput,
        responses={200: schemas.TokensSchema},
    )
    def post(self, request: Request) -> Response:
        """Rotate; a token replayed after ten seconds or after its successor ends the session."""
        token = read(schemas.RefreshInput, request)["refresh"]
        pair = services.refresh(token=token, device=device_of(request._request))
        return Response({"access": pair.access, "refresh": pair.refresh})


class SignOut(OwnAccount):
    """The caller's own session."""

    open_to_suspended = True

    @extend_schema(operation_id="auth_signout", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """End this device's session: its tokens, or its cookie."""
        session_id = session_of(request)
        if session_id is not None:
            services.sign_out(session_id=session_id)
        if request._request.session.get("_auth_user_id") == str(request.user.pk):
            logout(request._request)
        return Response(status=204)


class Sessions(OwnAccount):
    """The caller's devices."""

    @extend_schema(operation_id="auth_sessions", responses={200: schemas.SessionListSchema})
    def get(self, request: Request) -> Response:
        """Return the devices on which the caller is signed in, the latest seen first."""
        current = session_of(request)
        devices = list(selectors.live_sessions(require_user(request.user).pk)[:100])
        for device in devices:
            device.is_current = device.pk == current  # type: ignore[attr-defined]
        results = schemas.SessionSchema(devices, many=True).data
        return Response({"results": results, "next": None, "previous": None})


class SessionDetail(OwnAccount):
    """One device."""

    @extend_schema(operation_id="auth_session_revoke", responses={204: None})
    def delete(self, request: Request, session_id: str) -> Response:
        """Sign a device out."""
        services.revoke_session(actor=require_user(request.user), session_id=session_id)
        return Response(status=204)


class PasswordChange(OwnAccount):
    """The caller's password."""

    @extend_schema(
        operation_id="auth_password_change",
        request=schemas.PasswordChangeInput,
        responses={200: schemas.PasswordChangedSchema},
    )
    def post(self, request: Request) -> Response:
        """Change it; every other device is signed out, this one stays."""
        fields = read(schemas.PasswordChangeInput, request)
        ended = services.change_password(
            actor=require_user(request.user),
            current=fields["current_password"],
            new=fields["new_password"],
            keep_session=session_of(request),
            device=device_of(request._request),
        )
        return Response({"ended_sessions": ended})


class PasswordReset(Entrance):
    """A forgotten password."""

    @extend_schema(
        operation_id="auth_password_reset",
        request=schemas.PasswordResetInput,
        responses={202: schemas.VerificationSentSchema},
    )
    def post(self, request: Request) -> Response:
        """Mail a link and a key; the same answer for an address without an account."""
        email = read(schemas.PasswordResetInput, request)["email"]
        services.request_password_reset(email=email, device=device_of(request._request))
        return Response({"status": "reset_sent"}, status=202)


class PasswordResetConfirm(Entrance):
    """A new password by the key of the mail."""

    @extend_schema(
        operation_id="auth_password_reset_confirm",
        request=schemas.PasswordResetConfirmInput,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        """Set it; every device is signed out."""
        fields = read(schemas.PasswordResetConfirmInput, request)
        services.reset_password(key=fields["key"], password=fields["password"])
        return Response(status=204)


class EmailVerify(OwnAccount):
    """The caller's address."""

    @extend_schema(
        operation_id="auth_email_verify",
        request=schemas.EmailVerifyInput,
        responses={200: schemas.OwnUserSchema, 202: schemas.VerificationSentSchema},
    )
    def post(self, request: Request) -> Response:
        """Confirm it by the code of the mail; without a code, send one."""
        code = read(schemas.EmailVerifyInput, request).get("code")
        if not code:
            services.send_email_code(actor=require_user(request.user))
            return Response({"status": "verification_sent"}, status=202)
        services.verify_email(actor=require_user(request.user), code=code)
        return Response(present_own(require_user(request.user)))
