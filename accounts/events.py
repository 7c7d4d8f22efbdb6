"""What happens to accounts, for the apps above."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class UserSignedUp:
    """An account was made."""

    user_id: UUID


@dataclass(frozen=True)
class SessionRevoked:
    """A device was signed out: whatever it holds open must close."""

    session_id: UUID
    user_id: UUID
    reason: str


@dataclass(frozen=True)
class UserSuspended:
    """Moderators shut an account (`suspended`) or opened it again."""

    user_id: UUID
    suspended: bool
    at: datetime


@dataclass(frozen=True)
class AccountPrivacyChanged:
    """An account became private or public."""

    user_id: UUID
    is_private: bool


@dataclass(frozen=True)
class AccountDeactivated:
    """Its owner left for a while (`away`) or has returned."""

    user_id: UUID
    away: bool


@dataclass(frozen=True)
class AgeCorrected:
    """A birth date that had been told was replaced; `is_adult` by the new one."""

    user_id: UUID
    is_adult: bool


@dataclass(frozen=True)
class MediaUrlsEnded:
    """Every URL of a person's videos that was handed out before is dead."""

    user_id: UUID


@dataclass(frozen=True)
class ProfileChanged:
    """Name, picture or another shown field changed: drawn cards are stale."""

    user_id: UUID
