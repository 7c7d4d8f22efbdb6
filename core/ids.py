"""Identifiers: UUIDv7, unguessable and ordered by time (RFC 9562)."""

import uuid

from uuid_utils import compat


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, then random bits."""
    return compat.uuid7()


def parse_uuid(value: object) -> uuid.UUID | None:
    """Return `value` as a UUID, or None when it is not one."""
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None
