"""The one family of errors that services raise and every door maps once."""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """Something the caller asked for cannot be done.

    `code` is stable and documented; `message` is a sentence for people; `errors` maps field
    names to messages where the input was at fault.
    """

    status = 400

    def __init__(
        self,
        code: str,
        message: str,
        *,
        errors: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.errors = {field: list(messages) for field, messages in (errors or {}).items()}


class Invalid(DomainError):
    """The input is malformed or breaks a rule of its field."""

    @classmethod
    def field(cls, name: str, message: str, *, code: str = "invalid") -> "Invalid":
        """Return the error of one field."""
        return cls(code, message, errors={name: [message]})


class Unauthenticated(DomainError):
    """Nobody is signed in, or the credentials are no longer good."""

    status = 401

    def __init__(self, code: str = "unauthenticated", message: str = "Sign in first.") -> None:
        super().__init__(code, message)


class Forbidden(DomainError):
    """The actor may see the thing but not do this to it."""

    status = 403


class NotFound(DomainError):
    """The thing does not exist or the viewer may not see it: the same answer for both."""

    status = 404

    def __init__(self, code: str = "not_found", message: str = "Not found.") -> None:
        super().__init__(code, message)


class Conflict(DomainError):
    """The request does not fit the present state."""

    status = 409


class TooLarge(DomainError):
    """More bytes than allowed."""

    status = 413


class UnsupportedMedia(DomainError):
    """A file or body of a type that is not accepted."""

    status = 415


class RateLimited(DomainError):
    """A budget is spent; `retry_after` is in seconds."""

    status = 429

    def __init__(
        self,
        retry_after: int,
        message: str = "Too many requests. Try again later.",
        *,
        code: str = "rate_limited",
    ) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Something the service stands on is away for the moment; `retry_after` is in seconds."""

    status = 503

    def __init__(self, retry_after: int = 5, message: str = "Temporarily unavailable.") -> None:
        super().__init__("unavailable", message)
        self.retry_after = retry_after
