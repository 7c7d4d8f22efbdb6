"""What people told the feed; delivered after commit."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class WishesChanged:
    """`user` said what they do or do not want to be shown."""

    user_id: UUID
