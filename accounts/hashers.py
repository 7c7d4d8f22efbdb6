"""Password hashing: Argon2id at OWASP's interactive parameters, few at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher, BCryptPasswordHasher

from core.errors import Unavailable

AT_ONCE = 4
WAIT_SECONDS = 5.0
_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise Unavailable(message="Too many people are signing in. Try again in a moment.")
    try:
        yield
    finally:
        _places.release()


class Argon2idHasher(Argon2PasswordHasher):
    """m = 19456 KiB, t = 2, p = 1: about 30 ms, and no memory attack on a small host.

    OWASP Password Storage Cheat Sheet; Django's default costs 100 MB a hash. At most four hashes
    run at once in a process, the rest wait their turn.
    """

    time_cost = 2
    memory_cost = 19456
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Return the encoded hash; raises Unavailable after five seconds in the queue."""
        with _place():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether `password` fits; raises Unavailable after five seconds in the queue."""
        with _place():
            return super().verify(password, encoded)


class ImportedBCryptHasher(BCryptPasswordHasher):
    """bcrypt as other frameworks used it: the first 72 bytes count, the library refuses more."""

    def encode(self, password: str, salt: bytes) -> str:  # type: ignore[override]
        """Return the encoded hash."""
        library = self._load_library()  # type: ignore[attr-defined]
        digest = library.hashpw(password.encode()[:72], salt)
        return f"{self.algorithm}${digest.decode('ascii')}"
