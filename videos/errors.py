"""Errors that only the upload protocol has (tus 1.0.0)."""

from core.errors import DomainError


class PreconditionFailed(DomainError):
    """The client speaks another version of the protocol."""

    status = 412


class LengthRequired(DomainError):
    """A body must say how long it is, so that nothing is read in vain."""

    status = 411


class ChecksumMismatch(DomainError):
    """The bytes are not those that the client hashed; nothing was kept."""

    status = 460
