"""Access tokens: short-lived JWTs in simplejwt's form, signed by the first of our keys.

`JWT_SIGNING_KEYS` holds the signing key and, after it, keys that only verify: put a new key first
and drop the old one ten minutes later. `kid` picks the key and is a name, never a path.
"""

import functools
from hashlib import sha256
from typing import Any
from uuid import UUID

import jwt
from django.conf import settings
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import AccessToken as BaseAccessToken

from core.errors import Unauthenticated
from core.ids import parse_uuid

MAX_TOKEN_LENGTH = 4096


def key_id(key: str) -> str:
    """Return the public name of a key."""
    return sha256(b"kid:" + key.encode()).hexdigest()[:16]


class KeyRingBackend(TokenBackend):
    """Signs with the newest key and verifies with the one that `kid` names; one algorithm."""

    def __init__(self, keys: list[str], *, algorithm: str) -> None:
        super().__init__(
            algorithm,
            keys[0],
            audience=api_settings.AUDIENCE,
            issuer=api_settings.ISSUER,
            leeway=api_settings.LEEWAY,
        )
        self.kid = key_id(keys[0])
        self.keys = {key_id(key): self._prepare_key(key) for key in keys}

    def encode(self, payload: dict[str, Any]) -> str:
        """Return the signed token."""
        claims = payload | {"aud": self.audience, "iss": self.issuer}
        return jwt.encode(
            claims, self.prepared_signing_key, algorithm=self.algorithm, headers={"kid": self.kid}
        )

    def get_verifying_key(self, token: Any) -> Any:
        """Return the key that the token's header names; raises TokenBackendError for others."""
        try:
            kid = jwt.get_unverified_header(token).get("kid")
        except jwt.InvalidTokenError as error:
            raise TokenBackendError("Token is invalid") from error
        if kid not in self.keys:
            raise TokenBackendError("Token is invalid")
        return self.keys[kid]


@functools.cache
def _ring(keys: tuple[str, ...]) -> KeyRingBackend:
    return KeyRingBackend(list(keys), algorithm=api_settings.ALGORITHM)


class AccessToken(BaseAccessToken):
    """`iss aud sub sid jti typ iat exp`; `sid` is the device session."""

    def get_token_backend(self) -> TokenBackend:
        """Return our key ring."""
        return _ring(tuple(settings.JWT_SIGNING_KEYS))


def issue_access(*, user_id: UUID, session_id: UUID) -> str:
    """Return a new access token of a device session."""
    token = AccessToken()
    token["sub"] = str(user_id)
    token["sid"] = str(session_id)
    return str(token)


def read_access(raw: bytes) -> tuple[UUID, UUID]:
    """Return user id and session id of a good token; raises Unauthenticated for any other."""
    if len(raw) <= MAX_TOKEN_LENGTH:
        try:
            token = AccessToken(raw)  # type: ignore[arg-type]
        except (TokenError, ValueError):
            token = None
        if token is not None:
            user_id, session_id = parse_uuid(token.get("sub")), parse_uuid(token.get("sid"))
            if user_id and session_id:
                return user_id, session_id
    raise invalid_token()


def invalid_token() -> Unauthenticated:
    """Return the one answer to every token that is not good, whatever is wrong with it."""
    return Unauthenticated("token_invalid", "The access token is not valid.")
