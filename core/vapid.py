"""VAPID keys (RFC 8292): one pair on P-256 by which push services know this instance."""

import base64
import hashlib
import re

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PRIVATE = re.compile(r"[\w-]{43}=?", re.ASCII)


def new_private_key() -> str:
    """Return a new private key: 32 bytes in URL-safe base64."""
    return _text(ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value)


def private_key_of(secret: str) -> str:
    """Return the private key that follows from a secret, always the same."""
    digest = hashlib.sha512(b"vapid:" + secret.encode()).digest()
    return _text(int.from_bytes(digest, "big") % (P256_ORDER - 1) + 1)


def public_key_of(private: str) -> str:
    """Return the public key of a private one; raises ValueError for what is no key."""
    if not PRIVATE.fullmatch(private):
        message = "not 32 bytes in URL-safe base64"
        raise ValueError(message)
    number = int.from_bytes(base64.urlsafe_b64decode(private.rstrip("=") + "="), "big")
    key = ec.derive_private_key(number, ec.SECP256R1()).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def _text(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")
